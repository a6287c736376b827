"""One moment of the database: the dump, the list of files and all counts are of it, whatever happens meanwhile."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from audit.models import Head
from backup import programs
from backup.progress import Progress
from backup.refused import Refused
from chat.models import File
from config.supervisor.process import die_with_parent
from models_admin.models import ModelFile

LOOK_SECONDS = 0.1
TABLES = {
    "people": "accounts_user",
    "teams": "accounts_team",
    "conversations": "chat_conversation",
    "messages": "chat_message",
    "files": "chat_file",
}
# What lets somebody in, or is of the moment alone: after a restore people sign in again.
NEVER_KEPT = ("accounts_session", "django_session", "accounts_attempt", "hearth_cache")
SIZE = """
SELECT coalesce(sum(pg_table_size(oid)), 0)::bigint FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'm')
"""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that somebody attached, as its row says."""

    id: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database had at the moment."""

    at: datetime
    migrations: tuple[tuple[str, str], ...]
    counts: dict[str, int]
    audit: dict[str, Any]
    attached: tuple[Attached, ...]
    models: tuple[dict[str, Any], ...]


@contextmanager
def held() -> Iterator[str]:
    """Hold a moment: what is read inside is of it, and what is read by others who are given its name."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield str(cursor.fetchone()[0])


def facts() -> Facts:
    """Return what there is, in the caller's moment."""
    files = File.objects.for_housekeeping().order_by("pk").values_list("pk", "size", "sha256")
    models = ModelFile.objects.filter(state=ModelFile.State.READY)
    return Facts(
        at=_clock(),
        migrations=tuple(sorted(MigrationRecorder(connection).applied_migrations())),
        counts=counts(),
        audit=dict(Head.objects.values("seq", "hash", "first_seq").get()),
        attached=tuple(Attached(str(pk), size, digest) for pk, size, digest in files),
        models=tuple(dict(row) for row in models.values("name", "path", "size", "sha256", "parts")),
    )


def _clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)


def counts() -> dict[str, int]:
    """Return how many rows there are of what people count by. Tables that are not there count nothing."""
    found = {}
    with connection.cursor() as cursor:
        for name, table in (TABLES | {"audit_entries": "audit_entry"}).items():
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{table}"])
            if cursor.fetchone()[0]:
                cursor.execute(f"SELECT count(*) FROM {table}")
                found[name] = int(cursor.fetchone()[0])
    return found


def size_of_tables() -> int:
    """Return the bytes of all tables without their indexes: no dump is larger."""
    with connection.cursor() as cursor:
        cursor.execute(SIZE)
        return int(cursor.fetchone()[0])


def dump(target: Path, snapshot: str, progress: Progress) -> None:
    """Have pg_dump write the moment. Raises Refused with what it says."""
    command = [programs.program("pg_dump", at_least=programs.server_version()), "--format=custom", "--compress=1"]
    command += ["--schema=public", "--no-password", f"--snapshot={snapshot}", f"--file={target}"]
    command += [f"--exclude-table-data=public.{table}" for table in NEVER_KEPT]
    progress.begin("database")
    with TemporaryFile("w+") as said:
        process = subprocess.Popen(command, env=programs.environment(), stderr=said, preexec_fn=die_with_parent)
        try:
            while process.poll() is None:
                time.sleep(LOOK_SECONDS)
                progress.reach(target.stat().st_size if target.exists() else 0)
        finally:
            process.kill()
            process.wait()
        said.seek(0)
        if process.returncode:
            raise Refused(f"pg_dump failed: {programs.last_words(said.read())}")
    os.chmod(target, 0o600)
