"""What the environment says, read once, typed and loud: a wrong value stops the start with its name.

Every variable begins with HEARTH_ and is explained in `.env.example`; a test holds the two together.
"""

import secrets
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, IPvAnyNetwork, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]


class Env(BaseSettings):
    """The whole environment of one Hearth process."""

    model_config = SettingsConfigDict(env_prefix="HEARTH_", extra="ignore", env_ignore_empty=True)

    var: Path = ROOT / "var"
    database_url: str = ""
    database_password_file: Path | None = None
    owner_database_url: str = ""
    owner_database_password_file: Path | None = None
    redis_url: str = ""
    redis_password_file: Path | None = None
    secret_key_file: Path | None = None
    origins: Annotated[list[str], NoDecode] = Field(default_factory=lambda: ["http://localhost:8000"])
    proxies: Annotated[list[IPvAnyNetwork], NoDecode] = Field(default_factory=list)
    role: str = ""
    host: str = ""
    on_premises: Annotated[list[str], NoDecode] = Field(default_factory=list)
    outside: bool = False
    hub: bool = False
    debug: bool = False
    answers_at_once: int = Field(default=2, ge=0)
    answers_waiting: int = Field(default=10, ge=1)
    answer_seconds: float = Field(default=3600, ge=1)
    answer_lease_seconds: float = Field(default=8.0, ge=1, le=600)
    authority_seconds: float = Field(default=30.0, ge=1, le=60)
    anchor_key: Path | None = None
    anchors: Path | None = None
    files: Path | None = None
    models: Path | None = None
    tombstones: Path | None = None
    exports: Path | None = None
    imports: Path | None = None
    metrics_token_file: Path | None = None
    pulse_seconds: float = Field(default=45.0, ge=4, le=50)
    disk_free_gigabytes: float = Field(default=1.0, ge=0)
    anchor_syslog: str = ""
    anchor_https: str = ""
    audit_days: int = Field(default=400, ge=183)
    siem: str = ""
    alert_verbs: Annotated[list[str], NoDecode] = Field(default_factory=list)
    alert_to: Annotated[list[str], NoDecode] = Field(default_factory=list)
    mail_url: str = ""
    mail_password_file: Path | None = None
    mail_from: str = "hearth@localhost"

    @field_validator("origins", "proxies", "on_premises", "alert_verbs", "alert_to", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            [part.strip().rstrip("/") for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        )

    @field_validator("mail_url")
    @classmethod
    def _known_mail(cls, value: str) -> str:
        if value and not value.startswith(("smtp://", "smtp+tls://", "smtps://")):
            raise ValueError("It begins with smtp://, smtp+tls:// or smtps://.")
        return value

    @model_validator(mode="after")
    def _alerts_go_out(self) -> "Env":
        if self.alert_to and not self.mail_url:
            raise ValueError("HEARTH_ALERT_TO needs HEARTH_MAIL_URL: alerts go out by mail.")
        return self

    @property
    def secure(self) -> bool:
        """Whether people arrive over TLS: then cookies are Secure and carry the __Host- prefix."""
        return all(origin.startswith("https://") for origin in self.origins)

    @property
    def secret_key(self) -> str:
        """The signing key, made on first use and kept in a file that only its owner can read."""
        file = self.secret_key_file or self.var / "secret_key"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(64))
        return file.read_text().strip()


@lru_cache(maxsize=1)
def env() -> Env:
    """Return the environment, read on first use."""
    return Env()
