"""LoRA adapters act on every answer of their engine, by their weight, or are refused with the reason."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from asking import request, run
from tiny_gguf import write_tiny_gguf, write_tiny_lora

from models_admin.engine import bindings
from models_admin.engine.batching import BatchingEngine
from models_admin.engine.embedding import EmbeddingEngine
from models_admin.engine.header import BadModel
from models_admin.engine.process import EngineProcess, ModelRefused
from models_admin.engine.protocol import Adapter, Embed, EngineSpec
from models_admin.engine.wire import Load, decode, encode


def spec(file: Path, *adapters: Adapter, sha256: str = "", embeddings: bool = False) -> EngineSpec:
    return EngineSpec(
        str(file), sha256=sha256, adapters=adapters, slots=4, context=256, threads=1, embeddings=embeddings
    )


def said(file: Path, *adapters: Adapter) -> list[str]:
    """Return what this model says to three questions, and to the first once more, out of what it has kept."""
    engine = BatchingEngine(spec(file, *adapters))
    try:
        questions = {f"{n}": f"question number {n} " * 6 for n in range(3)}
        heard = run(engine, *(request(name, text) for name, text in questions.items()))
        again = run(engine, request("again", questions["0"], seat="0"))["again"]
        return [*(heard[name].text for name in questions), again.text]
    finally:
        engine.close()


@pytest.fixture(scope="module")
def adapter_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_lora(tmp_path_factory.mktemp("adapters") / "tiny-lora.gguf")


@pytest.fixture(scope="module")
def plain(gguf_file: Path) -> list[str]:
    return said(gguf_file)


def test_an_adapter_changes_every_answer_and_weight_nothing_none(
    gguf_file: Path, adapter_file: Path, plain: list[str]
) -> None:
    adapted = said(gguf_file, Adapter(str(adapter_file)))
    assert all(one != other for one, other in zip(adapted, plain, strict=True))
    assert adapted[0] == adapted[3]
    assert said(gguf_file, Adapter(str(adapter_file), scale=0.0)) == plain
    assert said(gguf_file, Adapter(str(adapter_file), scale=0.25)) not in (plain, adapted)
    assert said(gguf_file) == plain


def test_several_adapters_add_up(gguf_file: Path, adapter_file: Path, plain: list[str]) -> None:
    there, back = Adapter(str(adapter_file), scale=1.0), Adapter(str(adapter_file), scale=-1.0)
    assert said(gguf_file, there, back)[0][:8] == plain[0][:8]  # up to rounding


def test_vectors_pass_through_adapters_too(gguf_file: Path, adapter_file: Path) -> None:
    vectors = []
    for adapters in ((), (Adapter(str(adapter_file)),)):
        engine = EmbeddingEngine(spec(gguf_file, *adapters, embeddings=True))
        vectors.append(engine.embed(Embed("1", ("a text",))).vectors[0])
        engine.close()
    assert sum(x * y for x, y in zip(*vectors, strict=True)) < 0.999


def test_adapters_and_their_hashes_cross_the_pipe(gguf_file: Path, adapter_file: Path) -> None:
    wish = Load(spec(gguf_file, Adapter(str(adapter_file), 0.5, "ab" * 32)))
    assert decode(encode(wish)) == wish
    engine = EngineProcess(spec(gguf_file, Adapter(str(adapter_file), scale=0.5)))
    assert [len(one) for one in engine.ready.adapters] == [64]
    engine.close()


Tensors = dict[str, np.ndarray[Any, Any]]
FIRST = "blk.0.attn_q.weight"


def narrow(tensors: Tensors) -> None:
    tensors[f"{FIRST}.lora_a"] = np.zeros((4, 32), np.float32)


def ranks(tensors: Tensors) -> None:
    tensors[f"{FIRST}.lora_b"] = np.zeros((64, 8), np.float32)


def half(tensors: Tensors) -> None:
    del tensors[f"{FIRST}.lora_b"]


def stranger(tensors: Tensors) -> None:
    tensors["blk.0.attn_q.bias"] = np.zeros(64, np.float32)


def deeper(tensors: Tensors) -> None:
    for one in (".lora_a", ".lora_b"):
        tensors[f"blk.7.attn_q.weight{one}"] = tensors[f"{FIRST}{one}"]


REFUSED: dict[str, tuple[Callable[[Path], Adapter], str]] = {
    "a model": (lambda file: Adapter(str(write_tiny_gguf(file))), "this is not a LoRA adapter"),
    "another kind": (lambda file: lora(file, kind="ia3"), r"adapter of another kind \(ia3\)"),
    "another family": (
        lambda file: lora(file, architecture="qwen2"),
        "models of the kind qwen2, and this one is llama",
    ),
    "another size": (lambda file: lora(file, width=128), r"its shape of blk\.0\.attn_q\.weight is not this model's"),
    "a narrow half": (lambda file: lora(file, change=narrow), r"its shape of blk\.0\.attn_q\.weight"),
    "two ranks": (lambda file: lora(file, change=ranks), r"its shape of blk\.0\.attn_q\.weight"),
    "half a pair": (lambda file: lora(file, change=half), r"half of its change to blk\.0\.attn_q\.weight is missing"),
    "something else": (lambda file: lora(file, change=stranger), r"holds blk\.0\.attn_q\.bias"),
    "more layers": (
        lambda file: lora(file, change=deeper),
        r"changes blk\.7\.attn_q\.weight, which this model does not",
    ),
    "nothing": (lambda file: lora(file, change=lambda tensors: tensors.clear()), "holds no weights"),
    "no file": (lambda file: Adapter(str(file)), "the file does not exist"),
    "no number": (lambda file: Adapter(lora(file).path, scale=float("nan")), "its weight must be a number"),
    "too far": (lambda file: Adapter(lora(file).path, scale=1e6), "its weight must be a number from -100 to 100"),
}


def lora(file: Path, **how: Any) -> Adapter:
    return Adapter(str(write_tiny_lora(file, **how)))


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_belong_to_the_model_is_refused_before_it_is_loaded(
    tmp_path: Path, gguf_file: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bindings, "open_model", lambda _: pytest.fail("llama.cpp must not see it"))
    make, reason = REFUSED[name]
    with pytest.raises(BadModel, match=f"The adapter wrong.gguf cannot be used: .*{reason}"):
        BatchingEngine(spec(gguf_file, make(tmp_path / "wrong.gguf")))


def test_the_owner_hears_why(gguf_file: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match=r"The adapter wrong\.gguf cannot be used"):
        EngineProcess(spec(gguf_file, lora(tmp_path / "wrong.gguf", width=32)))
