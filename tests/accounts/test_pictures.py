"""Uploaded pictures: what draws is kept, what else is in the file is not; what is no whole picture is refused."""

import struct

import pytest
from pictures import chunk, png

from accounts.pictures import MOST_BYTES, picture_of
from accounts.refusal import Refusal

SECRET = b"GPS 60.17 N"


def segment(mark: int, inside: bytes) -> bytes:
    return bytes([0xFF, mark]) + struct.pack(">H", len(inside) + 2) + inside


def jpeg(width: int = 32, height: int = 32, tail: bytes = b"") -> bytes:
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0")
    return b"\xff\xd8" + segment(0xE1, SECRET) + frame + segment(0xDA, b"\1\1\0\0\x3f\0") + b"\1\2\xff\xd9" + tail


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(
        name + struct.pack("<I", len(inside)) + inside + b"\0" * (len(inside) % 2) for name, inside in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def lossless(width: int, height: int) -> tuple[bytes, bytes]:
    return b"VP8L", b"\x2f" + (width - 1 | height - 1 << 14).to_bytes(4, "little") + b"\0\0"


def test_a_png_keeps_what_draws_and_loses_what_it_says() -> None:
    picture = picture_of(png(48, 24, more=chunk(b"tEXt", SECRET)))
    assert (picture.type, picture.width, picture.height) == ("image/png", 48, 24)
    assert picture.data == png(48, 24)


def test_a_jpeg_loses_where_it_was_taken() -> None:
    picture = picture_of(jpeg(48, 24))
    assert (picture.type, picture.width, picture.height) == ("image/jpeg", 48, 24)
    assert SECRET not in picture.data
    assert picture.data.endswith(b"\1\2\xff\xd9")


def test_a_webp_loses_where_it_was_taken() -> None:
    picture = picture_of(riff(lossless(48, 24), (b"EXIF", SECRET)))
    assert (picture.type, picture.width, picture.height) == ("image/webp", 48, 24)
    assert picture.data == riff(lossless(48, 24))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(40),
        b"<html>",
        png()[:-1],
        png(tail=b"<script>"),
        png().replace(b"IDAT", b"IDAX"),
        jpeg(tail=b"PK\3\4"),
        jpeg()[:-2],
        riff(lossless(32, 32)) + b"more",
        riff((b"VP8 ", bytes(20))),
        riff(lossless(32, 32), (b"ANIM", bytes(6))),
        png(8, 32),
        png(2000, 32),
        png(32, 32) + bytes(MOST_BYTES),
    ],
)
def test_what_is_no_whole_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        picture_of(data)
