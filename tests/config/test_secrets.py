"""With which secrets a process starts, and with which it does not."""

from pathlib import Path

import pytest

from config.env import Env
from config.secrets import Refused, fault_of, fault_of_file, faults, refuse_bad

GOOD = "d1f0c9e2b8a74635d1f0c9e2b8a74635"


@pytest.mark.parametrize(
    ("secret", "fault"),
    [
        (GOOD, ""),
        ("correct horse battery staple", ""),
        ("", "is empty"),
        ("changeme", "is one that everybody tries first"),
        ("Hearth-Password-123!", "is one that everybody tries first"),
        ("postgres:postgres:postgres", "is one that everybody tries first"),
        ("x7Kp-2q", "has 7 characters; 16 are the least"),
        ("abababababababababab", "repeats itself"),
    ],
)
def test_what_is_wrong_with_a_secret(secret: str, fault: str) -> None:
    assert fault_of(secret) == fault


def test_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    assert fault_of_file(file) == "is missing"
    assert fault_of_file(tmp_path) == "cannot be read"
    file.write_text(f"{GOOD}\n")
    for mode, fault in ((0o440, ""), (0o600, ""), (0o444, "is open to everybody"), (0o642, "is open to everybody")):
        file.chmod(mode)
        assert fault_of_file(file).startswith(fault), oct(mode)
        assert bool(fault_of_file(file)) == bool(fault), oct(mode)
    file.chmod(0o600)
    file.write_bytes(b"\xff\xfe")
    assert fault_of_file(file) == "cannot be read"


def env(**values: object) -> Env:
    return Env.model_validate(values)


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("postgresql://hearth_app:hearth@database/hearth", "HEARTH_DATABASE_URL: the password is one that everybody"),
        ("postgresql://hearth_app@database/hearth", "HEARTH_DATABASE_URL: the password is missing, and the server"),
        ("postgresql://hearth_app:short7@127.0.0.1/hearth", "HEARTH_DATABASE_URL: the password has 6 characters"),
        (f"postgresql://hearth_app:{GOOD}@database/hearth", ""),
        ("postgresql://hearth_app@127.0.0.1/hearth", ""),
        ("postgresql://hearth_app@/hearth?host=/run/postgresql", ""),
        ("", ""),
    ],
)
def test_passwords_in_addresses_count_where_people_are_served(address: str, fault: str) -> None:
    found = faults(env(role="web", database_url=address))
    assert [one.startswith(fault) for one in found] == ([True] if fault else [])
    assert faults(env(role="", database_url=address)) == []


def test_a_redis_elsewhere_needs_a_password() -> None:
    assert faults(env(role="beat", redis_url="unix:///run/valkey.sock?db=0")) == []
    assert faults(env(role="beat", redis_url="redis://127.0.0.1:6379/0")) == []
    [fault] = faults(env(role="beat", redis_url="redis://redis:6379/0"))
    assert fault.startswith("HEARTH_REDIS_URL: the password is missing")


def test_who_serves_makes_no_signing_key_of_their_own(tmp_path: Path) -> None:
    missing = tmp_path / "secret_key"
    assert faults(env(role="", secret_key_file=missing)) == []
    [fault] = faults(env(role="web", secret_key_file=missing))
    assert fault == f"HEARTH_SECRET_KEY_FILE: the secret in {missing} is missing."


def test_the_key_of_the_audit_log_is_nothing_to_others(tmp_path: Path) -> None:
    key = tmp_path / "anchor_key"
    assert faults(env(role="housekeeping", anchor_key=key)) == []  # made when something is signed
    key.write_text("00" * 32)
    key.chmod(0o400)
    assert faults(env(role="web", anchor_key=key)) == []
    [fault] = faults(env(role="housekeeping", anchor_key=key))
    assert "repeats itself" in fault


def test_a_mail_servers_password_may_be_short_but_not_open(tmp_path: Path) -> None:
    file = tmp_path / "mail_password"
    file.write_text("abc")
    file.chmod(0o600)
    assert faults(env(role="web", mail_password_file=file)) == []
    file.chmod(0o644)
    [fault] = faults(env(role="web", mail_password_file=file))
    assert "open to everybody" in fault


def test_the_start_is_refused_with_all_that_is_wrong(tmp_path: Path) -> None:
    wrong = env(role="web", redis_password_file=tmp_path / "a", database_password_file=tmp_path / "b")
    with pytest.raises(Refused, match=r"^Hearth does not start\. .*/b is missing\. .*/a is missing\.$"):
        refuse_bad(wrong)
    refuse_bad(env(role="web"))
