"""Which secrets an installation may start with: none that is missing, empty, short, usual, or open to everybody.

`make run` and `tools/compose/secrets.sh` make good ones; whoever brings their own is told in a sentence what is wrong.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from config.env import Env

SHORTEST = 16  # characters of a password
SHORTEST_KEY = 40  # of the keys that sign
FEWEST = 6  # different characters
USUAL = (
    *("changeme", "change-me", "change_me", "default", "example", "hearth", "insecure", "letmein"),
    *("password", "postgres", "qwerty", "redis", "secret", "valkey"),
)
NEAR = ("", "localhost", "127.0.0.1", "::1")


class Refused(SystemExit):
    """The start is refused; the message is a sentence for the operator."""


def fault_of(secret: str, *, shortest: int = SHORTEST) -> str:
    """Return what is wrong with a secret, or nothing. Where any length will do, somebody else has chosen it."""
    if not secret:
        return "is empty"
    if not shortest:
        return ""
    if is_usual(secret):
        return "is one that everybody tries first"
    if len(secret) < shortest:
        return f"has {len(secret)} characters; {shortest} are the least"
    return "repeats itself" if len(set(secret)) < FEWEST else ""


def is_usual(secret: str) -> bool:
    """Whether it is nothing but words that stand in examples, with digits and signs around them."""
    rest = secret.lower()
    for word in USUAL:
        rest = rest.replace(word, "")
    return len(rest) < len(secret) and not any(letter.isalpha() for letter in rest)


def fault_of_file(file: Path, *, shortest: int = SHORTEST) -> str:
    """Return what is wrong with the file of a secret, or nothing. It may be read by its owner and a group."""
    try:
        mode, secret = file.stat().st_mode, file.read_text().strip()
    except FileNotFoundError:
        return "is missing"
    except (OSError, UnicodeDecodeError):
        return "cannot be read"
    if mode & (stat.S_IROTH | stat.S_IWOTH):
        return "is open to everybody on the machine; chmod o-rwx closes it"
    return fault_of(secret, shortest=shortest)


def faults(env: Env) -> list[str]:
    """Return a sentence for each secret that this process is given and that nobody should start with."""
    return [*_of_files(env), *_of_addresses(env)]


def refuse_bad(env: Env) -> None:
    """Stop the start with a sentence for each bad secret."""
    if found := faults(env):
        raise Refused("Hearth does not start. " + " ".join(found))


def _of_files(env: Env) -> Iterator[str]:
    passwords = {
        "HEARTH_DATABASE_PASSWORD_FILE": env.database_password_file,
        "HEARTH_OWNER_DATABASE_PASSWORD_FILE": env.owner_database_password_file,
        "HEARTH_REDIS_PASSWORD_FILE": env.redis_password_file,
        "HEARTH_METRICS_TOKEN_FILE": env.metrics_token_file,
    }
    files = [(name, file, SHORTEST) for name, file in passwords.items() if file]
    files += [(name, key, SHORTEST_KEY) for name, key in _keys(env)]
    files += [("HEARTH_MAIL_PASSWORD_FILE", file, 0) for file in [env.mail_password_file] if file]
    for name, file, shortest in files:
        if fault := fault_of_file(file, shortest=shortest):
            yield f"{name}: the secret in {file} {fault}."


def _keys(env: Env) -> Iterator[tuple[str, Path]]:
    """Keys that this process uses, and does not make itself: who serves takes the one that all others have."""
    if (key := env.secret_key_file) and (env.role or key.exists()):
        yield "HEARTH_SECRET_KEY_FILE", key
    if (key := env.anchor_key) and env.role in ("", "housekeeping") and not _is_still_made(key):
        yield "HEARTH_ANCHOR_KEY", key


def _is_still_made(key: Path) -> bool:
    """Whether the key is made when something is signed for the first time."""
    return not key.exists() and (not key.parent.exists() or os.access(key.parent, os.W_OK))


def _of_addresses(env: Env) -> Iterator[str]:
    """Passwords that stand in addresses. Without a role nothing is served, and a socket of one's own needs none."""
    if not env.role:
        return
    for name, address, file in (
        ("HEARTH_DATABASE_URL", env.database_url, env.database_password_file),
        ("HEARTH_REDIS_URL", env.redis_url, env.redis_password_file),
    ):
        url = urlsplit(address)
        if address and not file and (fault := _fault_of_address(url)):
            yield f"{name}: the password {fault}."


def _fault_of_address(url: SplitResult) -> str:
    if url.password:
        return fault_of(unquote(url.password))
    host = parse_qs(url.query).get("host", [url.hostname or ""])[0]
    return "" if host in NEAR or host.startswith("/") else "is missing, and the server is another machine"
