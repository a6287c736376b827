"""LoRA adapters: small files that change what a model says. Looked at before llama.cpp may see them.

llama.cpp only says that it could not load one; what is wrong with it is found here. The rules are those of its
`llama-adapter.cpp`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from models_admin.engine.container import BadModel, Container, Tensor, read_container, shown
from models_admin.engine.protocol import Adapter

ADAPTER = "adapter"  # the general.type of such files
A, B = ".lora_a", ".lora_b"
IGNORED = "_norm.weight"  # llama.cpp reads past them
FARTHEST = 100.0  # of a scale; adapters are trained for 1
Pairs = dict[str, tuple[Tensor, Tensor]]


@dataclass(frozen=True, slots=True)
class AdapterHeader:
    """What an adapter's file says of itself. Size in bytes."""

    name: str
    architecture: str
    base_model: str
    size: int


def read_adapter(path: str) -> AdapterHeader | None:
    """Return what an adapter says of itself, or None where the file is something else. Raises BadModel."""
    container = read_container(Path(path))
    if container.keys.get("general.type") != ADAPTER:
        return None
    architecture = _word(container, "general.architecture")
    _check_kind(container, architecture)
    _pairs(container)
    name = _word(container, "general.name") or shown(Path(path).stem)
    return AdapterHeader(name, architecture, _word(container, "general.base_model.0.name"), container.size)


def _word(container: Container, key: str) -> str:
    """Return a word of the metadata as one line; one that is no text counts as none."""
    value = container.keys.get(key)
    return shown(value) if isinstance(value, str) else ""


def check_adapter(adapter: Adapter, *, architecture: str, tensors: Mapping[str, Tensor]) -> int:
    """Return how many bytes of weights an adapter brings to a model of these tensors. Raises BadModel."""
    name = shown(Path(adapter.path).name)
    try:
        if not isfinite(adapter.scale) or abs(adapter.scale) > FARTHEST:
            raise BadModel(f"its weight must be a number from -{FARTHEST:.0f} to {FARTHEST:.0f}.")
        return sum(a.size + b.size for a, b in _pairs_for(adapter, architecture, tensors).values())
    except BadModel as error:
        raise BadModel(f"The adapter {name} cannot be used: {_begun_small(str(error))}") from error


def _begun_small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _pairs_for(adapter: Adapter, architecture: str, tensors: Mapping[str, Tensor]) -> Pairs:
    container = read_container(Path(adapter.path))
    _check_kind(container, architecture)
    pairs = _pairs(container)
    for name, (a, b) in pairs.items():
        if name not in tensors:
            raise BadModel(f"It changes {shown(name)}, which this model does not have: it belongs to another model.")
        if not _suits(name, tensors[name], a, b):
            raise BadModel(f"Its shape of {shown(name)} is not this model's: it belongs to a model of another size.")
    return pairs


def _check_kind(container: Container, architecture: str) -> None:
    keys = container.keys
    if keys.get("general.type", "model") != ADAPTER:
        raise BadModel("This is not a LoRA adapter.")
    if (kind := keys.get("adapter.type")) != "lora":
        raise BadModel(f"This is an adapter of another kind ({shown(str(kind))}), not LoRA.")
    if (other := keys.get("general.architecture")) != architecture:
        raise BadModel(f"It was made for models of the kind {shown(str(other))}, and this one is {architecture}.")
    if "adapter.alora.invocation_tokens" in keys:
        raise BadModel("It only acts behind certain words (aLoRA), and this engine applies adapters to everything.")
    if not isinstance(keys.get("adapter.lora.alpha", 0.0), float):
        raise BadModel("Its strength (alpha) is no number.")


def _pairs(container: Container) -> Pairs:
    halves: dict[str, dict[str, Tensor]] = {}
    for tensor in container.tensors:
        name, half = tensor.name[: -len(A)], tensor.name[-len(A) :]
        if half in (A, B):
            halves.setdefault(name, {})[half] = tensor
        elif not tensor.name.endswith(IGNORED):
            raise BadModel(f"It holds {shown(tensor.name)}, which is no part of a LoRA adapter.")
    if not halves:
        raise BadModel("It holds no weights.")
    for name, pair in halves.items():
        if len(pair) < 2:
            raise BadModel(f"Half of its change to {shown(name)} is missing.")
    return {name: (pair[A], pair[B]) for name, pair in halves.items()}


def _suits(name: str, tensor: Tensor, a: Tensor, b: Tensor) -> bool:
    """Whether B times A has the shape of the model's tensor. The tokens' vectors are kept the other way round."""
    if min(map(len, (tensor.shape, a.shape, b.shape))) < 2:
        return False
    if name.endswith("token_embd.weight"):
        return tensor.shape[:2] == (b.shape[1], a.shape[1]) and a.shape[0] == b.shape[0]
    return tensor.shape[:2] == (a.shape[0], b.shape[1]) and a.shape[1] == b.shape[0]
