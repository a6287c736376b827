"""How migrations wait for locks while people work.

An ALTER that waits for a table holds up everybody who comes behind it, so it waits shortly. An index that is built
CONCURRENTLY holds up nobody and waits as long as it takes; what an earlier try has left of it is dropped first.
"""

import re
import time
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

TIDY = """
SELECT gin_clean_pending_list(i.oid) FROM pg_index JOIN pg_class i ON i.oid = indexrelid
JOIN pg_am ON pg_am.oid = i.relam WHERE indrelid = to_regclass(%s) AND amname = 'gin' AND indisvalid
"""


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


def in_batches(
    database: BaseDatabaseWrapper, table: str, statement: str, *, seconds: float = 0.2, first: int = 100
) -> int:
    """Change many rows in many short transactions, for migrations with `atomic = False`. Return how many.

    The statement takes the most rows that it may change as its only parameter (`... LIMIT %s FOR UPDATE SKIP LOCKED`)
    and finds no row a second time. A batch holds its rows for about `seconds`: the next one is larger or smaller. What
    it leaves for indexes of words is put there at once: else somebody who writes would do it for all, for seconds.
    """
    size, changed = first, 0  # rows
    with database.cursor() as cursor:
        while True:
            began = time.monotonic()
            cursor.execute(statement, [size])
            took, found = max(time.monotonic() - began, 0.001), int(cursor.rowcount)
            cursor.execute(TIDY, [table])
            changed += found
            if found < size:
                return changed
            size = max(1, min(5000, int(size * min(2.0, seconds / took))))
