"""Hearth's own form of a chat, as `chat.papers` writes it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from moving.chats import Chat, Node, NotTaken, chat_from, clean, key_of, moment, one_line

SOURCE = "hearth"
ROLES = ("user", "assistant")
MOST_FILES = 20  # that one question names


def is_one(value: Mapping[str, Any]) -> bool:
    """Whether this is a chat of Hearth's."""
    return isinstance(value.get("conversation"), dict) and isinstance(value.get("messages"), list)


def read(value: Mapping[str, Any], *, now: datetime) -> Chat:
    """Return the chat. Raises NotTaken."""
    facts, left_out = value["conversation"], Counter[str]()
    return chat_from(
        _nodes(value["messages"], left_out),
        source=SOURCE,
        key=key_of(facts, "id"),
        title=facts.get("title"),
        head=facts.get("head"),
        left_out=left_out,
        now=now,
    )


def _nodes(messages: list[Any], left_out: Counter[str]) -> Iterator[Node]:
    for place, message in enumerate(messages):
        if not isinstance(message, dict):
            raise NotTaken(_("It is not built like a chat of Hearth."))
        yield _node(message, str(place), left_out)


def _node(message: Mapping[str, Any], place: str, left_out: Counter[str]) -> Node:
    """Return one message. One without an id is called by its place, which is nobody's parent."""
    name, parent, role = key_of(message, "id") or f"#{place}", message.get("parent"), message.get("role")
    if role not in ROLES:
        left_out["system"] += 1
        role = ""
    text = "\n\n".join(filter(None, (*_notes(message.get("files"), left_out), clean(message.get("text")))))
    at = moment(message.get("created_at"))
    return Node(name, parent if isinstance(parent, str) else None, role, text, at, _model(message.get("answer")))


def _notes(names: object, left_out: Counter[str]) -> Iterator[str]:
    """Yield a note for each file: their bytes are not in a chat's own file."""
    for name in names[:MOST_FILES] if isinstance(names, list) else ():
        left_out["files"] += 1
        yield _("[Attached: %(name)s. The file was not imported.]") % {"name": one_line(name, 255)}


def _model(answer: object) -> str:
    return one_line(answer.get("model"), 100) if isinstance(answer, dict) else ""
