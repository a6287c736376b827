"""`manage.py migrate`: Django's own, beside people who go on working.

A statement that waits for a lock makes everybody wait who comes behind it. So none waits longer than LOCK_SECONDS: the
migration is taken back and tried again a little later. Two who migrate at once take turns. A database that is newer
than this code, or a server that is too old, is refused before anything is changed.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.errors import LockNotAvailable

from config.preflight import decisive
from config.traffic import patiently, shortly

TRIES = 30
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0  # seconds; all of them together are about two minutes
LOOK_SECONDS = 0.5
ONE_AT_A_TIME = 4_841_523_907  # the number of the lock, ours alone in this database
BUSY = "Somebody holds what the migration needs; the next try is in {pause:.1f} s ({left} left)."
GIVEN_UP = (
    "Tables were busy at every try: nothing of the last migration was kept. End long transactions (pg_stat_activity "
    "names them) and migrate again; see docs/upgrading.md."
)


class Command(Migrate):
    """Migrate without holding up those who work."""

    def handle(self, *args: Any, **options: Any) -> None:
        database = connections[options["database"]]
        if database.vendor != "postgresql" or options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        self._refuse(database)
        with _alone(database), patiently(database):
            self._try(lambda: super(Command, self).handle(*args, **options), database)

    def _refuse(self, database: BaseDatabaseWrapper) -> None:
        """Raise CommandError where migrating would do harm."""
        database.ensure_connection()
        for finding in decisive(database):
            raise CommandError(finding.says)

    def _try(self, migrate: Callable[[], object], database: BaseDatabaseWrapper) -> None:
        pause = FIRST_PAUSE
        for left in range(TRIES - 1, -1, -1):
            try:
                shortly(database)
                migrate()
                return
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
            if left:
                self.stderr.write(BUSY.format(pause=pause, left=left))
                time.sleep(pause)
                pause = min(LONGEST_PAUSE, pause * 1.5)
        raise CommandError(GIVEN_UP)


@contextmanager
def _alone(database: BaseDatabaseWrapper) -> Iterator[None]:
    """Wait until nobody else migrates this database.

    The lock is asked for again and again: a statement that waits for it keeps its snapshot, and whoever has the lock
    and builds an index CONCURRENTLY waits for every older snapshot. Both would wait for each other.
    """
    while not _is_ours(database):
        time.sleep(LOOK_SECONDS)
    try:
        yield
    finally:
        if database.connection is not None and not database.needs_rollback:
            with database.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s), set_config('lock_timeout', '0', false)", [ONE_AT_A_TIME])


def _is_ours(database: BaseDatabaseWrapper) -> bool:
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_AT_A_TIME])
        return bool(cursor.fetchone()[0])
