"""The numbers in a model's header that say how much memory it takes. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

LAYER = re.compile(r"blk\.(\d+)\.")
MOST_LAYERS = 4096


@dataclass(frozen=True, slots=True)
class Weights:
    """Where the bytes of a file lie. `layers` holds each layer's."""

    layers: tuple[int, ...] = ()
    input: int = 0  # the tokens' vectors; llama.cpp leaves them in the machine's own memory
    output: int = 0  # from the last layer to the chances of tokens
    tied: bool = False  # there is no output of its own: the input is used twice

    @classmethod
    def of(cls, tensors: Iterable[tuple[str, int]]) -> "Weights":
        """Add up (name, bytes) of all tensors."""
        layers: dict[int, int] = {}
        first = rest = 0
        tied = True
        for name, size in tensors:
            if (match := LAYER.match(name)) and int(match[1]) < MOST_LAYERS:
                layers[int(match[1])] = layers.get(int(match[1]), 0) + size
            elif name.startswith("token_embd."):
                first += size
            else:
                rest += size
            tied = tied and not name.startswith("output.")
        return cls(tuple(layers.get(n, 0) for n in range(max(layers, default=-1) + 1)), first, rest, tied)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.layers) + self.input + self.output


@dataclass(frozen=True, slots=True)
class Shape:
    """A model's measures. Lengths in elements; `unsure` says why they do not tell its memory."""

    width: int = 0
    heads: int = 1
    heads_kv: int = 1  # the most of any layer
    heads_kv_each: tuple[int, ...] = ()  # of each layer, where they differ
    key_length: int = 0
    value_length: int = 0
    feed_forward: int = 0
    expert_feed_forward: int = 0
    vocabulary: int = 0
    merges: int = 0  # of pieces of words, where the vocabulary is made of them
    experts: int = 0
    experts_used: int = 0
    window: int = 0  # tokens that some layers look back; 0: every layer sees everything
    unsure: str = ""
    weights: Weights = field(default_factory=Weights)
