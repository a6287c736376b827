"""Every frame that the socket carries to a tab: facts, in the past participle. The page's handlers are named alike."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class AnswerQueued:
    """The answer waits; `ahead` answers must end before it begins, about `wait_seconds` from now."""

    type: ClassVar[str] = "answer.queued"
    generation: str
    ahead: int
    wait_seconds: float | None


@dataclass(frozen=True, slots=True)
class AnswerStarted:
    """A model reads the question; `left_out` of the oldest turns no longer fitted."""

    type: ClassVar[str] = "answer.started"
    generation: str
    model: str
    left_out: int


@dataclass(frozen=True, slots=True)
class AnswerGrew:
    """From `at` (in UTF-16 code units) on, the answer reads `text`."""

    type: ClassVar[str] = "answer.grew"
    generation: str
    cursor: str
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class AnswerEnded:
    """No more words come. `length` is that of the whole answer in UTF-16 code units; `cut` offers to go on."""

    type: ClassVar[str] = "answer.ended"
    generation: str
    cursor: str
    state: str
    reason: str
    tokens_per_second: float | None
    output_tokens: int
    length: int
    cut: bool


@dataclass(frozen=True, slots=True)
class ConversationRenamed:
    """A conversation of this person has another title."""

    type: ClassVar[str] = "conversation.renamed"
    conversation: str
    title: str


@dataclass(frozen=True, slots=True)
class ConversationRemoved:
    """A conversation of this person is gone."""

    type: ClassVar[str] = "conversation.removed"
    conversation: str


@dataclass(frozen=True, slots=True)
class ConversationChanged:
    """Something in the list of this person's conversations is otherwise; without an id: in many of them."""

    type: ClassVar[str] = "conversation.changed"
    conversation: str


@dataclass(frozen=True, slots=True)
class NoticePosted:
    """There is something that this person must know; the page asks for its words."""

    type: ClassVar[str] = "notice.posted"


@dataclass(frozen=True, slots=True)
class BoardDrawn:
    """A part of the board of models reads `html` now; nothing: it is gone."""

    type: ClassVar[str] = "board.drawn"
    part: str
    html: str


@dataclass(frozen=True, slots=True)
class FollowRefused:
    """There is no such answer, or it is not yours."""

    type: ClassVar[str] = "follow.refused"
    generation: str


@dataclass(frozen=True, slots=True)
class SocketRefused:
    """The socket did not understand; `reason` is a sentence."""

    type: ClassVar[str] = "socket.refused"
    reason: str


Frame = (
    AnswerQueued
    | AnswerStarted
    | AnswerGrew
    | AnswerEnded
    | ConversationRenamed
    | ConversationRemoved
    | ConversationChanged
    | NoticePosted
    | BoardDrawn
    | FollowRefused
    | SocketRefused
)
FRAMES: tuple[type[Frame], ...] = (
    AnswerQueued,
    AnswerStarted,
    AnswerGrew,
    AnswerEnded,
    ConversationRenamed,
    ConversationRemoved,
    ConversationChanged,
    NoticePosted,
    BoardDrawn,
    FollowRefused,
    SocketRefused,
)


def as_json(frame: Frame) -> dict[str, Any]:
    """Return the frame as the socket sends it."""
    return {"type": frame.type, **asdict(frame)}


def utf16_length(text: str) -> int:
    """Return the length as the browser counts it."""
    return len(text) + sum(1 for character in text if character > "\uffff")


def utf16_head(text: str, end: int) -> str:
    """Return the text up to a UTF-16 offset."""
    return text.encode("utf-16-le")[: 2 * end].decode("utf-16-le", errors="ignore")


def utf16_tail(text: str, start: int) -> str:
    """Return the text from a UTF-16 offset on."""
    return text.encode("utf-16-le")[2 * start :].decode("utf-16-le", errors="replace")
