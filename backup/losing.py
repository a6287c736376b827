"""What a restore takes away: rows that stand and are not in the backup, counted before anything happens."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection, transaction

from audit.anchors import Anchor
from audit.models import Head
from backup import lines, programs
from backup.manifest import DUMP, Manifest
from backup.refused import Refused
from backup.snapshot import TABLES

AT_ONCE = 10_000
GONE = "SELECT count(*) FROM {table} t WHERE NOT EXISTS (SELECT FROM in_the_backup b WHERE b.id = t.id)"
BACK = "SELECT count(*) FROM in_the_backup b WHERE NOT EXISTS (SELECT FROM {table} t WHERE t.id = b.id)"


@dataclass(frozen=True, slots=True)
class Loss:
    """What goes (`gone`) and what comes back that was deleted since (`back`), by name; entries of the audit log."""

    gone: dict[str, int] = field(default_factory=dict)
    back: dict[str, int] = field(default_factory=dict)
    entries: int = 0
    other_log: bool = False  # the log that stands is not the one of the backup
    anchored: Anchor | None = None  # the last anchor outside the database, where it reaches behind the backup's log

    def sentences(self, manifest: Manifest) -> Iterator[str]:
        """Say it to an operator."""
        yield f"The backup is of {shown(datetime.fromisoformat(manifest.made_at))}. Everything since then is lost:"
        if self.gone:
            yield f"  {said(self.gone) or 'no people, chats, messages or files are newer than it'};"
        else:
            yield "  nobody can say what, since this database is empty;"
        at_least = "" if self.gone else "at least "
        yield f"  {at_least}{self.entries} entries of the audit log; and every change of what was there before."
        if any(self.back.values()):
            yield f"  Deleted since then, and back until deletions are replayed: {said(self.back)}."
        if self.other_log:
            yield "  The audit log that stands is another one: it does not go on from the backup's."
        if self.anchored:
            at = datetime.fromtimestamp(self.anchored.at / 1_000_000, UTC)
            yield f"  Anchors outside the database reach entry {self.anchored.seq}, signed {shown(at)}."


def shown(moment: datetime) -> str:
    """Return a moment as people read it, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def said(counts: dict[str, int]) -> str:
    """Return counts as a list of words."""
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count)


def loss(folder: Path, manifest: Manifest, standing: dict[str, int]) -> Loss:
    """Compare what stands with a backup. Raises Refused where the dump cannot be read."""
    gone, back = {}, {}
    for name, table in TABLES.items():
        if name in standing:
            gone[name], back[name] = _compared(folder / DUMP, table)
    seq = int(manifest.audit["seq"])
    ends = Head.objects.values("seq").first() if "audit_entries" in standing else None
    reached, anchored = int(ends["seq"]) if ends else 0, _anchored(seq)
    other = bool(ends) and not _goes_on(manifest, reached)
    if not gone and anchored:
        reached = anchored.seq
    return Loss(gone, back, max(0, reached - seq), other, anchored)


def _goes_on(manifest: Manifest, reached: int) -> bool:
    """Whether the log that stands has the backup's last entry, or has cut it off by age, or is older itself."""
    seq = int(manifest.audit["seq"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM audit_entry WHERE seq = %s", [seq])
        found = cursor.fetchone()
        cursor.execute("SELECT first_seq FROM audit_head")
        first = cursor.fetchone()[0]
    return seq < first or seq > reached or bool(found and found[0] == manifest.audit["hash"])


def _anchored(seq: int) -> Anchor | None:
    """Return the last anchor on the disk, where the backup's log does not reach it."""
    found = lines.anchors_on_disk()
    return found[-1] if found and found[-1].seq > seq else None


@transaction.atomic
def _compared(dump: Path, table: str) -> tuple[int, int]:
    """Return how many rows of a table the dump does not have, and how many it has that the table has not."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE in_the_backup (id uuid PRIMARY KEY) ON COMMIT DROP")
        with cursor.copy("COPY in_the_backup FROM STDIN") as copy:
            for pk in _ids_in(dump, table):
                copy.write(pk + b"\n")
        counted = []
        for question in (GONE, BACK):
            cursor.execute(question.format(table=table))
            counted.append(int(cursor.fetchone()[0]))
        cursor.execute("DROP TABLE in_the_backup")
    return counted[0], counted[1]


def _ids_in(dump: Path, table: str) -> Iterator[bytes]:
    """Yield the ids of a table's rows in a dump, as they stand there, without asking the database. Raises Refused."""
    program = programs.program("pg_restore", at_least=programs.server_version())
    command = [program, "--data-only", f"--table={table}", "--file=-", str(dump)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        begins, column = f"COPY public.{table} (".encode(), -1
        for line in process.stdout:
            if column < 0:
                if line.startswith(begins):
                    names = line[len(begins) : line.index(b")")].split(b", ")
                    column = names.index(b"id")
            elif line == b"\\.\n":
                column = -1
            else:
                yield line.rstrip(b"\n").split(b"\t", column + 1)[column]
    if process.returncode:
        raise Refused(f"pg_restore cannot read {dump.name}.")
