"""An export as one file: a zip that is made while it is sent, so that its size costs no memory and no disk."""

import io
import zipfile
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import chain, groupby
from operator import itemgetter

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections

FOLDER = "hearth-audit"
SCRIPT = settings.BASE_DIR / "tools" / "verify_audit_export.py"
README = """An export of Hearth's audit log.

entries.jsonl    one entry a line: number, time (microseconds since 1970), hashes, and the text that is hashed
anchors.jsonl    signed anchors that cover them
manifest.json    what is in this export, and the hash of both files
manifest.sig     Ed25519 signature over the manifest's bytes
verify_audit_export.py    checks all of it with Python 3.10 or newer and nothing else

To check it, unpack it and run in this folder:

    python3 verify_audit_export.py . --key PUBLIC-KEY

Take the public key from the installation by another way than with this export, and the script likewise where you do
not trust whoever sent it: who could forge the one could forge the others. The key named in the manifest only says
which one to look for.

Where manifest.json names filters, this is a selection: each entry is checked by itself, and that none of the chosen
was left out rests on the signature alone. An export of a whole range shows that nothing is missing in it.
"""


class Outlet(io.RawIOBase):
    """What a zip is written to: it cannot be read or wound back, and gives away what has come."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self.waiting.append(piece)
        return len(piece)

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken = b"".join(self.waiting)
        self.waiting.clear()
        return taken


def zipped(parts: Iterable[tuple[str, bytes]], *, now: datetime) -> Iterator[bytes]:
    """Yield a zip of these files and of what explains and checks them. Pieces of one file follow each other."""
    extra = [("README.txt", README.encode()), (SCRIPT.name, SCRIPT.read_bytes())]
    outlet = Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=2) as archive:
        for name, pieces in groupby(chain(extra, parts), key=itemgetter(0)):
            info = zipfile.ZipInfo(f"{FOLDER}/{name}", now.timetuple()[:6])
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with archive.open(info, "w", force_zip64=True) as file:
                for _, piece in pieces:
                    file.write(piece)
                    yield outlet.take()
    yield outlet.take()


def _next(pieces: Iterator[bytes]) -> bytes | None:
    """Return the next piece, or None behind the last. However slow the reader is, no connection waits for them."""
    try:
        return next(pieces, None)
    finally:
        close_old_connections()


async def streamed(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield what a plain iterator yields, one piece at a time: Django would collect all of them first."""
    following = sync_to_async(partial(_next, pieces))
    while (piece := await following()) is not None:
        if piece:
            yield piece
