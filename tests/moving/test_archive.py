"""Files are read piece by piece, and what is too large, broken or no chat is refused with a sentence."""

import io
import json
import struct
import zipfile
from pathlib import Path
from unittest.mock import patch

import pytest
from bringing import zipped

from moving import archive
from moving.chats import NotTaken


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "file"


def pieces(path: Path, content: bytes) -> list[bytes | None]:
    path.write_bytes(content)
    return list(archive.pieces(path))


def why(path: Path, content: bytes) -> str:
    with pytest.raises(NotTaken) as refusal:
        pieces(path, content)
    return str(refusal.value)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1 << 20])
def test_objects_are_found_whatever_the_pieces_of_the_file_are(written: Path, size: int) -> None:
    chats = [{"a": 'quote " and \\ slash \\"'}, {"b": ["]}", {"c": "{["}]}, {"d": "é\u2028" * 9}, {}]
    with patch.object(archive, "PIECE", size):
        found = pieces(written, b"\xef\xbb\xbf \n" + json.dumps(chats).encode())
    assert [json.loads(one or b"") for one in found] == chats


def test_one_object_is_one_chat_and_an_empty_array_has_none(written: Path) -> None:
    assert pieces(written, b' {"a": [1, {}]} ') == [b'{"a": [1, {}]}']
    assert pieces(written, b"[]") == []


@pytest.mark.parametrize("content", [b"", b"hello", b"\x00\xff\xfe", b"<html>", b"\xff\xfe[\x00]\x00"])
def test_what_is_no_file_with_chats_is_refused(written: Path, content: bytes) -> None:
    assert why(written, content) == "This is no file with chats: it is neither JSON nor a ZIP file."


def test_what_ends_too_early_or_has_something_else_in_it_is_refused(written: Path) -> None:
    for cut in (b'[{"a": 1}, {"b"', b'[{"a": "x', b"[", b'[{"a": 1}'):
        assert why(written, cut) == "The file ends in the middle of a chat. Upload it once more."
    assert why(written, b'[{"a": 1}, 5]') == "This is no file with chats: something else stands among them."


def test_a_chat_that_is_too_long_is_passed_over_and_the_next_one_is_there(written: Path) -> None:
    long = json.dumps([{"a": ["words"] * 50}, {"b": 1}]).encode()
    with patch.object(archive, "LONGEST_CHAT", 100), patch.object(archive, "PIECE", 40):
        assert pieces(written, long) == [None, b'{"b": 1}']
        assert "longer than a whole chat" in why(written, b'[{"a": "' + b"x" * 500 + b'"}]')


def test_a_zip_s_chats_are_found_by_their_names_and_nothing_is_unpacked(written: Path) -> None:
    found = pieces(written, zipped({"conversations.json": '[{"a": 1}]', "chat.html": "x", "user.json": "{}"}))
    assert found == [b'{"a": 1}']
    several = {"x/conversations-001.json": '[{"b": 2}]', "x/conversations-000.json": '[{"a": 1}]'}
    assert pieces(written, zipped(several)) == [b'{"a": 1}', b'{"b": 2}']
    ours = {"chats/2026-01-01 A 1234.json": '{"a": 1}', "chats/a.md": "x", "manifest.json": "{}", "account.json": "{}"}
    assert pieces(written, zipped(ours)) == [b'{"a": 1}']
    evil = {"../../chats/../x.json": "{}", "/etc/conversations.json.txt": "x"}
    assert "There are no chats in this ZIP file" in why(written, zipped(evil))
    assert sorted(path.name for path in written.parent.iterdir()) == ["file"]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(written: Path) -> None:
    bomb = zipped({"conversations.json": b"[" + b" " * 30_000_000 + b"]", "chat.html": b"\0" * 30_000_000})
    assert len(bomb) < 100_000
    with patch.object(archive, "LONGEST_WHOLE", 50_000_000):
        assert why(written, bomb) == "Unpacked, this ZIP file would have more than 1 GB. It is not taken."
    with patch.object(archive, "LONGEST_WHOLE", 20_000_000):
        plain = b"[" + b" " * 30_000_000 + b"]"
        assert why(written, plain) == "Unpacked, this file would have more than 1 GB. It is not taken."


def test_a_zip_that_lies_about_its_sizes_gives_no_more_than_it_said(written: Path) -> None:
    content = bytearray(zipped({"conversations.json": b'[{"a": 1}' + b" " * 5_000_000 + b"]"}))
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.find(mark) + place
        content[at : at + 4] = struct.pack("<I", 12)
    assert why(written, bytes(content)) == "This ZIP file is damaged, or it is locked with a password."


def test_a_zip_with_too_many_names_is_refused_before_its_names_are_read(written: Path) -> None:
    with patch.object(archive, "MOST_NAMES", 5):
        many = zipped({f"{n}.txt": "" for n in range(6)})
        with patch.object(zipfile, "ZipFile", side_effect=AssertionError):
            assert why(written, many) == "There are more than 5 files in this ZIP file."
        lying = bytearray(many)
        at = lying.rfind(b"PK\x05\x06")
        lying[at + 8 : at + 12] = struct.pack("<HH", 1, 1)
        assert why(written, bytes(lying)) == "There are more than 5 files in this ZIP file."
    with patch.object(archive, "LONGEST_DIRECTORY", 50):
        assert "files in this ZIP file" in why(written, zipped({"a.txt": "", "b.txt": ""}))


def test_a_broken_locked_or_oddly_packed_zip_is_refused(written: Path) -> None:
    whole = zipped({"conversations.json": json.dumps([{"a": "words " * 1000}])})
    assert why(written, whole[:-30]) == "This ZIP file is not whole. Upload it once more."
    torn = bytearray(whole)
    torn[60:70] = b"\xff" * 10
    damaged = "This ZIP file is damaged, or it is locked with a password."
    assert why(written, bytes(torn)) == damaged
    locked = bytearray(whole)
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        locked[locked.find(mark) + place] |= 1
    assert why(written, bytes(locked)) == damaged
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr("conversations.json", "[]")
    assert "packed in a way that is not taken" in why(written, buffer.getvalue())
