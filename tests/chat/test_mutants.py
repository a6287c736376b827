"""A scope that is forgotten shows nothing and changes nothing: each one is left out of the code, and somebody tries."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from unittest.mock import patch
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync
from authz import World, undone
from cast import world_in
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from factories import asked, make_deployment, make_team
from mutants import Mutant, mutants_of
from pytest_django import DjangoDbBlocker

from accounts.models import User
from accounts.scoped import Unscoped
from chat import actions, bites, departing, files, queries, scopes
from chat.files import Sent
from chat.follow import Follower
from chat.frames import AnswerEnded
from chat.models import Attachment, Conversation, File, Generation, Message
from chat.scopes import ScopedQuerySet

pytestmark = pytest.mark.django_db
LEAST = 0.95
# What says whose rows are meant, not which of them.
WHOSE = {
    queries: (".of(", ".within(", "is_open", "owner"),
    actions: (".of(", ".within(", "user=user"),
    bites: (".of(",),
    files: (".of(",),
    scopes: (".of(", ".within(", "mine", "held"),
}
DOORS = {
    "conversation": ("ask", "rename", "delete"),
    "question": ("edit", "take_back"),
    "answer": ("regenerate", "show", "keep_answer", "fork", "think"),
    "generation": ("stop", "continue"),
}
THEIR_FILE = [Sent("theirs.md", b"The bytes of a file that others have as well.")]
FORM = {"text": "More", "title": "Mine now", "thumb": "up", "client_id": "7f1d1c5e-3d0f-4c6f-9f0e-2f5b8a0d9a11"}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The holder has a chat here, one that they deleted, and one in a team that they have left; others have theirs."""
    with world_in(django_db_blocker) as made:
        everybody = Conversation.objects.for_housekeeping()
        holder, teammate = (User.objects.get(pk=made.objects[name]) for name in ("holder", "teammate"))
        for name in ("deleted", "left"):
            made.objects[name] = asked(holder).message.conversation_id
        everybody.filter(pk=made.objects["deleted"]).update(deleted_at=Now())
        everybody.filter(pk=made.objects["left"]).update(team=make_team("Gone"))
        made.objects["theirs"] = (answer := asked(teammate, sent=THEIR_FILE)).pk
        made.objects["their chat"] = answer.message.conversation_id
        yield made


def mutants() -> list[Mutant]:
    """Return every scope of the chat, left out."""
    found = [mutant for module in WHOSE for mutant in mutants_of(module)]
    return [mutant for mutant in found if any(word in f".{mutant.lost}" for word in WHOSE[mutant.module])]


Attempt = Callable[[World], object]


def open_doors(world: World) -> list[str]:
    """Return the doors of the holder's chats that open to others, and those of what is no longer theirs."""
    tries = [("teammate", "chat:conversation", "conversation", "GET"), ("admin", "chat:conversation", "left", "GET")]
    tries += [("holder", "chat:conversation", name, "GET") for name in ("deleted", "left")]
    tries += [(actor, "chat:attachment", "attachment", "GET") for actor in ("teammate", "stranger", "admin")]
    tries += [("holder", "chat:rename", name, "POST") for name in ("deleted", "left")]
    tries += [("stranger", f"chat:{door}", name, "POST") for name, doors in DOORS.items() for door in doors]
    found = []
    for actor, door, name, method in tries:
        with undone():
            response = world.knock(actor, method, reverse(door, args=[world.objects[name]]), FORM)
        if response.status_code < 400:
            found.append(f"{actor} {door} {name}")
    with undone():
        glass = [world.objects["glass"], world.objects["their chat"]]  # one that is open, and is about somebody else
        if world.knock("admin", "GET", reverse("chat:glass_chat", args=glass)).status_code < 400:
            found.append("admin chat:glass_chat")
    return found


def seen_of_others(world: World) -> list[UUID]:
    """Return the chats of others that a teammate is shown in lists, by following, or by an id of a form."""
    teammate = world.people["teammate"]
    seen: list[UUID] = []
    with suppress(Unscoped):
        groups, _ = queries.sidebar_of(teammate, page=1, now=timezone.now())
        seen += [chat.pk for _, chats in groups for chat in chats]
    for rows in (
        queries.messages_of(teammate).values_list("conversation", flat=True),
        queries.generations_of(teammate).values_list("message__conversation", flat=True),
    ):
        with suppress(Unscoped):
            seen += list(rows)
    holder_id = Generation.objects.for_housekeeping().get(pk=world.objects["generation"]).client_id
    for found in (actions.answered, actions._twin):
        with suppress(Unscoped, Generation.DoesNotExist):
            answer = found(teammate, holder_id)
            seen += [answer.message.conversation_id] if answer else []
    with suppress(Unscoped):
        seen += [world.objects["conversation"]] * (async_to_sync(told)(world) != "removed")
    return [pk for pk in seen if pk != world.objects["their chat"]]


async def told(world: World) -> str:
    """Return how an answer of the holder ends for a teammate who follows it."""
    room = asyncio.Event()
    room.set()
    follower = Follower(world.objects["generation"], "0", world.people["teammate"], room)
    async for frame in follower.frames():
        return frame.state if isinstance(frame, AnswerEnded) else "told"
    return "removed"


def threads_with_others(world: World) -> list[UUID]:
    """Return messages of other chats in what is read of the holder's own."""
    chat = queries.conversations_of(world.people["holder"]).get(pk=world.objects["conversation"])
    found = [row.message for row in queries.thread_of(chat)]
    found.append(queries.latest_leaf_below(chat.messages.get(pk=world.objects["question"])))
    others = [message.pk for message in found if message.conversation_id != chat.pk]
    return others + [pk for pk in queries.attachments_in(chat) if not chat.messages.filter(pk=pk).exists()]


def rows_of_others() -> list[object]:
    """Return everything of everybody but the holder, to be compared."""
    facts: list[object] = []
    within = "message__conversation__"
    for model, path in (
        (Conversation, ""),
        (Message, "conversation__"),
        (Generation, within),
        (Attachment, within),
        (File, ""),
    ):
        others = model.objects.for_housekeeping().exclude(**{f"{path}owner__email": "holder@example.org"})
        facts += list(others.order_by("pk").values())
    return facts


def changed_of_others(world: World) -> list[str]:
    """Return the acts of the holder in their own chat that change somebody else's."""
    holder, deployment = world.people["holder"], make_deployment()
    chat = Conversation.objects.for_housekeeping().select_related("owner").get(pk=world.objects["conversation"])
    question, answer = (
        Message.objects.for_housekeeping().select_related("conversation__owner").get(pk=world.objects[name])
        for name in ("question", "answer")
    )
    generation = Generation.objects.for_housekeeping().get(pk=world.objects["generation"])
    more = {"deployment": deployment, "client_id": UUID(FORM["client_id"])}
    acts: dict[str, Callable[[], object]] = {
        "rename": lambda: actions.rename(chat, title="Mine"),
        "ask": lambda: actions.ask(chat, text="More", **more),  # type: ignore[arg-type]
        "attach": lambda: actions.ask(chat, text="More", sent=THEIR_FILE, **more),  # type: ignore[arg-type]
        "edit": lambda: actions.edit(question, text="More", **more),  # type: ignore[arg-type]
        "regenerate": lambda: actions.regenerate(answer, **more),  # type: ignore[arg-type]
        "show": lambda: actions.show(answer),
        "stop": lambda: actions.stop(generation),
        "continue": lambda: actions.go_on(generation),
        "delete": lambda: actions.delete(chat),
        "hide all": lambda: departing.hide_all_of(holder),
    }
    before, found = rows_of_others(), []
    for name, act in acts.items():
        with undone():
            with suppress(Unscoped, actions.Refusal, Conversation.MultipleObjectsReturned, Generation.DoesNotExist):
                act()
            if rows_of_others() != before:
                found.append(name)
    return found


def leaks(world: World) -> list[object]:
    """Return everything that should not have been possible."""
    found: list[object] = []
    for attempt in (open_doors, seen_of_others, threads_with_others, changed_of_others):
        with undone(), suppress(Unscoped):
            found += attempt(world)
    return found


def test_whole_code_leaks_nothing(world: World) -> None:
    assert leaks(world) == []


def survivors_of(world: World, tried: list[Mutant]) -> list[str]:
    """Return what each mutant lets happen that should not."""
    found = []
    for mutant in tried:
        with mutant.alive():
            if leaked := leaks(world):
                found.append(f"{mutant}: {leaked}")
    return found


@pytest.mark.prove
def test_a_forgotten_scope_leaks_nothing(world: World) -> None:
    tried = mutants()
    survivors = survivors_of(world, tried)
    assert [str(mutant) for mutant in tried if not mutant.reached] == []
    assert len(survivors) <= (1 - LEAST) * len(tried), survivors


@pytest.mark.slow
def test_the_second_line_is_what_holds(world: World) -> None:
    """A few of them, with it and without it."""
    few = [mutant for mutant in mutants() if mutant.module is queries and mutant.function.endswith("s_of")]
    assert len(few) == 4
    assert survivors_of(world, few) == []
    with patch.object(ScopedQuerySet, "_insist", lambda rows: None):
        assert len(survivors_of(world, few)) == 4
