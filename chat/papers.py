"""A chat as files that somebody can take along: Markdown to read, JSON with everything, and what was attached."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from chat import files
from chat.models import Attachment, Conversation, Feedback, Generation, Message
from chat.scopes import ScopedQuerySet

NO_NAME = re.compile(r"[^\w .,()-]+")


def of(conversations: ScopedQuerySet[Conversation], *, whose: bool = False) -> Iterator[tuple[str, bytes]]:
    """Yield (path, bytes) for each chat, one chat in memory at a time; `whose` adds the owner and the team."""
    for conversation in conversations.select_related("owner", "team").iterator(chunk_size=100):
        yield from _papers(conversation, whose)


def _papers(conversation: Conversation, whose: bool) -> Iterator[tuple[str, bytes]]:
    messages = said_in(conversation)
    stem = f"chats/{name_of(conversation)} {str(conversation.pk)[:8]}"
    yield f"{stem}.json", as_json(conversation, messages, whose=whose)
    yield f"{stem}.md", as_markdown(conversation, messages).encode()
    for message in messages:
        for attachment in message.attachments.all():
            yield from _file(stem, attachment)


def said_in(conversation: Conversation) -> list[Message]:
    """Return every message with all that the papers say of it. Three queries for any length."""
    return list(
        Message.objects.within(conversation)
        .select_related("generation", "feedback")
        .prefetch_related("attachments__file")
        .order_by("created_at", "pk")
    )


def name_of(conversation: Conversation) -> str:
    """Return what a chat's file is called, without its ending."""
    return f"{conversation.created_at.date().isoformat()} {_name(conversation.title)}"


def as_json(
    conversation: Conversation,
    messages: Iterable[Message],
    *,
    whose: bool = False,
    models: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """Return everything of a chat, to be read back. `models` are those that imported answers came with, by id."""
    rows = [_message(message, models) for message in messages]
    said = {"conversation": _facts(conversation, whose), "messages": rows}
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def _name(title: str) -> str:
    return " ".join(NO_NAME.sub(" ", title).split())[:60].strip(" .") or "chat"


def _facts(conversation: Conversation, whose: bool) -> dict[str, Any]:
    owner = {"owner": str(conversation.owner_id), "team": str(conversation.team_id)} if whose else {}
    return owner | {
        "id": str(conversation.pk),
        "title": conversation.title,
        "created_at": conversation.created_at.isoformat(),
        "last_activity_at": conversation.last_activity_at.isoformat(),
        "deleted_at": conversation.deleted_at and conversation.deleted_at.isoformat(),
        "team": conversation.team.name,
        "draft": conversation.draft,
        "head": conversation.head_id and str(conversation.head_id),
    }


def _message(message: Message, models: Mapping[str, str]) -> dict[str, Any]:
    """Return everything there is about one message; branches are told apart by `parent`."""
    generation: Generation | None = getattr(message, "generation", None)
    return {
        "id": str(message.pk),
        "parent": message.parent_id and str(message.parent_id),
        "role": message.role,
        "created_at": message.created_at.isoformat(),
        "text": message.text,
        "files": [attachment.name for attachment in message.attachments.all()],
        "answer": _answer(generation) if generation else _imported(models.get(str(message.pk))),
        "feedback": _feedback(getattr(message, "feedback", None)),
    }


def _feedback(feedback: Feedback | None) -> dict[str, Any] | None:
    """Return what the chat's owner thinks of an answer: it is theirs, like the chat."""
    said = ("thumb", "reasons", "comment")
    return {name: getattr(feedback, name) for name in said} if feedback else None


def _imported(model: str | None) -> dict[str, Any] | None:
    return {"model": model} if model else None


def _answer(generation: Generation) -> dict[str, Any]:
    return {
        "model": generation.model_name,
        "model_sha256": generation.model_sha256,
        "state": generation.state,
        "parameters": generation.parameters,
        "seed": generation.seed,
    }


def as_markdown(conversation: Conversation, messages: Iterable[Message]) -> str:
    """Return these messages of a chat to read, in their order."""
    lines = [f"# {conversation.title or 'Chat'}", ""]
    for message in messages:
        who = "You" if message.role == Message.Role.USER else "Answer"
        names = "".join(f"\n*Attached: {attachment.name}*\n" for attachment in message.attachments.all())
        lines += [f"## {who}, {message.created_at:%Y-%m-%d %H:%M} UTC", names, message.text, ""]
    return "\n".join(lines)


def _file(stem: str, attachment: Attachment) -> Iterator[tuple[str, bytes]]:
    path = files.path_of(attachment.file_id)
    if path.exists():
        yield f"{stem} files/{str(attachment.pk)[:8]} {_name(attachment.name)}", path.read_bytes()
