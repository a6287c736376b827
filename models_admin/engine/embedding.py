"""Turns texts into vectors, many texts in one step."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import llama_cpp
import numpy as np

from models_admin.engine import bindings, loading
from models_admin.engine.protocol import Embed, Embedded, EngineSpec
from models_admin.engine.vocabulary import Vocabulary


class EmbeddingEngine:
    """An embedding model in this process. Raises BadModel when the file cannot be hosted."""

    def __init__(self, spec: EngineSpec) -> None:
        spec, header = loading.read_spec(spec)
        # A text is read whole, in one step, or not at all: models that look both ways need that.
        self.spec = spec = replace(spec, batch=max(spec.batch, spec.context))
        loaded = loading.load(spec, header)
        self.model, self.context = loaded.model, loaded.context
        self.vocabulary = Vocabulary(self.model)
        self.width = int(llama_cpp.llama_model_n_embd(self.model))
        self.batch = bindings.Batch(spec.batch)
        self.ready = loaded.ready()

    def embed(self, wish: Embed) -> Embedded:
        """Return the vectors of these texts, each of length one. What is longer than the context is cut."""
        texts = [self.vocabulary.marked(text) for text in wish.texts]
        cut = sum(len(tokens) > self.spec.context for tokens in texts)
        texts = [tokens[: self.spec.context] for tokens in texts]
        vectors: dict[int, tuple[float, ...]] = {}
        for together in packed([len(tokens) for tokens in texts], room=self.batch.room, most=self.spec.slots):
            vectors |= self._step({n: texts[n] for n in together})
        ordered = tuple(vectors.get(n, (0.0,) * self.width) for n in range(len(texts)))
        return Embedded(wish.id, ordered, sum(map(len, texts)), cut)

    def close(self) -> None:
        """Let go of the model."""
        llama_cpp.llama_free(self.context)
        llama_cpp.llama_model_free(self.model)

    def _step(self, texts: dict[int, list[int]]) -> dict[int, tuple[float, ...]]:
        if memory := llama_cpp.llama_get_memory(self.context):
            llama_cpp.llama_memory_clear(memory, True)
        self.batch.clear()
        for slot, tokens in enumerate(texts.values()):
            self.batch.add(tokens, slot=slot, at=0, logits=len(tokens))
        failed = self.batch.decode(self.context)
        if failed:
            raise RuntimeError(f"The embedding model could not take a step (code {failed}).")
        return {n: self._vector(slot) for slot, n in enumerate(texts)}

    def _vector(self, slot: int) -> tuple[float, ...]:
        pointer = llama_cpp.llama_get_embeddings_seq(self.context, slot)
        vector = np.ctypeslib.as_array(pointer, shape=(self.width,)).astype(np.float64)
        length = float(np.linalg.norm(vector)) or 1.0
        return tuple(round(float(value), 7) for value in vector / length)


def packed(sizes: Sequence[int], *, room: int, most: int) -> Iterator[list[int]]:
    """Group texts by size, as many as fit: at most `most` texts and `room` tokens. Empty texts are left out."""
    together: list[int] = []
    used = 0
    for n in sorted((n for n, size in enumerate(sizes) if size), key=lambda n: sizes[n]):
        if together and (used + sizes[n] > room or len(together) == most):
            yield together
            together, used = [], 0
        together.append(n)
        used += sizes[n]
    if together:
        yield together
