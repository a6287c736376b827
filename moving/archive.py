"""Files with chats, read piece by piece: JSON, or a ZIP with JSON in it. Nothing is unpacked onto the disk.

Every size is bounded before anything is unpacked, and once more while it is: a small file that says it is large, or is
large and does not say so, is refused with a sentence. Names in an archive are compared, and never used as paths.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from django.utils.translation import gettext as _

from moving.chats import NotTaken

LONGEST_FILE = 100 * 10**6  # bytes that are uploaded
LONGEST_WHOLE = 1000 * 10**6  # bytes of everything in an archive, unpacked
LONGEST_CHAT = 20 * 10**6  # bytes of one chat
MOST_NAMES = 60_000  # in an archive: ten thousand chats in two forms each, with files
LONGEST_DIRECTORY = 20 * 10**6  # bytes of the archive's list of names
PIECE = 1 << 20
OPENING, CLOSING = (b"{", b"["), (b"}", b"]")
TAKEN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # other ways to pack take memory as they like
CONVERSATIONS = re.compile(r"(?:[^/]+/)?conversations(?:-\d+)?\.json")
OWN = re.compile(r"(?:[^/]+/)?chats/[^/]+\.json")
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, RuntimeError, ValueError)
TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]"]', re.DOTALL)
SPACE = re.compile(rb"[ \t\r\n,]*+")


def pieces(path: Path) -> Iterator[bytes | None]:
    """Yield each chat of a file as JSON, not read yet; None stands for one that is too long. Raises NotTaken."""
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(0)
        try:
            yield from _of_zip(file) if start == b"PK\x03\x04" else _of_json(file)
        except BROKEN:
            raise NotTaken(_("This ZIP file is damaged, or it is locked with a password.")) from None


def _of_zip(file: BinaryIO) -> Iterator[bytes | None]:
    _check_directory(file)
    with zipfile.ZipFile(file) as archive:
        infos = archive.infolist()
        _check_sizes(infos)
        theirs = [info for info in infos if CONVERSATIONS.fullmatch(info.filename)]
        ours = [info for info in infos if OWN.fullmatch(info.filename)]
        if not theirs and not ours:
            raise NotTaken(_("There are no chats in this ZIP file: no conversations.json, and no chats of Hearth."))
        for info in sorted(theirs or ours, key=lambda one: one.filename):
            with _opened(archive, info) as member:
                yield from _of_json(member)


@contextmanager
def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    if info.compress_type not in TAKEN:
        raise NotTaken(_("This ZIP file is packed in a way that is not taken. Pack it anew as a plain ZIP file."))
    with archive.open(info) as member:
        yield member


def _check_directory(file: BinaryIO) -> None:
    """Raise NotTaken where the list of names is longer than it may be: reading it takes memory for every name."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 66_000))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise NotTaken(_("This ZIP file is not whole. Upload it once more."))
    names, length = struct.unpack("<HI", tail[at + 10 : at + 16])
    if (where := tail.rfind(b"PK\x06\x06", 0, at)) >= 0 and len(tail) >= where + 48:
        wide = struct.unpack("<QQ", tail[where + 32 : where + 48])  # a large archive says it in another place
        names, length = max(names % 0xFFFF, wide[0]), max(length % 0xFFFFFFFF, wide[1])
    if names > MOST_NAMES or length > LONGEST_DIRECTORY:
        raise _too_many()


def _too_many() -> NotTaken:
    return NotTaken(_("There are more than %(most)s files in this ZIP file.") % {"most": f"{MOST_NAMES:,}"})


def _check_sizes(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MOST_NAMES:
        raise _too_many()
    if sum(info.file_size for info in infos) > LONGEST_WHOLE:
        raise NotTaken(_("Unpacked, this ZIP file would have more than 1 GB. It is not taken."))


def _of_json(file: IO[bytes]) -> Iterator[bytes | None]:
    """Yield the objects of an array, or the one object that there is."""
    reader = _Reader(file)
    first = reader.begin()
    if first == b"[":
        yield from reader.elements()
    elif first == b"{":
        yield reader.element()
    else:
        raise NotTaken(_("This is no file with chats: it is neither JSON nor a ZIP file."))


class _Reader:
    """Finds where values of JSON end without reading them, whatever is in them."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.held, self.at, self.read = file, b"", 0, 0

    def _more(self) -> bool:
        """Hold another piece, without what is behind us. Raises NotTaken beyond what a whole may have."""
        piece = self.file.read(PIECE)
        self.read += len(piece)
        if self.read > LONGEST_WHOLE:
            raise NotTaken(_("Unpacked, this file would have more than 1 GB. It is not taken."))
        self.held, self.at = self.held[self.at :] + piece, 0
        return bool(piece)

    def _next(self) -> bytes:
        """Return the next byte that is no space or comma, and stay before it; nothing at the end."""
        while True:
            space = SPACE.match(self.held, self.at)
            self.at = space.end() if space else self.at
            if self.at < len(self.held):
                return self.held[self.at : self.at + 1]
            if not self._more():
                return b""

    def begin(self) -> bytes:
        """Return the first byte, behind the mark that some editors write."""
        while len(self.held) < 3 and self._more():
            pass
        if self.held.startswith(b"\xef\xbb\xbf"):
            self.at = 3
        return self._next()

    def elements(self) -> Iterator[bytes | None]:
        """Yield the objects of the array that begins here. Raises NotTaken where something else is in it."""
        self.at += 1
        while (found := self._next()) != b"]":
            if not found:
                raise NotTaken(_cut_off())
            if found != b"{":
                raise NotTaken(_("This is no file with chats: something else stands among them."))
            yield self.element()

    def element(self) -> bytes | None:
        """Return the object that begins here, or None where it is longer than a chat may be. Raises NotTaken."""
        depth, at, dropped = 0, self.at, False
        while True:
            match = TOKEN.search(self.held, at)
            if match is None or match[0] == b'"':  # nothing more here, or a text that goes on in the next piece
                at = match.start() if match else len(self.held)
                if at - self.at > LONGEST_CHAT:
                    dropped, self.at = True, at
                at = self._beyond(at)
                continue
            at = match.end()
            depth += 1 if match[0] in OPENING else -1 if match[0] in CLOSING else 0
            if depth == 0:
                found, self.at = self.held[self.at : at], at
                return None if dropped or len(found) > LONGEST_CHAT else found

    def _beyond(self, at: int) -> int:
        """Hold another piece. Return where this place is then. Raises NotTaken where there is none, or too much."""
        if len(self.held) - at > LONGEST_CHAT:
            raise NotTaken(_("A single text in this file is longer than a whole chat may be."))
        behind = at - self.at
        if not self._more():
            raise NotTaken(_cut_off())
        return behind


def _cut_off() -> str:
    """Return why a file that ends too early is not taken."""
    return _("The file ends in the middle of a chat. Upload it once more.")
