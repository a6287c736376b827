"""What crosses the seam between Hearth and an inference engine: plain, frozen values and one protocol.

Everything here is JSON-friendly, because in production it crosses a pipe to a child process.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class EndReason(StrEnum):
    """Why an answer ended."""

    DONE = "done"  # the model said so, or a stop string was met
    LENGTH = "length"  # max_tokens or the context window was reached; it may go on where older turns make room
    FULL = "full"  # question and answer fill the context window: it cannot go on
    STOPPED = "stopped"  # somebody asked
    TOO_LONG = "too_long"  # the question alone does not fit; nothing was generated
    FAILED = "failed"  # the engine could not go on; `detail` says why


@dataclass(frozen=True, slots=True)
class Adapter:
    """A LoRA adapter on top of a model, with a weight of its own. `sha256`, in hex, is what the file must be."""

    path: str
    scale: float = 1.0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """How to load one model file. Sizes in tokens; `threads` 0 means: choose by the machine."""

    path: str  # of the first part, where the model was split
    sha256: str = ""  # what the file must be, in hex; nothing: whatever it is
    adapters: tuple[Adapter, ...] = ()  # for every answer of this engine: no state of it is another engine's
    slots: int = 8
    context: int = 4096  # tokens per slot
    batch: int = 512  # the most tokens in one decode step
    step_seconds: float = 0.25  # how long a step that reads prompts should take
    warm_seconds: float = 5.0  # that a first step may take; on slow machines steps never get as large as they might
    shelf_bytes: int = 1 << 30  # memory for the states of conversations that lost their slot
    threads: int = 0
    gpu_layers: int = 0
    main_gpu: int = 0
    tensor_split: tuple[float, ...] = ()  # shares of the GPUs
    flash_attention: bool | None = None  # None: llama.cpp decides
    kv_type: str = "f16"  # of the KV cache: f16, q8_0, q4_0
    embeddings: bool = False  # the model turns texts into vectors and says nothing


@dataclass(frozen=True, slots=True)
class Sampling:
    """How words are chosen. temperature 0 is greedy."""

    temperature: float = 0.7
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.0
    seed: int = 0
    max_tokens: int = 1024
    stop: tuple[str, ...] = ()
    grammar: str = ""  # GBNF: the answer is a sentence of it
    json_schema: str = ""  # a JSON schema as JSON: the answer is a document of it
    chances: int = 0  # tell each token's log-probability and those of so many likeliest
    lookup: bool = False  # guess from what stands in the conversation; the answer stays the same


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation; role is system, user or assistant."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Request:
    """One answer to write. `seat` names the conversation, so that its next turn finds its slot again.

    `prefix` holds the words of the answer that were already shown: the answer goes on behind them, and they are not
    said again.
    """

    id: str
    seat: str
    turns: tuple[Turn, ...]
    sampling: Sampling = field(default_factory=Sampling)
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """The model is loaded. `sha256` is of the file, in hex, `adapters` are the hashes of the adapters, in order."""

    name: str
    sha256: str
    architecture: str
    quantisation: str
    context: int
    slots: int
    load_seconds: float
    adapters: tuple[str, ...] = ()
    template: str = ""  # the hash of the chat template, in hex
    engine: str = ""  # what it is, and its version
    memory: int = 0  # bytes of the machine's own memory after a first step, measured (`footprint`)
    vram: int = 0  # bytes on GPUs
    leaves: bool = False  # what it is asked leaves the premises


@dataclass(frozen=True, slots=True)
class Refused:
    """The model cannot be loaded; `reason` is a sentence for an administrator."""

    reason: str


@dataclass(frozen=True, slots=True)
class Started:
    """The prompt has been accepted into a slot. `left_out` counts the oldest turns dropped to fit the context."""

    id: str
    prompt_tokens: int
    reused_tokens: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Chance:
    """A token that was said, its natural log-probability, and the likeliest tokens at its place with theirs."""

    token: str
    logprob: float
    likeliest: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that follow those before them: never half a character. `chances` where they were asked for."""

    id: str
    text: str
    chances: tuple[Chance, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """The answer is over. Times in seconds; `detail` is a sentence without message text."""

    id: str
    reason: EndReason
    detail: str = ""
    prompt_tokens: int = 0
    prefilled_tokens: int = 0
    output_tokens: int = 0
    prefill_seconds: float = 0.0
    decode_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Embed:
    """Texts to turn into vectors."""

    id: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Embedded:
    """A vector of length one for each text, in their order. `cut` counts those longer than the model reads."""

    id: str
    vectors: tuple[tuple[float, ...], ...]
    tokens: int
    cut: int = 0


class Doing(StrEnum):
    """What a slot does."""

    NOTHING = "nothing"
    READING = "reading"
    SAYING = "saying"


@dataclass(frozen=True, slots=True)
class Cell:
    """A slot: what it does, and how many tokens it holds."""

    doing: Doing
    tokens: int


@dataclass(frozen=True, slots=True)
class Status:
    """How an engine stands, about once a second while it works: whoever hears it knows that it does not hang.

    `said` and `read` count the tokens of answers and prompts since it was loaded.
    """

    cells: tuple[Cell, ...]
    said: int = 0
    read: int = 0


Event = Started | Piece | Ended


class EngineDied(Exception):
    """The process behind the engine is gone; every request in it has to be tried again."""


class Engine(Protocol):
    """Answers many requests at once. Not thread-safe: one owner submits, cancels and polls."""

    ready: Ready

    @property
    def status(self) -> Status:
        """How it stands."""

    def submit(self, request: Request) -> None:
        """Queue a request; at most `ready.slots` run at once, the owner keeps to that."""

    def cancel(self, id: str) -> None:
        """End a request between two steps; its Ended(STOPPED) follows. Unknown ids are ignored."""

    def poll(self, timeout: float) -> Sequence[Event]:
        """Return what happened, waiting at most `timeout` seconds for the first event. Raises EngineDied."""

    def close(self) -> None:
        """Let go of the model."""
