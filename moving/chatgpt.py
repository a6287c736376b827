"""The export of ChatGPT: an array of conversations, each a `mapping` of nodes that name their parents.

Questions and answers are taken, with their text. What stands in for pictures, files, voices and tools is a note, or is
left out and counted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from moving.chats import Chat, Node, NotTaken, chat_from, clean, key_of, moment, one_line

SOURCE = "chatgpt"
ROLES = ("user", "assistant")
WORDS = ("text", "multimodal_text")  # sorts of content with words of the person or the model
PICTURE = "image_asset_pointer"


def is_one(value: Mapping[str, Any]) -> bool:
    """Whether this is a conversation of such an export."""
    return isinstance(value.get("mapping"), dict)


def read(value: Mapping[str, Any], *, now: datetime) -> Chat:
    """Return the chat. Raises NotTaken."""
    left_out: Counter[str] = Counter()
    return chat_from(
        _nodes(value["mapping"], left_out),
        source=SOURCE,
        key=key_of(value, "conversation_id", "id"),
        title=value.get("title"),
        head=value.get("current_node"),
        left_out=left_out,
        now=now,
    )


def _nodes(mapping: Mapping[str, Any], left_out: Counter[str]) -> Iterator[Node]:
    for name, node in mapping.items():
        if not isinstance(node, dict):
            raise NotTaken(_("It is not built like a conversation."))
        parent = node.get("parent")
        yield _node(name, parent if isinstance(parent, str) else None, node.get("message"), left_out)


def _node(name: str, parent: str | None, message: object, left_out: Counter[str]) -> Node:
    empty = Node(name, parent)
    if not isinstance(message, dict):
        return empty  # the root has none
    author, content, facts = (_dict(message.get(part)) for part in ("author", "content", "metadata"))
    role = author.get("role")
    if role not in ROLES:
        if _has_words(content):
            left_out["tools" if role == "tool" else "system"] += 1
        return empty
    if facts.get("is_visually_hidden_from_conversation") is True:
        left_out["system"] += 1
        return empty
    if content.get("content_type") not in WORDS or message.get("recipient", "all") != "all":
        left_out["tools"] += 1  # code for a tool, thoughts, what was read of a page
        return empty
    text = "\n\n".join(filter(None, (_part(part, left_out) for part in _list(content.get("parts")))))
    model = one_line(facts.get("model_slug"), 100) if role == "assistant" else ""
    return Node(name, parent, role, text, moment(message.get("create_time")), model)


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _has_words(content: Mapping[str, Any]) -> bool:
    parts = _list(content.get("parts"))
    return bool(content.get("text")) or any(isinstance(part, str) and part.strip() for part in parts)


def _part(part: object, left_out: Counter[str]) -> str:
    """Return the words of a part, or a note where it has none."""
    if isinstance(part, str):
        return clean(part).strip()
    facts = _dict(part)
    if facts.get("content_type") == "audio_transcription":
        return clean(facts.get("text")).strip()
    if facts.get("content_type") == PICTURE:
        left_out["pictures"] += 1
        return _("[A picture stood here. It was not imported.]")
    left_out["files"] += 1
    return _("[Something that is no text stood here. It was not imported.]")
