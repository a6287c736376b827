"""The few words a tab may say to the socket."""

import json
from dataclasses import dataclass
from uuid import UUID

from chat.tail import order_of


class Malformed(Exception):
    """The tab said something that is not in the language; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Follow:
    """Tell me this answer, from behind this cursor on ("0": from its beginning)."""

    generation: UUID
    after: str


@dataclass(frozen=True, slots=True)
class Seen:
    """I have applied what you told me of this answer up to this cursor."""

    generation: UUID
    cursor: str


@dataclass(frozen=True, slots=True)
class Watch:
    """Tell me the board of models for a while."""


Word = Follow | Seen | Watch
NAMES: dict[str, tuple[str, ...]] = {"follow": ("generation", "after"), "seen": ("generation", "cursor"), "watch": ()}


def parse(text: str) -> Word:
    """Return the word in a text frame. Raises Malformed."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("This is not JSON.") from None
    if not isinstance(content, dict) or content.get("type") not in tuple(NAMES):
        raise Malformed("Known words are follow, seen and watch.")
    values = [content.get(name) for name in NAMES[content["type"]]]
    if set(content) != {"type", *NAMES[content["type"]]} or not all(isinstance(v, str) and len(v) < 64 for v in values):
        raise Malformed(f"{content['type']} takes {' and '.join(NAMES[content['type']]) or 'nothing'}, as text.")
    if content["type"] == "watch":
        return Watch()
    return _word(content["type"], str(values[0]), str(values[1]))


def _word(kind: str, generation: str, cursor: str) -> Word:
    try:
        pk, _ = UUID(generation), order_of(cursor)
    except (ValueError, OverflowError):
        raise Malformed("The generation is a UUID and the cursor a stream id.") from None
    return Follow(pk, cursor) if kind == "follow" else Seen(pk, cursor)
