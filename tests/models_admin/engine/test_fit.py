"""What a model will take is foretold to within a tenth, and what cannot be foretold says so."""

from dataclasses import replace
from pathlib import Path

import gguf
import psutil
import pytest
from tiny_gguf import write_tiny_gguf, write_tiny_lora

from models_admin import builtin
from models_admin.engine import memory
from models_admin.engine.fit import CUDA_CONTEXT, predict
from models_admin.engine.footprint import Buffer, buffer_in, resident_of
from models_admin.engine.header import BadModel, Header, read_header
from models_admin.engine.memory import GIB, check_memory, free_memory, room_in
from models_admin.engine.process import EngineProcess
from models_admin.engine.protocol import Adapter, EngineSpec
from models_admin.engine.shape import Shape, Weights

LAYERS = 32
BIG = Header(
    name="Big",
    architecture="llama",
    quantisation="Q4_K_M",
    context=8192,
    layers=LAYERS,
    kv_width=2048,
    chat_template="",
    size=8 * GIB,
    shape=Shape(
        width=4096,
        heads=32,
        heads_kv=8,
        key_length=128,
        value_length=128,
        feed_forward=14336,
        vocabulary=128_256,
        merges=280_147,
        weights=Weights(layers=(7 * GIB // LAYERS,) * LAYERS, input=GIB // 2, output=GIB // 2),
    ),
)
SPEC = EngineSpec(path="big.gguf", slots=4, context=4096)  # 2 GiB of KV at 16 bits


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three models: tiny, of some layers, of many words."""
    folder = tmp_path_factory.mktemp("fit")
    write_tiny_gguf(folder / "tiny.gguf")
    write_tiny_gguf(folder / "layers.gguf", width=512, layers=8, heads=8, kv_heads=4, context=8192)
    write_tiny_gguf(folder / "words.gguf", width=320, layers=4, heads=10, kv_heads=10, words=32_000, context=8192)
    return folder


def off(spec: EngineSpec) -> tuple[int, int]:
    """Return what was foretold and what the engine took, in bytes."""
    engine = EngineProcess(replace(spec, warm_seconds=600))
    try:
        return predict(read_header(spec.path), spec, offloads=False).total_ram, engine.ready.memory
    finally:
        engine.close()


@pytest.mark.parametrize(
    ("name", "slots", "context", "kind"),
    [
        ("tiny", 1, 512, "f16"),
        pytest.param("tiny", 8, 512, "f16", marks=pytest.mark.prove),
        pytest.param("builtin", 1, 1024, "f16", marks=pytest.mark.prove),
        ("builtin", 8, 1024, "q8_0"),
        pytest.param("layers", 1, 512, "f16", marks=pytest.mark.prove),
        pytest.param("layers", 8, 4096, "f16", marks=pytest.mark.prove),
        ("layers", 8, 4096, "q8_0"),
        pytest.param("words", 1, 4096, "q8_0", marks=pytest.mark.prove),
        ("words", 8, 512, "f16"),
    ],
)
def test_what_is_foretold_is_what_it_takes(folder: Path, name: str, slots: int, context: int, kind: str) -> None:
    file = builtin.FILE if name == "builtin" else folder / f"{name}.gguf"
    foretold, taken = off(EngineSpec(str(file), slots=slots, context=context, kv_type=kind, threads=2))
    assert foretold == pytest.approx(taken, rel=0.1)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"batch": 2048}, marks=pytest.mark.prove),
        pytest.param({"flash_attention": False}, marks=pytest.mark.prove),
        {"kv_type": "q4_0"},
    ],
)
def test_other_settings_are_foretold_too(folder: Path, change: dict[str, object]) -> None:
    spec = EngineSpec(str(folder / "layers.gguf"), slots=8, context=512, threads=2)
    foretold, taken = off(replace(spec, **change))  # type: ignore[arg-type]
    assert foretold == pytest.approx(taken, rel=0.1)


@pytest.mark.slow
def test_adapters_count_by_their_files(folder: Path) -> None:
    lora = write_tiny_lora(folder / "lora.gguf", width=512, layers=8, rank=128)
    spec = EngineSpec(str(folder / "layers.gguf"), slots=1, context=512, threads=2)
    header = read_header(spec.path)
    size = lora.stat().st_size
    plain, adapted = (predict(header, spec, offloads=False, adapters=n).total_ram for n in (0, size))
    assert adapted - plain == size
    engine = EngineProcess(replace(spec, adapters=(Adapter(str(lora)),), warm_seconds=600))
    assert adapted == pytest.approx(engine.ready.memory, rel=0.1)
    engine.close()


def test_on_the_processor_everything_is_here_and_the_shelf_counts_when_full() -> None:
    fit = predict(BIG, SPEC, offloads=False)
    assert (fit.weights_ram, fit.kv_ram, fit.shelf) == (8 * GIB, 2 * GIB, SPEC.shelf_bytes * 9 // 8)
    assert (fit.weights_vram, fit.kv_vram, fit.compute_vram, fit.total_vram) == (0, 0, 0, 0)
    assert fit.total_ram == 10 * GIB + fit.compute
    assert fit.full_ram == fit.total_ram + fit.shelf
    check_memory(BIG, SPEC, offloads=False, free=11 * GIB)
    with pytest.raises(
        BadModel, match=r"about 10\.2 GiB .*weights 8\.0, .* 2\.0, steps 0\.2; .* 1\.1 more\); 9\.0 GiB are"
    ):
        check_memory(BIG, SPEC, offloads=False, free=9 * GIB)


def test_a_guess_refuses_nobody() -> None:
    header = replace(BIG, shape=replace(BIG.shape, unsure="Nobody knows."))
    check_memory(header, SPEC, offloads=False, free=9 * GIB)
    with pytest.raises(BadModel, match=r"about 8\.0 GiB"):
        check_memory(header, SPEC, offloads=False, free=7 * GIB)


@pytest.mark.parametrize(
    ("parts", "offloads", "weights", "kv"),
    [
        (-1, True, 7.5, 2.0),  # the tokens' vectors stay
        (99, True, 7.5, 2.0),
        (1, True, 0.5, 0.0),  # the output goes first
        (17, True, 4.0, 1.0),
        (0, True, 0.0, 0.0),
        (-1, False, 0.0, 0.0),
    ],
)
def test_the_output_goes_to_gpus_first_then_the_last_layers(
    parts: int, offloads: bool, weights: float, kv: float
) -> None:
    fit = predict(BIG, replace(SPEC, gpu_layers=parts), offloads=offloads)
    assert (fit.weights_vram, fit.kv_vram) == (int(weights * GIB), int(kv * GIB))
    assert (fit.weights_ram + fit.weights_vram, fit.kv_ram + fit.kv_vram) == (8 * GIB, 2 * GIB)
    assert (fit.compute_vram > CUDA_CONTEXT) == (weights > 0)


def test_a_tied_output_is_copied_to_the_gpu() -> None:
    weights = replace(BIG.shape.weights, output=0, tied=True)
    header = replace(BIG, shape=replace(BIG.shape, weights=weights))
    fit = predict(header, replace(SPEC, gpu_layers=-1), offloads=True)
    assert (fit.weights_ram, fit.weights_vram) == (GIB // 2, 7 * GIB + GIB // 2)


@pytest.mark.parametrize(("kind", "share"), [("q8_0", 34 / 64), ("q4_0", 18 / 64)])
def test_a_smaller_kv_type_needs_less(kind: str, share: float) -> None:
    assert predict(BIG, replace(SPEC, kv_type=kind), offloads=False).kv_ram == int(2 * GIB * share)


def test_no_model_gets_more_context_than_it_was_trained_for() -> None:
    assert predict(BIG, replace(SPEC, context=1 << 20), offloads=False).kv_ram == 4 * GIB


def test_layers_with_other_heads_count_each() -> None:
    each = (8,) * 16 + (0,) * 16
    header = replace(BIG, shape=replace(BIG.shape, heads_kv_each=each))
    assert predict(header, SPEC, offloads=False).kv_ram == GIB


def test_experts_that_are_used_count(tmp_path: Path) -> None:
    dense = predict(BIG, SPEC, offloads=False).compute
    experts = replace(BIG.shape, experts=128, experts_used=8, expert_feed_forward=14336)
    assert predict(replace(BIG, shape=experts), SPEC, offloads=False).compute > 3 * dense


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("llama.ssm.state_size", "running state"),
        ("llama.wkv.head_size", "running state"),
        ("llama.attention.kv_lora_rank", "compressed form"),
        ("llama.attention.key_length_swa", "keep less of a conversation"),
        ("llama.pooling_type", "turns texts into vectors"),
        ("llama.attention.sliding_window", ""),  # the engine keeps everything of those too
    ],
)
def test_what_cannot_be_foretold_says_so(tmp_path: Path, key: str, reason: str) -> None:
    def add(writer: gguf.GGUFWriter) -> None:
        writer.add_uint32(key, 1)

    header = read_header(str(write_tiny_gguf(tmp_path / "odd.gguf", add=add)))
    unsure = predict(header, SPEC, offloads=False).unsure
    assert reason in unsure
    assert bool(unsure) == bool(reason)


def test_what_llama_says_it_took_is_understood(tmp_path: Path) -> None:
    assert buffer_in("load_tensors:   CPU_Mapped model buffer size =     0.50 MiB\n") == Buffer(
        "CPU_Mapped", "model", 1 << 19
    )
    assert [Buffer(where, "KV", 1).on_gpu for where in ("CUDA0", "CPU", "CUDA_Host", "CPU_REPACK", "AMX")] == [
        True,
        *[False] * 4,
    ]
    assert buffer_in("graph: nodes = 138") is None
    assert resident_of([tmp_path / "nowhere"]) == 0


def group(directory: Path, limit: str) -> Path:
    (directory / "memory.max").write_text(f"{limit}\n")
    (directory / "memory.current").write_text("600\n")
    (directory / "memory.stat").write_text("anon 300\ninactive_file 100\nactive_file 50\n")
    return directory


def test_a_control_groups_limit_counts_without_its_file_caches(tmp_path: Path) -> None:
    assert room_in(group(tmp_path, "1000")) == 550
    assert room_in(group(tmp_path, "max")) is None
    assert room_in(tmp_path / "nowhere") is None


def test_the_narrowest_room_is_what_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "CGROUPS", group(tmp_path, "1000"))
    monkeypatch.setattr(memory, "OURS", ours := tmp_path / "ours")
    ours.write_text("4:memory:/old\n0::/services/hearth\n")
    (tmp_path / "services/hearth").mkdir(parents=True)
    assert free_memory() == 550
    (tmp_path / "memory.max").write_text("max\n")
    assert free_memory() > min(550, psutil.virtual_memory().available // 2)
