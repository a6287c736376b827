"""Whoever may read a share may change nothing of the chat: each door and each word of the socket is tried."""

from collections.abc import Iterator

import pytest
from asgiref.sync import async_to_sync
from authz import World, matrix, said, undone
from cast import world_in
from pytest_django import DjangoDbBlocker

from chat.models import Attachment, Conversation, Generation, Message
from sharing.models import Share, SharedMessage, ShareWith

pytestmark = pytest.mark.django_db
OF_THE_CHAT = {"conversation", "question", "answer", "generation", "attachment", "share", "reader"}
OWN = {"sharing:copy", "sharing:share", "sharing:still"}  # what a reader may do with what was shared


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The holder has shared their chat with a teammate."""
    with world_in(django_db_blocker) as made:
        yield made


def rows_of_the_chat(world: World) -> list[object]:
    """Return everything of the holder's chat and its share, to be compared."""
    chat = Conversation.objects.for_housekeeping().get(pk=world.objects["conversation"])
    behind = [model.objects.within(chat) for model in (Message, Generation, Attachment)]
    share = Share.objects.for_housekeeping().get(pk=world.objects["share"])
    behind += [SharedMessage.objects.within(share), ShareWith.objects.within(share)]  # type: ignore[list-item]
    found: list[object] = [share.revoked_at, share.expires_at, chat.title, chat.deleted_at, chat.head_id, chat.pinned]
    for rows in behind:
        found += list(rows.order_by("pk").values())
    return found


@pytest.mark.slow
def test_no_door_of_the_chat_opens_to_a_reader(world: World) -> None:
    tried, opened, before = 0, [], rows_of_the_chat(world)
    for row in matrix().rows:
        if OF_THE_CHAT.isdisjoint(row.objects.values()) or row.route in OWN:
            continue
        for method in ("POST", "GET"):
            with undone():
                response = world.knock("teammate", method, world.path(row), world.form(row))
                tried += 1
                if response.status_code not in (404, 405) or rows_of_the_chat(world) != before:
                    opened.append(f"{method} {row.name}")
    assert opened == []
    assert tried >= 40


def test_a_copy_leaves_the_chat_as_it_is(world: World) -> None:
    before = rows_of_the_chat(world)
    with undone():
        row = next(row for row in matrix().rows if row.route == "sharing:copy")
        assert world.knock("teammate", "POST", world.path(row)).status_code == 302
        assert rows_of_the_chat(world) == before


def test_no_word_of_the_socket_opens_the_answer_to_a_reader(world: World) -> None:
    heard = async_to_sync(said)(world.sessions["teammate"], world.objects["generation"])
    assert heard["follow"] == "refused"
    before = rows_of_the_chat(world)
    assert rows_of_the_chat(world) == before
