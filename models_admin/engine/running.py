"""One request in a slot, from its prompt to its last word. Pure."""

import time
from dataclasses import dataclass, field
from typing import Any

from models_admin.engine.lookup import Lookup
from models_admin.engine.protocol import Ended, EndReason, Request
from models_admin.engine.slots import Slot
from models_admin.engine.text import Words


@dataclass(slots=True)
class Running:
    """`unread` is what is left of its prompt; afterwards `last` is the token to feed and `guess` what may follow it."""

    request: Request
    slot: Slot
    unread: list[int]
    chain: Any
    prompt_tokens: int
    said_before: int
    plain: bool = False  # the likeliest token is taken each time: no sampler is needed
    share_at: int = 0  # when the slot holds so many tokens, they are kept for everybody
    words: Words = field(init=False)
    lookup: Lookup | None = None
    guess: list[int] = field(default_factory=list)
    feed: list[int] = field(default_factory=list)  # the tokens of the next step, the last `asked` of them with logits
    asked: int = 0
    said: list[int] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    last: int = -1
    row: int = -1
    prefilled: int = 0
    began: float = field(default_factory=time.monotonic)
    spoke: float = 0.0

    def __post_init__(self) -> None:
        self.words = Words(self.request.sampling.stop)

    @property
    def readable(self) -> int:
        """How many prompt tokens one step may read: not beyond what everybody shares, which is kept when just read."""
        return min(len(self.unread), self.share_at - len(self.slot.cached)) if self.share_at else len(self.unread)

    @property
    def left(self) -> int:
        """How many tokens may still be said."""
        return self.request.sampling.max_tokens - self.said_before - len(self.said)

    def guess_from(self, tokens: list[int]) -> None:
        """Guess what comes next from these tokens and what is said behind them."""
        self.lookup = Lookup()
        self.lookup.add(tokens)

    def read(self, count: int) -> None:
        """The next step reads so many tokens of the prompt."""
        self.feed, self.unread = self.unread[:count], self.unread[count:]
        self.asked = 0 if self.unread else 1
        self.prefilled += count

    def hear(self, token: int) -> None:
        """A token was chosen."""
        self.said.append(token)
        self.last = token
        if self.lookup is not None:
            self.lookup.add([token])

    def ended(self, reason: EndReason, detail: str, now: float) -> Ended:
        """Return the event of its end, with the counts."""
        spoke = self.spoke or now
        return Ended(
            id=self.request.id,
            reason=reason,
            detail=detail,
            prompt_tokens=self.prompt_tokens,
            prefilled_tokens=self.prefilled,
            output_tokens=len(self.said),
            prefill_seconds=round(spoke - self.began, 4),
            decode_seconds=round(now - spoke, 4),
        )
