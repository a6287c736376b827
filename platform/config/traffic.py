"""How migrations wait for locks while people work.

An ALTER that waits for a table holds up everybody who comes behind it, so it waits shortly. An index that is built
CONCURRENTLY holds up nobody and waits as long as it takes; what an earlier try has left of it is dropped first.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

LOCK_SECONDS = 1.5  # nobody is held up for 2 s, what the statement itself takes included
CONCURRENT = re.compile(r"^\s*(CREATE|DROP)\s+(UNIQUE\s+)?INDEX\s+CONCURRENTLY\s", re.IGNORECASE)
BUILT = re.compile(
    r'^\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?"?(?P<name>\w+)"?', re.IGNORECASE
)
HALF_BUILT = "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid"


def shortly(database: BaseDatabaseWrapper) -> None:
    """From here on this session waits for no lock longer than LOCK_SECONDS."""
    with database.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{int(LOCK_SECONDS * 1000)}ms'")


@contextmanager
def patiently(database: BaseDatabaseWrapper) -> Iterator[None]:
    """Inside, what is done CONCURRENTLY may wait, and begins anew where a try was broken off."""

    def run(execute: Callable[..., Any], sql: Any, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
        text = str(sql)
        if not CONCURRENT.match(text):
            return execute(sql, parameters, many, context)
        # Beside Django's wrappers: these statements are none of the migration's.
        with database.connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")
            if (found := BUILT.match(text)) and cursor.execute(HALF_BUILT, [found["name"]]).fetchone():
                cursor.execute(f'DROP INDEX CONCURRENTLY "{found["name"]}"')
        try:
            return execute(sql, parameters, many, context)
        finally:
            shortly(database)

    with database.execute_wrapper(run):
        yield
