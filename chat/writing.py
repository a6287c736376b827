"""One answer while a worker writes it: words come in, go to the stream at once and to PostgreSQL once a second."""

import time
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext_noop

from chat.frames import utf16_length
from chat.models import CUT, Generation
from models_admin.engine.protocol import Ended, EndReason

State = Generation.State
FULL = gettext_noop("This chat is as long as the model can read. Ask again in a new chat to go on.")
LATE = gettext_noop("The answer took longer than answers may take here. What it had said is kept.")
BROKEN = gettext_noop("The model could not go on with this answer.")
STATES = {
    EndReason.DONE: State.DONE,
    EndReason.LENGTH: State.DONE,
    EndReason.FULL: State.DONE,
    EndReason.STOPPED: State.STOPPED,
    EndReason.TOO_LONG: State.FAILED,
    EndReason.FAILED: State.FAILED,
}


@dataclass(slots=True)
class Writing:
    """An answer under way. `pending` has not reached the stream, `stored` says how much PostgreSQL has."""

    pk: UUID
    attempt: int
    model: str
    text: str
    length: int = 0  # of text without `pending`, in UTF-16 code units
    stored: int = 0
    pending: list[str] = field(default_factory=list)
    spoke: bool = False
    left_out: int = 0
    earlier_tokens: int = 0
    earlier_seconds: float = 0.0
    ended: Ended | None = None
    began: float = field(default_factory=time.monotonic)
    tells: bool = False  # why it failed is a sentence for people: a server elsewhere says what is wrong
    late: bool = False  # it was cut, since it took too long

    def __post_init__(self) -> None:
        self.length = utf16_length(self.text)
        self.stored = len(self.text)

    @property
    def id(self) -> str:
        """The engine's name for this attempt: what an earlier one still says cannot be taken for it."""
        return f"{self.pk}.{self.attempt}"

    @property
    def key(self) -> tuple[UUID, int]:
        """What fences its writes."""
        return self.pk, self.attempt

    def started(self, left_out: int) -> dict[str, object]:
        """Return the frame of its beginning: words that an earlier attempt said behind `at` do not count."""
        self.left_out = left_out
        return self.entry("answer.started", model=self.model, left_out=left_out, at=self.length)

    def entry(self, kind: str, **fields: object) -> dict[str, object]:
        """Return an entry of the stream, with the attempt that fences it."""
        return {"type": kind, "attempt": self.attempt, **fields}

    def add(self, piece: str) -> None:
        """Take words from the engine."""
        self.pending.append(piece)

    def grew(self) -> dict[str, object] | None:
        """Return the frame for the pending words and count them as said, or None without any."""
        if not self.pending:
            return None
        piece = "".join(self.pending)
        self.pending.clear()
        at = self.length
        self.text += piece
        self.length += utf16_length(piece)
        return self.entry("answer.grew", at=at, text=piece)

    def unsaved(self) -> str | None:
        """Return the text when PostgreSQL has less of it, else None."""
        return self.text if len(self.text) > self.stored else None

    def outcome(self) -> tuple[str, str]:
        """Return state and reason of the ended answer."""
        assert self.ended is not None
        if self.late:
            return State.FAILED, LATE
        reason = {
            EndReason.LENGTH: CUT,
            EndReason.FULL: FULL,
            EndReason.TOO_LONG: self.ended.detail,
            EndReason.FAILED: (self.tells and self.ended.detail) or BROKEN,
        }.get(self.ended.reason, "")
        return STATES[self.ended.reason], reason

    def facts(self) -> dict[str, object]:
        """Return what the row keeps of the engine's counts."""
        assert self.ended is not None
        return {
            "prompt_tokens": self.ended.prompt_tokens,
            "prefilled_tokens": self.ended.prefilled_tokens,
            "output_tokens": self.earlier_tokens + self.ended.output_tokens,
            "decode_seconds": self.earlier_seconds + self.ended.decode_seconds,
        }

    def ended_frame(self) -> dict[str, object]:
        """Return the stream's last entry; the facts of the end stand in PostgreSQL."""
        return self.entry("answer.ended")
