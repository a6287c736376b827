"""Pictures that people upload, made safe without being decoded: a known raster format, whole, and nothing beside it.

What is kept are the parts that draw; comments, places and whatever else a camera or an attacker adds is left out.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.refusal import Refusal

MOST_BYTES = 256 * 1024
LEAST_SIDE, MOST_SIDE = 16, 1024  # pixels
PNG = b"\x89PNG\r\n\x1a\n"
DRAWS_IN_PNG = {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"IDAT", b"IEND"}
DRAWS_IN_WEBP = {b"VP8 ", b"VP8L", b"ALPH"}
ALPHA = 0x10  # of a WebP's flags
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # a JPEG's segments that say how large it is
DRAWS_IN_JPEG = FRAMES | {0xC4, 0xDB, 0xDD, 0xE0, 0xEE}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: its type as browsers are told, pixels, and bytes."""

    type: str
    width: int
    height: int
    data: bytes


class _Broken(Exception):
    """It is not what it begins like."""


def picture_of(data: bytes) -> Picture:
    """Return the picture in an uploaded file. Raises Refusal for anything but a PNG, JPEG or WebP of a fitting size."""
    if len(data) > MOST_BYTES:
        raise Refusal(_("The picture is too large: at most 256 kB."))
    try:
        picture = _read(data)
    except (_Broken, struct.error, IndexError):
        raise Refusal(_("That is no picture that can be shown: choose a PNG, JPEG or WebP file.")) from None
    if not all(LEAST_SIDE <= side <= MOST_SIDE for side in (picture.width, picture.height)):
        raise Refusal(
            _("The picture has to be %(least)s to %(most)s pixels wide and high.")
            % {"least": LEAST_SIDE, "most": MOST_SIDE}
        )
    return picture


def _read(data: bytes) -> Picture:
    if data.startswith(PNG):
        return _png(data)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    raise _Broken


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield each chunk's name and all of its bytes, up to the end of the file and not beyond."""
    at = len(PNG)
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        whole = data[at : at + length + 12]
        if len(whole) != length + 12 or zlib.crc32(whole[4:-4]) != struct.unpack(">I", whole[-4:])[0]:
            raise _Broken
        yield whole[4:8], whole
        at += len(whole)


def _png(data: bytes) -> Picture:
    chunks = list(_png_chunks(data))
    names = [name for name, _whole in chunks]
    if names[0] != b"IHDR" or names[-1] != b"IEND" or names.count(b"IEND") != 1 or b"IDAT" not in names:
        raise _Broken
    width, height = struct.unpack_from(">II", chunks[0][1], 8)
    return Picture("image/png", width, height, PNG + b"".join(whole for name, whole in chunks if name in DRAWS_IN_PNG))


def _jpeg(data: bytes) -> Picture:
    """Keep the segments that draw, and the pixels up to the first mark of the end."""
    kept, size, at = [b"\xff\xd8"], None, 2
    while True:
        if data[at] != 0xFF:
            raise _Broken
        mark, (length,) = data[at + 1], struct.unpack_from(">H", data, at + 2)
        whole = data[at : at + 2 + length]
        if length < 2 or len(whole) != 2 + length:
            raise _Broken
        if mark in FRAMES:
            size = struct.unpack_from(">HH", whole, 5)
        if mark == 0xDA:
            break
        kept += [whole] if mark in DRAWS_IN_JPEG else []
        at += len(whole)
    end = data.find(b"\xff\xd9", at)
    if end < 0 or size is None or data[end + 2 :].strip(b"\0"):
        raise _Broken
    return Picture("image/jpeg", size[1], size[0], b"".join(kept) + data[at : end + 2])


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield each chunk's name and what is in it, as far as the file says that it goes."""
    if struct.unpack_from("<I", data, 4)[0] + 8 != len(data):
        raise _Broken
    at = 12
    while at < len(data):
        name, (length,) = data[at : at + 4], struct.unpack_from("<I", data, at + 4)
        inside = data[at + 8 : at + 8 + length]
        if len(inside) != length:
            raise _Broken
        yield name, inside
        at += 8 + length + length % 2


def _webp(data: bytes) -> Picture:
    chunks = dict(_webp_chunks(data))
    if b"ANIM" in chunks or b"ANMF" in chunks:
        raise Refusal(_("Moving pictures are not taken: choose one that stands still."))
    width, height = _webp_size(chunks)
    kept: list[tuple[bytes, bytes]] = [(name, chunks[name]) for name in (b"ALPH", b"VP8 ", b"VP8L") if name in chunks]
    if b"ALPH" in chunks:
        sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        kept.insert(0, (b"VP8X", bytes([ALPHA, 0, 0, 0]) + sides))
    body = b"".join(name + struct.pack("<I", len(inside)) + inside + b"\0" * (len(inside) % 2) for name, inside in kept)
    return Picture("image/webp", width, height, b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body)


def _webp_size(chunks: dict[bytes, bytes]) -> tuple[int, int]:
    if lossy := chunks.get(b"VP8 "):
        if lossy[3:6] != b"\x9d\x01\x2a":
            raise _Broken
        width, height = struct.unpack_from("<HH", lossy, 6)
        return width & 0x3FFF, height & 0x3FFF
    if lossless := chunks.get(b"VP8L"):
        if lossless[0] != 0x2F:
            raise _Broken
        bits = int.from_bytes(lossless[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise _Broken
