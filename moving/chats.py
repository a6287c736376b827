"""A chat from elsewhere in the form in which it is stored: a tree of questions and answers, checked and bounded.

Each source has a module that says how its form is read (`chatgpt`, `own`). Nothing of theirs names a row here: messages
are told apart by names that hold within the one chat, and get ids of Hearth's own when they are stored.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from chat.forms import LONGEST_QUESTION

LONGEST_TEXT = LONGEST_QUESTION  # characters of one message
LONGEST_TITLE = 200
MOST_MESSAGES = 10_000  # of one chat
TICK = timedelta(microseconds=1)
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)


class NotTaken(Exception):
    """This chat, or this file, cannot be taken; the message is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Node:
    """One message as a source has it. `role` is empty for what is no question and no answer."""

    name: str
    parent: str | None
    role: str = ""
    text: str = ""
    at: datetime | None = None
    model: str = ""


@dataclass(slots=True)
class Said:
    """One message as it is stored: behind the message at the place `parent`, or first."""

    parent: int | None
    role: str
    text: str
    at: datetime
    model: str = ""


@dataclass(slots=True)
class Chat:
    """A chat that can be stored: parents stand before their children. `head` is the place of the last one shown."""

    source: str
    key: str  # what the source calls it
    title: str
    began_at: datetime
    ended_at: datetime
    said: list[Said]
    head: int
    left_out: Counter[str] = field(default_factory=Counter)


def clean(text: object) -> str:
    """Return text that the database takes: without NUL, with line ends of one sort. No text at all is empty."""
    if not isinstance(text, str):
        return ""
    whole = text.replace("\x00", "").replace("\r\n", "\n")
    return whole.encode("utf-8", "replace").decode()  # half a surrogate pair is no character


def one_line(text: object, longest: int = LONGEST_TITLE) -> str:
    """Return a title or a name: one line, not too long."""
    return " ".join(clean(text).split())[:longest]


def moment(value: object) -> datetime | None:
    """Return a moment from seconds since 1970 or from ISO 8601, or nothing where it is none."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value)
            found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found = datetime.fromtimestamp(value, UTC)
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return found if found >= EARLIEST else None


def chat_from(
    nodes: Iterable[Node], *, source: str, key: str, title: object, head: object, left_out: Counter[str], now: datetime
) -> Chat:
    """Return the chat that these nodes make. Raises NotTaken where nothing is left of it, or too much is there."""
    named = _named(nodes)
    order, children = _from_the_roots(named)
    if lost := len(named) - len(order):
        left_out["unreachable"] += lost
    kept = _kept(order, named, left_out)
    if not kept:
        raise NotTaken(_("There is no question and no answer in it."))
    joined, where = _joined(kept, named, children)
    if len(joined) > MOST_MESSAGES:
        message = _("It has %(count)s messages; at most %(most)s are taken.")
        raise NotTaken(message % {"count": f"{len(joined):,}", "most": f"{MOST_MESSAGES:,}"})
    _check_lengths(joined)
    _settle_times(joined, now)
    return Chat(
        source=source,
        key=key,
        title=one_line(title),
        began_at=min(one.at for one in joined),
        ended_at=max(one.at for one in joined),
        said=joined,
        head=_leaf(joined, where.get(head) if isinstance(head, str) else None),
        left_out=+left_out,
    )


def _named(nodes: Iterable[Node]) -> dict[str, Node]:
    """Return the nodes by their names. Raises NotTaken where two have the same one."""
    named: dict[str, Node] = {}
    for node in nodes:
        if named.setdefault(node.name, node) is not node:
            raise NotTaken(_("Two of its messages have the same id."))
    return named


def _from_the_roots(named: Mapping[str, Node]) -> tuple[list[Node], dict[str, list[Node]]]:
    """Return the nodes so that each stands behind its parent, and the children of each.

    A parent that is not there makes its child a first message. What runs in a circle has no beginning and is not found.
    """
    children: dict[str, list[Node]] = defaultdict(list)
    order = []
    for node in sorted(named.values(), key=lambda one: one.at or EARLIEST):
        if node.parent is None or node.parent not in named:
            order.append(node)
        else:
            children[node.parent].append(node)
    for node in order:  # it grows while it is walked
        order.extend(children[node.name])
    return order, children


def _kept(order: Iterable[Node], named: Mapping[str, Node], left_out: Counter[str]) -> dict[str, str | None]:
    """Return what has a role and words, each with the nearest such message above it."""
    above: dict[str, str | None] = {}  # of every node, the nearest kept one: itself, where it is kept
    kept: dict[str, str | None] = {}
    for node in order:
        parent = above[node.parent] if node.parent in named and node.parent is not None else None
        if node.role and node.text.strip():
            kept[node.name] = parent
            above[node.name] = node.name
        else:
            above[node.name] = parent
            if node.role:
                left_out["empty"] += 1
    return kept


def _joined(
    kept: Mapping[str, str | None], named: Mapping[str, Node], children: Mapping[str, list[Node]]
) -> tuple[list[Said], dict[str, int]]:
    """Return the messages, and the place of each name. Words behind words of the same one, without a branch, are one.

    Between two parts of an answer the source may have had a tool's output, which is not taken.
    """
    below = Counter(parent for parent in kept.values() if parent is not None)
    said: list[Said] = []
    parts: list[list[str]] = []
    where: dict[str, int] = {}
    for name, parent in kept.items():
        node, place = named[name], None if parent is None else where[parent]
        if place is not None and parent is not None and below[parent] == 1 and said[place].role == node.role:
            parts[place].append(node.text)
            said[place].model = node.model or said[place].model
            where[name] = place
            continue
        where[name] = len(said)
        said.append(Said(place, node.role, "", node.at or EARLIEST, node.model))
        parts.append([node.text])
    for one, texts in zip(said, parts, strict=True):
        one.text = "\n\n".join(texts).strip()
    return said, where


def _check_lengths(said: Iterable[Said]) -> None:
    longest = max(len(one.text) for one in said)
    if longest > LONGEST_TEXT:
        message = _("One of its messages has %(length)s characters; at most %(most)s are taken.")
        raise NotTaken(message % {"length": f"{longest:,}", "most": f"{LONGEST_TEXT:,}"})


def _settle_times(said: list[Said], now: datetime) -> None:
    """Let no message be of the future, or older than what it answers, or as old as another: time is their order."""
    latest = now - len(said) * TICK
    first = min((one.at for one in said if one.at != EARLIEST), default=latest)
    last: dict[int | None, datetime] = {}
    for one in said:
        at = min(first if one.at == EARLIEST else one.at, latest)
        above = said[one.parent].at + TICK if one.parent is not None else at
        before = last[one.parent] + TICK if one.parent in last else at
        one.at = last[one.parent] = max(at, above, before)


def _leaf(said: list[Said], start: int | None) -> int:
    """Return the end of the branch that goes on from there, by the latest child; with nothing named, the latest end."""
    children: dict[int | None, int] = {}
    for place, one in enumerate(said):
        children[one.parent] = place
    at = start if start is not None else children[None]
    while at in children:
        at = children[at]
    return at


def key_of(value: Mapping[str, Any], *names: str) -> str:
    """Return the first of these that is a text with something in it."""
    found = (value.get(name) for name in names)
    return next((text[:200] for text in found if isinstance(text, str) and text), "")
