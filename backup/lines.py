"""The two files of lines that stand beside the database: anchors of the audit log, and tombstones of what was purged.

Both only grow, and the newest counts: a restore never puts an older one in the place of a newer one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from pathlib import Path

from django.conf import settings

from audit.anchors import Anchor, anchors_in, parse
from backup.copying import replaced, written
from backup.refused import Refused
from retention import ledger


def whole_lines(file: Path) -> bytes:
    """Return what a file has but for a last line that nobody finished. Nothing: it is not there. Raises OSError."""
    data = file.read_bytes() if file.exists() else b""
    return data[: data.rfind(b"\n") + 1]


def anchors_until(seq: int, data: bytes) -> tuple[bytes, Anchor | None]:
    """Return the anchors that a log with so many entries fits to, and the last of them. Raises Refused."""
    kept, last = b"", None
    for line in data.splitlines(keepends=True):
        try:
            anchor = parse(line.rstrip(b"\n"))
        except ValueError as error:
            raise Refused(f"The anchors cannot be read: {error}") from None
        if anchor.seq > seq:
            break
        kept, last = kept + line, anchor
    return kept, last


def anchors_on_disk() -> list[Anchor]:
    """Return the anchors that this installation keeps. Nothing: there are none, or nobody can read them."""
    try:
        return anchors_in(Path(settings.ANCHORS))
    except (OSError, ValueError):
        return []


class Meeting(Enum):
    """How the lines of a backup and those on the disk are to each other."""

    SAME = "the same"
    NEWER_HERE = "the disk's go on from the backup's"
    NEWER_THERE = "the backup's go on from the disk's"
    APART = "each has lines that the other has not"


def meeting(here: bytes, there: bytes) -> Meeting:
    """Compare the lines on the disk with those of a backup."""
    if here == there:
        return Meeting.SAME
    if here.startswith(there):
        return Meeting.NEWER_HERE
    return Meeting.NEWER_THERE if there.startswith(here) else Meeting.APART


def put_anchors(backup: bytes, file: Path, *, aside: Path | None) -> Meeting:
    """Put a backup's anchors where none are newer. With `aside`, newer ones are kept there and give way."""
    here = whole_lines(file)
    met = meeting(here, backup)
    if met is Meeting.NEWER_THERE:
        replaced(file, backup)
    elif met in (Meeting.NEWER_HERE, Meeting.APART) and aside is not None:
        written(aside, here)
        replaced(file, backup)
    return met


@dataclass(frozen=True, slots=True)
class Buried:
    """What became of a backup's tombstones: how they met the disk's, and how many chunks were added to those."""

    met: Meeting
    added: int


def put_tombstones(backup: bytes, file: Path) -> Buried:
    """Let the disk's file have every deletion of the backup's, too. It never has less than before. Raises Torn."""
    here = whole_lines(file)
    met = meeting(here, backup)
    if met is Meeting.NEWER_THERE:
        replaced(file, backup)
        return Buried(met, backup.count(b"\n") - here.count(b"\n"))
    return Buried(met, _bury_again(here, backup) if met is Meeting.APART else 0)


def _bury_again(here: bytes, backup: bytes) -> int:
    """Write down anew, behind the last line, what only the backup knows to be deleted."""
    known = {(chunk.kind, pk) for chunk in chunks_in(here) for pk in chunk.ids}
    added = 0
    for chunk in list(chunks_in(backup)):  # all of it is read before the first line is written
        fresh = [pk for pk in chunk.ids if (chunk.kind, pk) not in known]
        if fresh:
            number = ledger.mean(chunk.kind, fresh, known=chunk.number)
            ledger.close(number, committed=True)
            added += 1
    return added


def chunks_in(data: bytes) -> Iterator[ledger.Line]:
    """Return what tombstones say was deleted, oldest first. Raises Torn for a broken chain."""
    return ledger.chunks_in(BytesIO(data))
