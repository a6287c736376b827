"""From a spec to a model in memory: looked at, measured, hashed, and only then handed to llama.cpp."""

import time
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import llama_cpp

from models_admin.engine import bindings
from models_admin.engine.adapter import check_adapter
from models_admin.engine.container import Tensor, read_container, shown
from models_admin.engine.footprint import measured, own_memory
from models_admin.engine.header import Header, parts_of, read_header
from models_admin.engine.memory import check_memory
from models_admin.engine.protocol import EngineSpec, Ready
from models_admin.engine.seal import Seal, check_unbroken, seal


@dataclass(frozen=True, slots=True)
class Loaded:
    """llama.cpp's model and context, and what was found out before. `seals`: the model's first, then the adapters'."""

    spec: EngineSpec
    header: Header
    model: Any
    context: Any
    seals: tuple[Seal, ...]
    began: float
    before: int  # bytes that the process itself had before

    def ready(self) -> Ready:
        """Return what the owner is told, as soon as everything else is there."""
        files, weights = parts_of(self.spec.path), self.header.shape.weights.total
        memory, vram = measured(files, weights=weights, before=self.before, buffers=bindings.BUFFERS)
        return Ready(
            name=self.header.name,
            sha256=self.seals[0].sha256,
            architecture=self.header.architecture,
            quantisation=self.header.quantisation,
            context=self.spec.context,
            slots=self.spec.slots,
            load_seconds=round(time.monotonic() - self.began, 3),
            adapters=tuple(one.sha256 for one in self.seals[1:]),
            template=sha256(self.header.chat_template.encode(errors="replace")).hexdigest(),
            engine=f"llama-cpp-python {llama_cpp.__version__}",
            memory=memory,
            vram=vram,
        )


def load(spec: EngineSpec, header: Header) -> Loaded:
    """Load a model whose header was read. Raises BadModel before llama.cpp sees what is not as it must be."""
    began = time.monotonic()
    check_memory(header, spec, offloads=bool(llama_cpp.llama_supports_gpu_offload()))
    _check_adapters(spec, header)
    seals = _seals(spec)
    before = own_memory()
    model, context = bindings.open_model(spec)
    check_unbroken(seals)
    return Loaded(spec, header, model, context, seals, began, before)


def read_spec(spec: EngineSpec) -> tuple[EngineSpec, Header]:
    """Return the spec, with no more context than its model was trained for, and the header. Raises BadModel."""
    header = read_header(spec.path)
    return replace(spec, context=min(spec.context, header.context or spec.context)), header


def _check_adapters(spec: EngineSpec, header: Header) -> None:
    if not spec.adapters:
        return
    tensors: dict[str, Tensor] = {}
    for part in parts_of(spec.path):
        tensors |= {tensor.name: tensor for tensor in read_container(part).tensors}
    for adapter in spec.adapters:
        check_adapter(adapter, architecture=header.architecture, tensors=tensors)


def _seals(spec: EngineSpec) -> tuple[Seal, ...]:
    what = f"The file {shown(Path(spec.path).name)}"
    adapters = (
        seal(adapter.path, expected=adapter.sha256, what=f"The adapter {shown(Path(adapter.path).name)}")
        for adapter in spec.adapters
    )
    return (seal(spec.path, expected=spec.sha256, what=what), *adapters)
