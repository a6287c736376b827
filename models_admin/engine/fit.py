"""How much memory a model will take, foretold from its header and its settings before anything is loaded. Pure.

Each formula follows what llama.cpp allocates (its file in brackets) and was compared with what it then uses. All of it
is in bytes. Memory on GPUs is foretold by the same sources, where llama.cpp allocates everything at once.
"""

from dataclasses import dataclass

from models_admin.engine.header import Header
from models_admin.engine.protocol import EngineSpec
from models_admin.engine.shape import Shape

KV_BYTES = {"f16": 2.0, "q8_0": 34 / 32, "q4_0": 18 / 32}  # for each element; blocks of 32 carry a scale of 2 bytes
PAD = 256  # cells of a slot's cache come in such pieces
FLOAT = 4
ENGINE = 4_200_000  # measured: tables, graph and stacks of an engine with hardly any model
A_LAYER = 16_000  # measured: the names and nodes of a layer
A_CELL = 48  # measured: what llama.cpp notes of each cell of the cache
A_WORD = 155  # measured with nine vocabularies from 32,000 to 777,000 entries: 129 to 169 for each token or merge
CUDA_CONTEXT = 400 << 20  # about: kernels and the driver's own, for each process
SHARED_SHARE = 8  # the shelf of system prompts has an eighth of the conversations' (`cache.Cache`)


@dataclass(frozen=True, slots=True)
class Fit:
    """What a deployment takes, in bytes of the machine's own memory (ram) and of its GPUs (vram)."""

    weights_ram: int
    weights_vram: int
    kv_ram: int
    kv_vram: int
    compute_ram: int
    compute_vram: int
    shelf: int  # at most, and only as conversations come: nothing is refused for it
    unsure: str = ""  # why this may be far off, as a sentence

    @property
    def compute(self) -> int:
        """What a step takes beside weights and cache, wherever it is."""
        return self.compute_ram + self.compute_vram

    @property
    def total_ram(self) -> int:
        """What must be there when the model is loaded; the shelf is still empty."""
        return self.weights_ram + self.kv_ram + self.compute_ram

    @property
    def total_vram(self) -> int:
        """What must be there on the GPUs."""
        return self.weights_vram + self.kv_vram + self.compute_vram

    @property
    def full_ram(self) -> int:
        """What it takes at most: with a full shelf."""
        return self.total_ram + self.shelf


def predict(header: Header, spec: EngineSpec, *, offloads: bool, adapters: int = 0) -> Fit:
    """Return what a deployment will take.

    `offloads`: whether llama.cpp was built for GPUs; else every layer stays here. `adapters` are the bytes of the
    adapters' files. A model that was never trained for so long a context gets the one that it was trained for.
    """
    context = min(spec.context, header.context or spec.context)
    moved = moved_of(header, spec, offloads=offloads)
    kv = _kv(header, spec, context)
    weights_here, weights_there = _weights(header, moved)
    on_gpu = moved > 0
    share = _share(header, moved)
    return Fit(
        weights_ram=weights_here + int(adapters * (1 - share)),
        weights_vram=weights_there + int(adapters * share),
        kv_ram=int(sum(kv[: len(kv) - _layers_of(moved)])),
        kv_vram=int(sum(kv[len(kv) - _layers_of(moved) :])) if _layers_of(moved) else 0,
        compute_ram=_own(header, spec, context) + (_host if on_gpu else _step)(header, spec, context),
        compute_vram=CUDA_CONTEXT + _reserved(header, spec, context) if on_gpu else 0,
        shelf=spec.shelf_bytes + spec.shelf_bytes // SHARED_SHARE,
        unsure=_unsure(header),
    )


def moved_of(header: Header, spec: EngineSpec, *, offloads: bool) -> int:
    """Return how many parts of the model go to GPUs: the output first, then layers from the last one on.

    llama-model.cpp: a model of n layers has n + 1 parts, and fewer than none means all. The tokens' vectors stay.
    """
    parts = header.layers + 1
    if not offloads:
        return 0
    return parts if spec.gpu_layers < 0 else min(spec.gpu_layers, parts)


def _layers_of(moved: int) -> int:
    return max(0, moved - 1)


def _share(header: Header, moved: int) -> float:
    return _layers_of(moved) / max(1, header.layers)


def _weights(header: Header, moved: int) -> tuple[int, int]:
    """Return the weights' bytes here and on GPUs. llama.cpp maps the file: each byte of it is there once.

    Where the output is the tokens' vectors once more (tied) a GPU gets a copy of them.
    """
    weights = header.shape.weights
    total = weights.total or header.size
    layers = weights.layers or (header.size // max(1, header.layers),) * header.layers
    there = sum(layers[len(layers) - _layers_of(moved) :]) if _layers_of(moved) else 0
    if not moved:
        return total, 0
    return total - there - weights.output, there + weights.output + (weights.input if weights.tied else 0)


def cells_of(spec: EngineSpec, context: int) -> int:
    """Return the cells of the cache: so many for each slot, in whole pieces (llama-context.cpp)."""
    return spec.slots * _padded(context)


def _padded(context: int) -> int:
    return -(-context // PAD) * PAD


def _kv(header: Header, spec: EngineSpec, context: int) -> list[float]:
    """Return each layer's bytes of the cache: a key and a value for each cell and head (llama-kv-cache.cpp).

    Layers that look back only through a window keep everything all the same: the engine asks for that (`swa_full`).
    """
    shape = header.shape
    length = shape.key_length + shape.value_length
    each = [heads * length for heads in shape.heads_kv_each] or [header.kv_width] * header.layers
    return [width * KV_BYTES[spec.kv_type] * cells_of(spec, context) for width in each]


def _tokens(spec: EngineSpec, context: int) -> int:
    """Return the most tokens of a step: as set, but no more than all slots hold."""
    return min(max(spec.batch, 4 * spec.slots), cells_of(spec, context))


def _own(header: Header, spec: EngineSpec, context: int) -> int:
    """Return what the engine itself takes: its tables, the vocabulary, notes on layers and cells, the chances said."""
    shape = header.shape
    vocabulary = (shape.vocabulary + shape.merges) * A_WORD
    notes = header.layers * A_LAYER + cells_of(spec, context) * A_CELL
    return ENGINE + vocabulary + notes + spec.slots * shape.vocabulary * FLOAT


def _step(header: Header, spec: EngineSpec, context: int) -> int:
    """Return what a step of the largest batch touches here.

    Of the room for chances only what is asked about is used.
    """
    chances = spec.slots * header.shape.vocabulary * FLOAT
    return _largest_layer(header.shape, spec, context) + _mask(spec, context) + chances


def _reserved(header: Header, spec: EngineSpec, context: int) -> int:
    """Return what a GPU reserves for a step: chances after every token, though hardly any is ever asked about."""
    tokens = _tokens(spec, context)
    chances = tokens * (header.shape.vocabulary + 2 * header.shape.width) * FLOAT
    return max(_largest_layer(header.shape, spec, context), chances) + _mask(spec, context)


def _host(header: Header, spec: EngineSpec, context: int) -> int:
    """Return what stays here of a step on GPUs: the vectors that go in."""
    return _tokens(spec, context) * 2 * header.shape.width * FLOAT


def _mask(spec: EngineSpec, context: int) -> int:
    """Return the bytes of who may look at what: a half for each token and each cell of its slot (llama-graph.cpp).

    All of it is in use only once conversations are as long as they may get: a first step touches a part.
    """
    return _tokens(spec, context) * _padded(context) * 2


def _largest_layer(shape: Shape, spec: EngineSpec, context: int) -> int:
    """Return what the largest part of a layer holds at once, for every token of a step (llama-graph.cpp).

    Feed forward: gate, up and their product, and three vectors that go through. Experts: the same for each that is
    used. Attention: question, key, value and what was found; without flash attention all likenesses too.
    """
    forward = 3 * shape.feed_forward + 3 * shape.width
    if shape.experts_used:
        inner = shape.expert_feed_forward or shape.feed_forward
        forward = max(forward, shape.experts_used * (3 * inner + 2 * shape.width) + 3 * shape.width + shape.experts)
    attention = shape.heads * (shape.key_length + shape.value_length) + 3 * shape.width
    attention += shape.heads_kv * (shape.key_length + shape.value_length)
    if spec.flash_attention is False:
        attention += shape.heads * _padded(context)
    return _tokens(spec, context) * max(forward, attention) * FLOAT


def _unsure(header: Header) -> str:
    if header.embeds:
        return "The model turns texts into vectors; what it takes depends on how long they are."
    if not header.shape.width or not header.layers:
        return "The header does not say how large the model is."
    return header.shape.unsure
