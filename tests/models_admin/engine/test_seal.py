"""What is loaded is what was registered, byte by byte, or llama.cpp never sees it."""

import hashlib
from pathlib import Path

import pytest
from asking import request, run
from tiny_gguf import write_tiny_gguf, write_tiny_lora

from models_admin.engine import bindings
from models_admin.engine.batching import BatchingEngine
from models_admin.engine.header import BadModel, sha256_of
from models_admin.engine.process import EngineProcess, ModelRefused
from models_admin.engine.protocol import Adapter, EngineSpec
from models_admin.engine.seal import check_unbroken, seal


def spec(file: Path, sha256: str = "", *adapters: Adapter, context: int = 256) -> EngineSpec:
    return EngineSpec(str(file), sha256=sha256, adapters=adapters, slots=2, context=context, threads=1)


def swapped(file: Path) -> None:
    """Change one bit of the last weight: the file stays a good model of the same size."""
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def test_a_file_other_than_the_registered_one_never_reaches_llama(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_tiny_gguf(tmp_path / "tiny.gguf")
    registered = sha256_of(str(file))
    swapped(file)
    with pytest.raises(
        ModelRefused, match=r"The file tiny\.gguf is not the one that was registered: its hash differs\."
    ):
        EngineProcess(spec(file, registered))
    monkeypatch.setattr(bindings, "open_model", lambda _: pytest.fail("llama.cpp must not see it"))
    with pytest.raises(BadModel, match="its hash differs"):
        BatchingEngine(spec(file, registered))


def test_the_registered_file_is_loaded_and_its_hash_told(tmp_path: Path) -> None:
    file = write_tiny_gguf(tmp_path / "tiny.gguf")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    engine = EngineProcess(spec(file, digest.upper()))
    assert engine.ready.sha256 == digest
    engine.close()


def test_an_adapter_other_than_the_registered_one_is_refused(tmp_path: Path) -> None:
    file, lora = write_tiny_gguf(tmp_path / "tiny.gguf"), write_tiny_lora(tmp_path / "lora.gguf")
    adapter = Adapter(str(lora), sha256=sha256_of(str(lora)))
    engine = BatchingEngine(spec(file, "", adapter))
    assert engine.ready.adapters == (adapter.sha256,)
    engine.close()
    swapped(lora)
    with pytest.raises(ModelRefused, match=r"The adapter lora\.gguf is not the one that was registered"):
        EngineProcess(spec(file, "", adapter))


def test_a_split_model_has_one_hash_and_says_what_the_whole_one_says(tmp_path: Path) -> None:
    whole, first = write_tiny_gguf(tmp_path / "w.gguf"), write_tiny_gguf(tmp_path / "parts.gguf", split=8)
    parts = sorted(tmp_path.glob("parts-*.gguf"))
    listed = "".join(f"{hashlib.sha256(part.read_bytes()).hexdigest()}\n" for part in parts)
    digest = hashlib.sha256(listed.encode()).hexdigest()
    texts = []
    for file, sha256 in ((whole, ""), (first, digest)):
        engine = BatchingEngine(spec(file, sha256))
        texts.append(run(engine, request("1"))["1"].text)
        engine.close()
    assert texts[0] == texts[1]
    swapped(parts[2])
    with pytest.raises(BadModel, match="its hash differs"):
        BatchingEngine(spec(first, digest))


def test_a_file_that_changes_behind_its_hash_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.gguf"
    file.write_bytes(b"one")
    taken = seal(str(file))
    check_unbroken([taken])
    file.unlink()
    file.write_bytes(b"two")
    with pytest.raises(BadModel, match="changed while it was loaded"):
        check_unbroken([taken])
    file.unlink()
    with pytest.raises(BadModel, match="cannot be read"):
        check_unbroken([taken])


def test_the_stub_keeps_to_it_too() -> None:
    digest = hashlib.sha256(b"stub:").hexdigest()
    EngineProcess(EngineSpec("stub:", sha256=digest)).close()
    with pytest.raises(ModelRefused, match="its hash differs"):
        EngineProcess(EngineSpec("stub:", sha256="0" * 64))
