"""A first-class fake: says what can be computed beforehand, at a chosen pace, and breaks where it is told to.

The path says how: `stub:?words=40&rate=20&slots=8&crash_at=17`. A question may set its own pace and length:
`[[words=500]] [[rate=10]]`; `[[stamp=1]]` makes each word its number and the moment it was said. Faults: crash_at,
segfault_at, hang_at, raise_at (the number of a word).
"""

import hashlib
import os
import re
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from models_admin.engine.protocol import (
    Cell,
    Doing,
    Ended,
    EndReason,
    EngineSpec,
    Event,
    Piece,
    Ready,
    Request,
    Started,
    Status,
)

SYLLABLES = ("ka", "lo", "mi", "ten", "ra", "shu", "🔥", "é", "vor", "na", "pel", "zi", "dum", "ost", "qui", "ber")
DIRECTIVE = re.compile(r"\[\[(\w+)=([\d.]+)\]\]")


def reference_text(question: str, words: int) -> str:
    """Return the whole answer to a question: the same on every machine and in every attempt."""
    return "".join(_word(question, n) for n in range(words))


def _word(question: str, n: int) -> str:
    digest = hashlib.sha256(f"{n}:{question}".encode()).digest()
    word = "".join(SYLLABLES[byte % 16] for byte in digest[: 1 + digest[3] % 3])
    return word + ("\n\n" if n % 40 == 39 else " ")


@dataclass(slots=True)
class Saying:
    """An answer under way."""

    request: Request
    question: str
    words: int
    rate: float
    began: float
    first: int  # words said by earlier attempts
    said: int
    stamped: bool = False


class StubEngine:
    """An Engine without a model."""

    def __init__(self, spec: EngineSpec) -> None:
        self.options = {name: float(value) for name, value in parse_qsl(spec.path.partition("?")[2])}
        slots = int(self.options.get("slots", spec.slots))
        if reason := self.options.get("refuse"):
            raise ValueError(f"The stub was told to refuse ({reason}).")
        digest = hashlib.sha256(spec.path.encode()).hexdigest()
        if spec.sha256 not in ("", digest):
            raise ValueError("The file stub is not the one that was registered: its hash differs.")
        self.ready = Ready("Stub", digest, "stub", "none", spec.context, slots, 0.0, engine="stub")
        self.saying: dict[str, Saying] = {}
        self.events: list[Event] = []
        self.said = self.read = 0

    @property
    def status(self) -> Status:
        """Answers sit in the first slots."""
        cells = [Cell(Doing.SAYING, one.said) for one in self.saying.values()]
        idle = [Cell(Doing.NOTHING, 0)] * (self.ready.slots - len(cells))
        return Status((*cells, *idle), self.said, self.read)

    @property
    def busy(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.saying or self.events)

    def submit(self, request: Request) -> None:
        """Begin to say a reference text behind what was said already."""
        question = request.turns[-1].text
        wishes = self.options | {name: float(value) for name, value in DIRECTIVE.findall(question)}
        words = min(int(wishes.get("words", 40)), request.sampling.max_tokens)
        first = _words_in(request.prefix, question, words)
        rate = wishes.get("rate", 0)
        stamped = bool(wishes.get("stamp"))
        self.saying[request.id] = Saying(request, question, words, rate, time.monotonic(), first, first, stamped)
        tokens = sum(len(turn.text.split()) for turn in request.turns)
        self.read += tokens
        self.events.append(Started(request.id, tokens, 0, 0))
        if cut := reference_text(question, first)[len(request.prefix) :]:
            self.events.append(Piece(request.id, cut))

    def cancel(self, id: str) -> None:
        """End an answer."""
        if saying := self.saying.get(id):
            self._end(saying, EndReason.STOPPED)

    def poll(self, timeout: float) -> Sequence[Event]:
        """Say the words whose time has come; at the most a word each when there is no pace."""
        now = time.monotonic()
        for saying in list(self.saying.values()):
            due = saying.words if not saying.rate else saying.first + int((now - saying.began) * saying.rate)
            self._say(saying, min(due, saying.words, saying.said + 8))
        if not self.events and self.saying:
            time.sleep(min(timeout, 0.005))
        events, self.events = self.events, []
        return events

    def close(self) -> None:
        """Nothing to let go of."""
        self.saying.clear()

    def _say(self, saying: Saying, upto: int) -> None:
        for n in range(saying.said, upto):
            self._break_at(n, saying)
            word = f"{n}.{round(time.time() * 1000)} " if saying.stamped else _word(saying.question, n)
            self.events.append(Piece(saying.request.id, word))
        self.said += max(0, upto - saying.said)
        saying.said = max(saying.said, upto)
        if saying.said >= saying.words:
            self._end(saying, EndReason.DONE)

    def _break_at(self, n: int, saying: Saying) -> None:
        wishes = self.options | {name: float(value) for name, value in DIRECTIVE.findall(saying.question)}
        if wishes.get("crash_at") == n:
            os.abort()
        if wishes.get("segfault_at") == n:
            os.kill(os.getpid(), signal.SIGSEGV)
        if wishes.get("hang_at") == n:
            time.sleep(3600)
        if wishes.get("raise_at") == n:
            raise RuntimeError("the stub was told to raise")

    def _end(self, saying: Saying, reason: EndReason) -> None:
        seconds = time.monotonic() - saying.began
        said = saying.said - saying.first
        tokens = sum(len(turn.text.split()) for turn in saying.request.turns)
        self.events.append(
            Ended(saying.request.id, reason, "", tokens, tokens, said, 0.0, round(max(seconds, 1e-3), 4))
        )
        del self.saying[saying.request.id]


def _words_in(prefix: str, question: str, words: int) -> int:
    """Return how many whole or begun words of the reference text a prefix holds. Raises ValueError for another text."""
    length = n = 0
    while length < len(prefix) and n < words:
        length += len(_word(question, n))
        n += 1
    if not reference_text(question, n).startswith(prefix):
        raise ValueError("the words already shown are not this answer's")
    return n
