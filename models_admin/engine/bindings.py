"""The few things of llama.cpp that need care: a batch filled through numpy, its log, its parameters."""

import ctypes
import sys
import time
from pathlib import Path
from typing import Any, cast

import llama_cpp
import numpy as np

from models_admin.engine import tiles
from models_admin.engine.cores import cores
from models_admin.engine.footprint import Buffer, buffer_in
from models_admin.engine.header import BadModel
from models_admin.engine.protocol import EngineSpec

ERROR = 4  # ggml's log level
GROWTH = 4  # of a first step, until it is as large as steps get
KV_TYPES = {"f16": 1, "q8_0": 8, "q4_0": 2}  # ggml's numbers


class Batch:
    """Room for the tokens of one decode step; the arrays are numpy's, llama.cpp reads them in place."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.token = np.zeros(room, np.int32)
        self.pos = np.zeros(room, np.int32)
        self.logits = np.zeros(room, np.int8)
        self.seq = np.zeros(room, np.int32)
        self._ones = np.ones(room, np.int32)
        start, width = self.seq.ctypes.data, self.seq.itemsize
        self._seqs = (ctypes.POINTER(ctypes.c_int32) * room)(
            *(ctypes.cast(start + n * width, ctypes.POINTER(ctypes.c_int32)) for n in range(room))
        )
        self.size = 0
        self.struct = struct = cast(Any, llama_cpp.llama_batch())
        struct.token = self.token.ctypes.data_as(ctypes.POINTER(ctypes.c_int32))
        struct.pos = self.pos.ctypes.data_as(ctypes.POINTER(ctypes.c_int32))
        struct.n_seq_id = self._ones.ctypes.data_as(ctypes.POINTER(ctypes.c_int32))
        struct.seq_id = self._seqs
        struct.logits = self.logits.ctypes.data_as(ctypes.POINTER(ctypes.c_int8))

    def clear(self) -> None:
        """Forget the last step."""
        self.size = 0

    def add(self, tokens: list[int], *, slot: int, at: int, logits: int) -> int:
        """Append tokens of one slot from position `at` on; the last `logits` are asked about. Return the first row."""
        start, end = self.size, self.size + len(tokens)
        self.token[start:end] = tokens
        self.pos[start:end] = np.arange(at, at + len(tokens))
        self.seq[start:end] = slot
        self.logits[start:end] = 0
        self.logits[end - logits : end] = 1
        self.size = end
        return end - logits

    def decode(self, context: Any) -> int:
        """Run one step. 0 is success; 1 means no room in the cache; anything else is an error."""
        self.struct.n_tokens = self.size
        return int(llama_cpp.llama_decode(context, self.struct))


BUFFERS: list[Buffer] = []  # what llama.cpp said it took since the last load began; a process hosts one model


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
def _log(level: int, text: bytes, _: Any) -> None:
    if level == ERROR:
        sys.stderr.write(text.decode(errors="replace"))
    elif b" buffer size =" in text and (buffer := buffer_in(text.decode(errors="replace"))):
        BUFFERS.append(buffer)


def quieten() -> None:
    """Let only llama.cpp's errors reach the log."""
    llama_cpp.llama_log_set(_log, ctypes.c_void_p(0))


def threads_for(spec: EngineSpec) -> int:
    """Return how many threads decode: as asked, or every core that this process may use."""
    return spec.threads or cores()


def open_model(spec: EngineSpec) -> tuple[Any, Any]:
    """Return llama.cpp's model and a context with a sequence per slot. Raises BadModel."""
    quieten()
    BUFFERS.clear()
    model = _load(spec)
    if not model:
        raise BadModel("llama.cpp cannot load this file: its architecture may be newer than this engine.")
    adapters = [_adapter(model, adapter.path) for adapter in spec.adapters]  # first: a context makes room for them
    params = _context_params(spec)
    context = llama_cpp.llama_init_from_model(model, params)
    if context and spec.embeddings and llama_cpp.llama_pooling_type(context) == llama_cpp.LLAMA_POOLING_TYPE_NONE:
        llama_cpp.llama_free(context)  # the file does not say how: the mean of the tokens, as most do
        params.pooling_type = llama_cpp.LLAMA_POOLING_TYPE_MEAN
        context = llama_cpp.llama_init_from_model(model, params)
    if not context:
        llama_cpp.llama_model_free(model)
        raise BadModel("There is no room in memory for so many slots and so long a context.")
    _apply(context, adapters, [adapter.scale for adapter in spec.adapters])
    return model, context


def _adapter(model: Any, path: str) -> Any:
    """Return a LoRA adapter; it goes with its model. Raises BadModel."""
    adapter = llama_cpp.llama_adapter_lora_init(model, path.encode())
    if not adapter:
        llama_cpp.llama_model_free(model)
        raise BadModel(f"llama.cpp cannot load the adapter {Path(path).name} on top of this model.")
    return adapter


def _apply(context: Any, adapters: list[Any], scales: list[float]) -> None:
    """Have all answers of a context pass through these adapters."""
    if adapters:
        handles = (llama_cpp.llama_adapter_lora_p_ctypes * len(adapters))(*adapters)
        llama_cpp.llama_set_adapters_lora(context, handles, len(adapters), (ctypes.c_float * len(scales))(*scales))


def take_first_step(context: Any, batch: Batch, *, slots: int, most: int, limit: float) -> None:
    """Take a step as large as steps get, and forget it: what a step needs is there then, and measured.

    `most` is how many tokens a slot holds. Steps grow until the next might take `limit` seconds. Raises BadModel.
    """
    largest, each, seconds = min(most, max(1, batch.room // slots)), 0, 0.0
    while each < largest and seconds * GROWTH < limit:
        each = min(largest, max(1, each * GROWTH))
        began = time.monotonic()
        _step_in_vain(context, batch, slots=slots, each=each)
        seconds = time.monotonic() - began


def _step_in_vain(context: Any, batch: Batch, *, slots: int, each: int) -> None:
    batch.clear()
    for slot in range(slots):
        batch.add([0] * each, slot=slot, at=0, logits=1)
    failed = batch.decode(context)
    batch.clear()
    llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(context), False)
    if failed:
        raise BadModel(f"The model was loaded, but a first step with it failed (code {failed}).")


def forgets_in_part(model: Any) -> bool:
    """Whether a sequence can be cut at any token: recurrent models only know their latest state."""
    return not (llama_cpp.llama_model_is_recurrent(model) or llama_cpp.llama_model_is_hybrid(model))


def _load(spec: EngineSpec) -> Any:
    params = llama_cpp.llama_model_default_params()
    params.n_gpu_layers = spec.gpu_layers
    params.main_gpu = spec.main_gpu
    params.use_extra_bufts = tiles.are_sound()
    if spec.tensor_split:
        # llama.cpp copies it while it loads; unnamed GPUs get nothing
        shares = (ctypes.c_float * llama_cpp.llama_max_devices())(*spec.tensor_split)
        params.tensor_split = shares
    return llama_cpp.llama_model_load_from_file(spec.path.encode(), params)


def _context_params(spec: EngineSpec) -> Any:
    params = llama_cpp.llama_context_default_params()
    params.n_seq_max = spec.slots
    params.n_ctx = spec.slots * spec.context
    params.n_batch = params.n_ubatch = max(spec.batch, 4 * spec.slots)
    params.kv_unified = False  # ten times the tokens/s at 32 streams
    params.swa_full = True  # else the next turn cannot take up a slot where it was left
    params.n_threads = params.n_threads_batch = threads_for(spec)
    params.flash_attn_type = -1 if spec.flash_attention is None else int(spec.flash_attention)
    params.type_k = params.type_v = KV_TYPES[spec.kv_type]
    params.no_perf = True
    if spec.embeddings:
        params.embeddings = True
        params.n_ctx = spec.batch if spec.batch > spec.context else spec.slots * spec.context
        params.kv_unified = True  # one batch, read once, forgotten
    return params


def likeliest(context: Any, row: int, size: int) -> int:
    """Return the likeliest token of a row, five times as fast as a sampler that sorts candidates first."""
    logits = np.ctypeslib.as_array(llama_cpp.llama_get_logits_ith(context, row), shape=(size,))
    return int(logits.argmax())
