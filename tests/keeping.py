"""Chats of any age, in teams with any rules: props for the tests of retention."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connection
from django.utils import timezone
from factories import make_deployment, make_team

from accounts.models import Team, User
from chat import files
from chat.models import Attachment, Conversation, File, Generation, Message
from retention import gate
from retention.models import HouseRules, TeamRules

DAY = timedelta(days=1)


def own_ledger(settings: Any, path: Path) -> None:
    """Let tombstones, exports and files of a test lie in a folder of its own."""
    settings.TOMBSTONES = path / "tombstones" / "tombstones.jsonl"
    settings.EXPORTS = path / "exports"
    settings.FILES = path / "files"
    gate.look_again()


def set_house(**values: Any) -> HouseRules:
    return HouseRules.objects.update_or_create(pk=1, defaults=values)[0]


def set_team(team: Team, **values: Any) -> TeamRules:
    return TeamRules.objects.update_or_create(team=team, defaults=values)[0]


def db_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def chat_of(
    owner: User, *, age: timedelta = timedelta(), messages: int = 2, team: Team | None = None, **fields: Any
) -> Conversation:
    """Return an ended chat whose last question or answer is so old, with as many messages in one branch."""
    at = timezone.now() - age
    fields = {"title": "A chat", "created_at": at, "last_activity_at": at} | fields
    chat = Conversation.objects.create(owner=owner, team=team or make_team(), **fields)
    roles = (Message.Role.USER, Message.Role.ASSISTANT)
    parent = None
    for n in range(messages):
        parent = chat.messages.create(role=roles[n % 2], text=f"Words {n}", parent=parent, created_at=at)
        if n % 2:
            Generation.objects.create(
                message=parent,
                user=owner,
                team=chat.team,
                deployment=make_deployment(),
                client_id=uuid4(),
                state=Generation.State.DONE,
            )
    Conversation.objects.within(chat).update(head=parent)
    return chat


def left() -> set[Any]:
    """Return the conversations that there are, by id."""
    return set(Conversation.objects.for_housekeeping().values_list("pk", flat=True))


def rows() -> tuple[int, int, int]:
    """Return how many conversations, messages and answers there are."""
    models = (Conversation, Message, Generation)
    return tuple(model.objects.for_housekeeping().count() for model in models)  # type: ignore[return-value]


def attach(chat: Conversation, content: bytes, *, name: str = "notes.md") -> Attachment:
    """Attach a file to the first question of a chat, its bytes on disk."""
    digest = hashlib.sha256(content).hexdigest()
    file, _ = File.objects.for_housekeeping().get_or_create(
        owner=chat.owner, sha256=digest, defaults={"size": len(content), "media_type": "text/plain"}
    )
    path = files.path_of(file.pk)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    question = chat.messages.filter(role=Message.Role.USER).order_by("created_at", "pk").first()
    assert question is not None
    return Attachment.objects.for_housekeeping().create(message=question, file=file, name=name)
