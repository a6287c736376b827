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
    LENGTH = "length"  # max_tokens or the context window was reached
    STOPPED = "stopped"  # somebody asked
    TOO_LONG = "too_long"  # the question alone does not fit; nothing was generated
    FAILED = "failed"  # the engine could not go on; `detail` says why


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """How to load one model file. Sizes in tokens; `threads` 0 means: choose by the machine."""

    path: str
    slots: int = 8
    context: int = 4096  # tokens per slot
    batch: int = 512  # the most tokens in one decode step
    prefill_chunk: int = 128  # the most tokens of one prompt in one decode step
    threads: int = 0
    gpu_layers: int = 0
    flash_attention: bool = False


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
    """The model is loaded. `sha256` is of the file, in hex."""

    name: str
    sha256: str
    architecture: str
    quantisation: str
    context: int
    slots: int
    load_seconds: float


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
class Piece:
    """Words that follow those before them: never half a character."""

    id: str
    text: str


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


Event = Started | Piece | Ended


class EngineDied(Exception):
    """The process behind the engine is gone; every request in it has to be tried again."""


class Engine(Protocol):
    """Answers many requests at once. Not thread-safe: one owner submits, cancels and polls."""

    ready: Ready

    def submit(self, request: Request) -> None:
        """Queue a request; at most `ready.slots` run at once, the owner keeps to that."""

    def cancel(self, id: str) -> None:
        """End a request between two steps; its Ended(STOPPED) follows. Unknown ids are ignored."""

    def poll(self, timeout: float) -> Sequence[Event]:
        """Return what happened, waiting at most `timeout` seconds for the first event. Raises EngineDied."""

    def close(self) -> None:
        """Let go of the model."""
