"""Files that come in pieces: what is there stays there when the connection goes.

Whoever keeps them has a row that never claims more than what is on the disk, so that a file goes on where it ended,
whatever has died in between.
"""

import os
import re
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from django.core.signing import BadSignature, TimestampSigner

PIECE = 8 << 20  # bytes of one request
RESERVE = 1 << 30  # bytes that stay free on the disk
RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


class Source(Protocol):
    """Where the bytes of a piece come from."""

    def read(self, size: int = ..., /) -> bytes: ...


class Misplaced(Exception):
    """A piece does not begin where the file on the disk ends."""


def token_for(pk: object, *, salt: str) -> str:
    """Return what each piece carries so that Daphne lets so many bytes in. It says nothing of who may store them."""
    return TimestampSigner(salt=salt).sign(str(pk))


def allowance(path: str, token: str, *, address: re.Pattern[str], salt: str, life: timedelta) -> int:
    """Return how long a body may be because it is a piece of such a file, in bytes; 0: it is none."""
    match = address.fullmatch(path)
    if match is None or not token:
        return 0
    with suppress(BadSignature):
        return PIECE if TimestampSigner(salt=salt).unsign(token, max_age=life) == match[1] else 0
    return 0


def place(said: str, *, size: int) -> tuple[int, int] | None:
    """Return where a piece begins and how long it is, from its Content-Range; nothing where it cannot be one."""
    match = RANGE.fullmatch(said)
    first, last, total = map(int, match.groups()) if match else (0, -1, 0)
    length = last - first + 1
    return (first, length) if 0 < length <= PIECE and total == size else None


def received(claimed: int, path: Path) -> int:
    """Return how many bytes are there: what the row claims, or less where the disk has less."""
    try:
        return min(claimed, path.stat().st_size)
    except OSError:
        return 0


def write(path: Path, start: int, body: Source, length: int, *, mode: int) -> int:
    """Write what comes, to the disk itself. Return where the file ends. Raises Misplaced where some is missing."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, mode), "wb") as file:
        file.seek(start)
        left = length
        while left and (some := body.read(min(left, 1 << 20))):
            file.write(some)
            left -= len(some)
        if left:
            raise Misplaced
        file.truncate()
        file.flush()
        os.fsync(file.fileno())
        return file.tell()
