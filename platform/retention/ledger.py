"""Tombstones: what was purged stands in an append-only file outside the database, so that a restored backup cannot
bring it back.

Each chunk of a purge writes two lines: `meant`, with the ids, before its transaction commits, and `done` behind it.
A chunk that is done and that the database does not know of says that the database is older than the file. Each line
holds the hash of the one before it. The file has ids and nothing else.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

GENESIS = "0" * 64
BITE = 1 << 17
TAIL = 1 << 20  # bytes: a line with a thousand ids has 40,000
MEANT, DONE, PASSED = "meant", "done", "passed"


class Torn(Exception):
    """The file is not what was written; the message says where."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `number` is the chunk's; `passed` closes one that was meant and never committed."""

    number: int
    state: str
    previous: str
    kind: str = ""
    ids: tuple[str, ...] = ()

    def written(self) -> bytes:
        """Return the line as it stands in the file, without the line feed."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode()

    @property
    def digest(self) -> str:
        """The hash by which the next line names this one."""
        return hashlib.sha256(self.written()).hexdigest()


def _file() -> Path:
    return Path(settings.TOMBSTONES)


def _parse(text: bytes) -> Line:
    try:
        values = json.loads(text)
        return Line(**values | {"ids": tuple(values["ids"])})
    except (ValueError, TypeError, KeyError) as error:
        raise Torn("A line of the tombstones is none.") from error


@contextmanager
def _appending() -> Iterator[int]:
    """Hold the file open for appending, one process at a time."""
    file = _file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _tail(descriptor: int) -> list[Line]:
    """Return the last lines. A line that the machine never finished is cut off: it was never written."""
    size = os.lseek(descriptor, 0, os.SEEK_END)
    start = max(0, size - TAIL)
    text = os.pread(descriptor, size - start, start)
    whole, _, torn = text.rpartition(b"\n")
    if torn:
        os.ftruncate(descriptor, size - len(torn))
    lines = whole.splitlines()
    return [_parse(line) for line in (lines[1:] if start else lines)]


def _last(descriptor: int) -> Line | None:
    """Return the last line: it has the highest number, since one sweep at a time closes a chunk before the next."""
    size = os.lseek(descriptor, 0, os.SEEK_END)
    text, start = b"", size
    while start and text.count(b"\n") < 2:
        start = max(0, start - BITE)
        text = os.pread(descriptor, size - start, start)
    if text and not text.endswith(b"\n"):
        lines = _tail(descriptor)  # it was never finished: cut off
        return lines[-1] if lines else None
    return _parse(text.splitlines()[-1]) if text else None


def _append(descriptor: int, line: Line) -> None:
    os.write(descriptor, line.written() + b"\n")
    os.fsync(descriptor)


def mean(kind: str, ids: Iterable[str], *, known: int) -> int:
    """Write down what a transaction is about to delete, before it commits. Return the chunk's number.

    `known` is the last chunk that the database has; the number is behind both. Raises OSError: nothing may be deleted.
    """
    with _appending() as descriptor:
        last = _last(descriptor)
        number = max(last.number if last else 0, known) + 1
        _append(descriptor, Line(number, MEANT, last.digest if last else GENESIS, kind, tuple(ids)))
    return number


def close(number: int, *, committed: bool) -> None:
    """Write down how a chunk ended: it is done, or it never was."""
    with _appending() as descriptor:
        last = _last(descriptor)
        _append(descriptor, Line(number, DONE if committed else PASSED, last.digest if last else GENESIS))


def open_chunks() -> list[int]:
    """Return the chunks that were meant and not closed: a process died around their commit."""
    with _appending() as descriptor:
        lines = _tail(descriptor)
    closed = {line.number for line in lines if line.state != MEANT}
    return [line.number for line in lines if line.state == MEANT and line.number not in closed]


def reached() -> int:
    """Return the number of the last chunk that is done, or 0. Reads the end of the file alone."""
    file = _file()
    if not file.exists():
        return 0
    with file.open("rb") as stream:
        start = max(0, stream.seek(0, os.SEEK_END) - TAIL)
        stream.seek(start)
        lines = stream.read().rpartition(b"\n")[0].splitlines()
    done = (_parse(line) for line in reversed(lines[1:] if start else lines) if b'"state":"done"' in line)
    return next((line.number for line in done), 0)


def tombstones() -> Iterator[Line]:
    """Yield every chunk that is done, oldest first. Raises Torn where a line does not follow the one before it."""
    previous, meant = GENESIS, dict[int, Line]()
    with _file().open("rb") if _file().exists() else open(os.devnull, "rb") as stream:
        for at, text in enumerate(stream, start=1):
            if not text.endswith(b"\n"):
                return
            line = _parse(text.rstrip(b"\n"))
            if line.previous != previous:
                raise Torn(f"Line {at} of the tombstones does not follow the one before it.")
            previous = line.digest
            if line.state == MEANT:
                meant[line.number] = line
            elif (found := meant.pop(line.number, None)) and line.state == DONE:
                yield found
