"""A file that cannot be hosted is refused with the reason, at once, whatever it claims."""

import time
from collections.abc import Callable
from pathlib import Path

import gguf
import pytest
from bad_gguf import BAD
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_gguf import write_tiny_gguf

from models_admin.engine.header import BadModel, read_header
from models_admin.engine.process import EngineProcess, ModelRefused
from models_admin.engine.protocol import EngineSpec

SECONDS = 0.1  # a refusal takes some milliseconds, on a busy machine a little longer


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_tiny_gguf(tmp_path_factory.mktemp("good") / "tiny.gguf").read_bytes()


def refused_at_once(file: Path, reason: str) -> None:
    began = time.perf_counter()
    with pytest.raises(BadModel, match=reason):
        read_header(str(file))
    assert time.perf_counter() - began < SECONDS


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_at_once_with_its_own_reason(tmp_path: Path, good: bytes, name: str) -> None:
    change, reason = BAD[name]
    file = tmp_path / "bad.gguf"
    file.write_bytes(change(good))
    refused_at_once(file, reason)


def test_no_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    refused_at_once(tmp_path / "nowhere", "does not exist")
    refused_at_once(tmp_path, "not a file")
    refused_at_once(tmp_path / ("long" * 100), "cannot be read")


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_whatever_is_damaged_is_a_reason_or_a_header(
    tmp_path_factory: pytest.TempPathFactory, good: bytes, data: st.DataObject
) -> None:
    file = tmp_path_factory.getbasetemp() / "damaged.gguf"
    content = bytearray(good)
    for at, byte in data.draw(st.lists(st.tuples(st.integers(0, 6500), st.integers(0, 255)), max_size=4)):
        content[at] = byte
    file.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    began = time.perf_counter()
    try:
        said = f"{read_header(str(file)).layers} layers"
    except BadModel as reason:
        said = str(reason)
    assert said.isprintable()
    assert time.perf_counter() - began < 1


def kind(name: str) -> Callable[[gguf.GGUFWriter], None]:
    return lambda writer: writer.add_type(name)


def test_files_that_are_no_chat_models_say_what_they_are(tmp_path: Path) -> None:
    kinds = {"adapter": "LoRA adapter, not a model", "mmproj": "reads pictures", "imatrix": "quantise"}
    for name, reason in kinds.items():
        file = write_tiny_gguf(tmp_path / f"{name}.gguf", add=kind(name))
        refused_at_once(file, reason)
    reader = write_tiny_gguf(
        tmp_path / "reader.gguf", add=lambda writer: writer.add_pooling_type(gguf.PoolingType.MEAN)
    )
    assert read_header(str(reader)).embeds
    with pytest.raises(ModelRefused, match="turns texts into numbers and cannot answer"):
        EngineProcess(EngineSpec(str(reader), slots=1, context=256, threads=1))


def test_a_good_file_says_what_it_is(tmp_path: Path) -> None:
    header = read_header(str(write_tiny_gguf(tmp_path / "tiny.gguf")))
    assert (header.name, header.architecture, header.quantisation) == ("Tiny", "llama", "F32")
    assert (header.context, header.layers, header.kv_width) == (2048, 2, 2 * (16 + 16))
    assert (header.kind, header.parts, header.has_template, header.embeds) == ("model", 1, True, False)
    assert (header.licence, header.languages, header.author, header.base_model) == ("", (), "", "")
    assert (header.tokenizer, header.parameters) == ("gpt2 qwen2", 107_328)
    shape = header.shape
    assert (shape.width, shape.heads, shape.heads_kv, shape.vocabulary, shape.feed_forward) == (64, 4, 2, 260, 128)
    assert (len(shape.weights.layers), shape.weights.total, shape.weights.tied) == (2, 4 * 107_328, False)


def test_what_the_author_says_becomes_lines_without_tricks(tmp_path: Path) -> None:
    def add(writer: gguf.GGUFWriter) -> None:
        writer.add_license("apache-2.0\x00\x1b[31m")
        writer.add_languages(["en", "d\x00e", "", *["x" * 500] * 100])
        writer.add_author("A\n\n \u202eB" + "c" * 5000)
        writer.add_base_model_count(1)
        writer.add_base_model_name(0, "Base")

    header = read_header(str(write_tiny_gguf(tmp_path / "said.gguf", add=add, name="Na\tme\u200b")))
    assert (header.name, header.licence, header.base_model) == ("Na me", "apache-2.0[31m", "Base")
    assert header.languages[:3] == ("en", "de", "x" * 20)
    assert len(header.languages) == 39
    assert header.author.startswith("A Bccc")
    assert len(header.author) == 200


def test_a_split_model_is_read_from_its_first_part(tmp_path: Path) -> None:
    whole = read_header(str(write_tiny_gguf(tmp_path / "whole.gguf")))
    first = write_tiny_gguf(tmp_path / "parts.gguf", split=8)
    parts = sorted(tmp_path.glob("parts-*.gguf"))
    header = read_header(str(first))
    assert (header.parts, header.size) == (3, sum(part.stat().st_size for part in parts))
    assert (header.parameters, header.shape) == (whole.parameters, whole.shape)
    refused_at_once(parts[1], "part 2 of 3 of a model: name the first part")
    (tmp_path / "other.gguf").write_bytes(first.read_bytes())
    refused_at_once(tmp_path / "other.gguf", "one of 3 parts")
    parts[1].write_bytes(parts[2].read_bytes())
    refused_at_once(first, "parts-00002-of-00003.gguf holds another part")
    parts[1].unlink()
    refused_at_once(first, "Part 2 of 3 is missing: .* parts-00002-of-00003.gguf")
