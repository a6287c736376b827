"""Whether a model fits: what it would take is compared with what each machine has free."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tiny_gguf import write_tiny_gguf, write_tiny_lora

from models_admin.engine.fit import predict
from models_admin.engine.header import Header, read_header
from models_admin.engine.protocol import EngineSpec
from models_admin.fitting import NOBODY, NOWHERE, How, OnMachine, Verdict, adapters_for, on_machine, verdict
from models_admin.models import Host, ModelFile, Placement
from models_admin.specs import spec_from

GB = 10**9
SETTINGS: dict[str, Any] = {
    "slots": 8,
    "context": 1024,
    "threads": 0,
    "gpu_layers": 0,
    "main_gpu": 0,
    "tensor_split": [],
    "flash_attention": None,
    "kv_type": "f16",
    "shelf_megabytes": 64,
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("models") / "tiny.gguf")


@pytest.fixture(scope="module")
def header(path: Path) -> Header:
    return read_header(str(path))


def a_file(path: Path) -> ModelFile:
    return ModelFile(name="Tiny", path=str(path), state="ready", architecture="llama", sha256="a" * 64)


def a_host(file: ModelFile | None = None, **fields: Any) -> Host:
    files = [str(file.pk)] if file else []
    return Host(**{"name": "oak", "ram_total": 64 * GB, "ram_free": 60 * GB, "files": files, **fields})


def needed(header: Header, **settings: Any) -> int:
    return predict(header, spec_from("a.gguf", SETTINGS | settings), offloads=False).total_ram


def fitted(header: Header, host: Host, **settings: Any) -> OnMachine:
    return on_machine(header, spec_from("a.gguf", SETTINGS | settings), host)


def test_a_spec_is_what_the_settings_say() -> None:
    spec = spec_from("a.gguf", SETTINGS | {"tensor_split": [3, 1], "gpu_layers": -1})
    assert spec == EngineSpec("a.gguf", slots=8, context=1024, gpu_layers=-1, tensor_split=(3, 1), shelf_bytes=64 << 20)


@pytest.mark.parametrize(
    ("spare", "how"), [(-1, How.OVER), (0, How.TIGHT), (GB // 10 - 1, How.TIGHT), (GB // 10, How.FITS)]
)
def test_it_is_tight_where_less_than_a_tenth_of_the_memory_is_left(header: Header, spare: int, how: How) -> None:
    host = a_host(ram_total=GB, ram_free=needed(header) + spare)
    found = fitted(header, host)
    assert found.how == how
    assert ("too much" in found.rooms[0].said) == (how == How.OVER)


def test_what_the_deployment_has_there_already_counts_as_free(header: Header) -> None:
    host = a_host(ram_total=10 * GB, ram_free=100)
    spec = spec_from("a.gguf", SETTINGS)
    assert on_machine(header, spec, host).how == How.OVER
    assert on_machine(header, spec, host, own=(5 * GB, 0)).how == How.FITS


def test_more_and_longer_conversations_take_more(header: Header) -> None:
    few, many = fitted(header, a_host(), slots=1), fitted(header, a_host(), slots=32)
    assert few.rooms[0].need < many.rooms[0].need
    assert dict(few.parts)["weights"] == dict(many.parts)["weights"]
    assert dict(few.parts)["conversations"] != dict(many.parts)["conversations"]
    assert list(dict(few.parts)) == ["weights", "conversations", "work", "shelf at most"]


def gpus(*free: int) -> dict[str, Any]:
    return {"offloads": True, "gpus": [{"name": "H", "total": 10 * GB, "free": one} for one in free]}


def test_gpus_are_taken_together_unless_shares_are_set(header: Header) -> None:
    host = a_host(**gpus(5 * GB, 5 * GB))
    assert [room.name for room in fitted(header, host, gpu_layers=-1).rooms] == ["Memory", "2 GPUs"]
    shared = fitted(header, host, gpu_layers=-1, tensor_split=[3, 1])
    assert [room.name for room in shared.rooms] == ["Memory", "GPU 0", "GPU 1"]
    assert shared.rooms[1].need == pytest.approx(3 * shared.rooms[2].need, rel=0.01)
    full = a_host(**gpus(5 * GB, 1000))
    assert fitted(header, full, gpu_layers=-1).how == How.FITS
    assert fitted(header, full, gpu_layers=-1, tensor_split=[3, 1]).how == How.OVER


def test_layers_for_a_gpu_stay_in_memory_where_there_is_none(header: Header) -> None:
    found = fitted(header, a_host(), gpu_layers=-1)
    assert [room.name for room in found.rooms] == ["Memory"]
    assert "not built for GPUs" in found.notes[0]
    unknown = fitted(header, a_host(offloads=True), gpu_layers=-1)
    assert "does not say how much they have free" in unknown.notes[0]


def test_shares_for_gpus_that_are_not_there_are_said(header: Header) -> None:
    found = fitted(header, a_host(**gpus(5 * GB)), gpu_layers=-1, tensor_split=[1, 1])
    assert "There are shares for 2 GPUs, and this machine has 1." in found.notes


def test_a_shelf_that_may_not_fit_later_is_said_and_refuses_nothing(header: Header) -> None:
    host = a_host(ram_total=GB, ram_free=needed(header) + GB // 5)
    found = fitted(header, host, shelf_megabytes=4096)
    assert found.how == How.FITS
    assert "full shelf" in found.notes[0]


def test_the_worst_machine_decides_the_headline(path: Path) -> None:
    file = a_file(path)
    oak, elm = a_host(file), a_host(file, name="elm", ram_free=1)
    both = verdict(file, SETTINGS, [oak, elm], chosen=[])
    assert (both.headline, both.is_bad) == ("It does not fit on elm.", True)
    alone = verdict(file, SETTINGS, [oak, elm], chosen=[oak.pk])
    assert (alone.headline, alone.is_bad) == ("It fits on oak.", False)
    two = verdict(file, SETTINGS, [oak, a_host(file, name="ash")], chosen=[])
    assert two.headline == "It fits on each of 2 machines."


def test_machines_without_the_file_are_left_out_unless_they_are_chosen(path: Path) -> None:
    file = a_file(path)
    oak, elm = a_host(file), a_host(None, name="elm")
    assert [one.host.name for one in verdict(file, SETTINGS, [oak, elm], chosen=[]).machines] == ["oak"]
    chosen = verdict(file, SETTINGS, [oak, elm], chosen=[elm.pk])
    assert (chosen.headline, chosen.is_bad) == ("The file is not seen on elm.", False)
    assert verdict(file, SETTINGS, [elm, a_host(name="ash")], chosen=[]).headline == str(NOWHERE)
    assert verdict(file, SETTINGS, [], chosen=[]).headline == str(NOBODY)


def test_places_are_counted_while_it_is_in_memory_there(path: Path) -> None:
    file = a_file(path)
    oak = a_host(file, ram_free=1)
    places = [Placement(host=oak, state=state, memory=GB) for state in ("ready", "cold")]
    assert not verdict(file, SETTINGS, [oak], chosen=[], places=places[:1]).is_bad
    assert verdict(file, SETTINGS, [oak], chosen=[], places=places[1:]).is_bad


def test_a_file_that_cannot_be_read_says_so_and_blocks_nothing(tmp_path: Path) -> None:
    found = verdict(a_file(tmp_path / "no.gguf"), SETTINGS, [a_host()], chosen=[])
    assert "cannot be read" in found.headline
    assert not found.is_bad
    assert Verdict(()).is_bad is False


@pytest.mark.django_db
def test_only_adapters_of_this_model_are_offered(path: Path, tmp_path: Path) -> None:
    written = {
        "fits": write_tiny_lora(tmp_path / "fits.gguf"),
        "wide": write_tiny_lora(tmp_path / "wide.gguf", width=128),
        "deep": write_tiny_lora(tmp_path / "deep.gguf", layers=9),
    }
    for name, adapter in written.items():
        facts = {"kind": "adapter", "architecture": "llama", "sha256": uuid4().hex * 2}
        ModelFile.objects.create(name=name, path=str(adapter), state="ready", **facts)
    assert [one.name for one in adapters_for(a_file(path))] == ["fits"]
