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
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from django.conf import settings

GENESIS = "0" * 64
BITE = 1 << 17
TAIL = 1 << 20  # bytes: a line with a thousand ids has 40,000
MEANT, DONE, PASSED = "meant", "done", "passed"
MOST_OPEN = 10_000  # lines in which chunks are looked for that nobody has closed
HEAD = re.compile(rb'"number":(\d+),"previous":"\w+","state":"(\w+)"}$')


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


def _parse(text: bytes, where: str = "A line") -> Line:
    try:
        values = json.loads(text)
        return Line(**values | {"ids": tuple(values["ids"])})
    except (ValueError, TypeError, KeyError) as error:
        raise Torn(f"{where} of the tombstones is none.") from error


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


def _append(descriptor: int, line: Line, *, sync: bool = True) -> None:
    """Write a whole line, or none of it; with `sync` it is on the disk then. Raises OSError."""
    start, text = os.lseek(descriptor, 0, os.SEEK_END), line.written() + b"\n"
    try:
        while text:
            text = text[os.write(descriptor, text) :]
        if sync:
            os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, start)
        raise


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
    """Write down how a chunk ended: it is done, or it never was. A line that a loss of power takes is written anew by
    the next sweep, from the chunk's receipt; until then the chunk counts as one to replay.
    """
    with _appending() as descriptor:
        last = _last(descriptor)
        _append(descriptor, Line(number, DONE if committed else PASSED, last.digest if last else GENESIS), sync=False)


def open_chunks() -> list[int]:
    """Return the chunks that were meant and not closed: a process died around their commit. Oldest first."""
    with _appending() as descriptor:
        _last(descriptor)  # cuts off what was never finished
    closed, left = set(), []
    for number, state in islice(_backwards(), MOST_OPEN):
        if state != MEANT:
            closed.add(number)
        elif number not in closed:
            left.append(number)
    return left[::-1]


def reached() -> int:
    """Return the number of the last chunk that is done, or 0."""
    return next((number for number, state in _backwards() if state == DONE), 0)


def _backwards() -> Iterator[tuple[int, str]]:
    """Yield number and state of every finished line, the last first, without reading the ids. Raises Torn."""
    file = _file()
    if not file.exists():
        return
    with file.open("rb") as stream:
        at, rest = stream.seek(0, os.SEEK_END), b""
        whole = True  # nothing behind the last line feed was ever written
        while at:
            start = max(0, at - TAIL)
            stream.seek(start)
            lines = (stream.read(at - start) + rest).split(b"\n")
            at, rest = start, lines[0]
            for text in reversed(lines[1:][: -1 if whole else None]):
                yield _head(text)
            whole = False
        if rest and not whole:
            yield from [_head(rest)] if file.stat().st_size > len(rest) else []


def _head(text: bytes) -> tuple[int, str]:
    found = HEAD.search(text[-200:])
    if found is None:
        raise Torn("A line of the tombstones is none.")
    return int(found[1]), found[2].decode()


def tombstones() -> Iterator[Line]:
    """Yield every chunk that is done, oldest first, then those that were left open. Raises Torn for a broken chain."""
    with _file().open("rb") if _file().exists() else open(os.devnull, "rb") as stream:
        yield from chunks_in(stream)


def chunks_in(lines: Iterable[bytes]) -> Iterator[Line]:
    """Yield the chunks of a file of tombstones, wherever it is, as above."""
    previous, meant = GENESIS, dict[int, Line]()
    for at, text in enumerate(lines, start=1):
        if not text.endswith(b"\n"):
            break
        line = _parse(text.rstrip(b"\n"), f"Line {at}")
        if line.previous != previous:
            raise Torn(f"Line {at} of the tombstones does not follow the one before it.")
        previous = line.digest
        if line.state == MEANT:
            meant[line.number] = line
        elif (found := meant.pop(line.number, None)) and line.state == DONE:
            yield found
    yield from meant.values()  # a process died around their commit: what was due then is due
