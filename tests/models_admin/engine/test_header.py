"""A file that cannot be hosted is refused with the reason."""

from pathlib import Path

import pytest
from tiny_gguf import write_tiny_gguf

from models_admin.engine.header import BadModel, read_header


def test_a_good_file_says_what_it_is(tmp_path: Path) -> None:
    header = read_header(str(write_tiny_gguf(tmp_path / "tiny.gguf")))
    assert (header.name, header.architecture, header.quantisation) == ("Tiny", "llama", "F32")
    assert (header.context, header.layers, header.kv_width) == (2048, 2, 2 * (16 + 16))


def test_bad_files_are_refused_with_the_reason(tmp_path: Path) -> None:
    good = write_tiny_gguf(tmp_path / "tiny.gguf").read_bytes()
    cases = {
        "empty": (b"", "The file is empty."),
        "html": (b"<!DOCTYPE html><html>...", "This is a web page"),
        "other": (b"PK\x03\x04" + bytes(100), "This is not a GGUF file."),
        "short": (good[:20], "The file is cut off within its first bytes."),
        "version": (good[:4] + b"\x63\0\0\0" + good[8:], "GGUF version 99 is not supported."),
        "promises": (good[:8] + b"\xff" * 16 + good[24:], "promises more entries"),
        "header cut": (good[:3000], "header is damaged or cut off"),
        "weights cut": (good[:-5000], "cut off"),
    }
    for name, (data, reason) in cases.items():
        file = tmp_path / name
        file.write_bytes(data)
        with pytest.raises(BadModel, match=reason):
            read_header(str(file))
    with pytest.raises(BadModel, match="does not exist"):
        read_header(str(tmp_path / "nowhere"))
    with pytest.raises(BadModel, match="not a file"):
        read_header(str(tmp_path))
