"""The database that stands: who is at work in it, and whether anybody would miss it."""

import time
from collections import Counter

from django.db import connection

from backup import snapshot

LOOK_SECONDS, PAUSE_SECONDS = 3.0, 0.25  # hosts come round every second, housekeeping every two
# Rows of other roles show less; a name they always show.
OTHERS = """
SELECT coalesce(nullif(application_name, ''), usename::text), count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL GROUP BY 1
"""


def at_work(seconds: float = LOOK_SECONDS) -> Counter[str]:
    """Return who else was connected within so many seconds, with how many connections at most."""
    seen: Counter[str] = Counter()
    until = time.monotonic() + seconds
    while True:
        with connection.cursor() as cursor:
            cursor.execute(OTHERS)
            seen |= Counter(dict(cursor.fetchall()))
        if seen or time.monotonic() > until:
            return seen
        time.sleep(PAUSE_SECONDS)


def counts() -> dict[str, int]:
    """Return what there is. Nothing: there are no tables."""
    return snapshot.counts()


def is_missed(counted: dict[str, int]) -> bool:
    """Whether there is more than a set-up that nobody has come into yet."""
    return any(counted.get(name) for name in ("people", "conversations", "files"))


def missing_rights() -> str:
    """Return why this role cannot restore, or nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(datdba, 'USAGE'), current_user FROM pg_database WHERE datname = current_database()"
        )
        owns, me = cursor.fetchone()
    if owns:
        return ""
    return (
        f"The role {me} does not own the database: set HEARTH_OWNER_DATABASE_URL to the address of the one that does."
    )
