"""Whether a model fits: what lies on GPUs is not counted, small KV types count as small, a container's limit counts."""

from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from models_admin.engine import memory
from models_admin.engine.header import BadModel, Header
from models_admin.engine.memory import GIB, check_memory, free_memory, need_of, room_in
from models_admin.engine.protocol import EngineSpec

HEADER = Header(
    name="Big",
    architecture="llama",
    quantisation="Q4_K_M",
    context=8192,
    layers=32,
    kv_width=2048,
    chat_template="",
    size=8 * GIB,
)
SPEC = EngineSpec(path="big.gguf", slots=4, context=4096)  # 2 GiB of KV at 16 bits


def test_on_the_processor_weights_and_cache_count_and_the_shelf_does_not() -> None:
    need = need_of(HEADER, SPEC, offloads=False)
    assert (need.weights, need.kv, need.shelf) == (8 * GIB, 2 * GIB, SPEC.shelf_bytes)
    check_memory(HEADER, SPEC, offloads=False, free=10 * GIB)
    with pytest.raises(BadModel, match=r"about 10\.0 GiB .*weights 8\.0, .* 2\.0; .* 1\.0 more\); 9\.0 GiB are free"):
        check_memory(HEADER, SPEC, offloads=False, free=9 * GIB)


@pytest.mark.parametrize(
    ("layers", "offloads", "weights"), [(-1, True, 0), (99, True, 0), (8, True, 6), (0, True, 8), (-1, False, 8)]
)
def test_layers_on_gpus_do_not_count(layers: int, offloads: bool, weights: int) -> None:
    need = need_of(HEADER, replace(SPEC, gpu_layers=layers), offloads=offloads)
    assert (need.weights, need.kv) == (weights * GIB, weights * GIB // 4)


@pytest.mark.parametrize(("kind", "share"), [("q8_0", 34 / 64), ("q4_0", 18 / 64)])
def test_a_smaller_kv_type_needs_less(kind: str, share: float) -> None:
    assert need_of(HEADER, replace(SPEC, kv_type=kind), offloads=False).kv == int(2 * GIB * share)


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
