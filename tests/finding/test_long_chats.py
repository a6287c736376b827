"""A chat of 500 messages opens with as many queries as one of five."""

from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import asked, make_user

from chat.models import Conversation, Generation, Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]


def lengthened(generation: Generation, count: int) -> Conversation:
    """Let the chat of an answer go on until it has so many messages."""
    chat, parent = generation.message.conversation, generation.message_id
    said, lives = [], []
    for n in range(Message.objects.within(chat).count(), count):
        message = Message(pk=uuid4(), conversation=chat, parent_id=parent, text=f"Words {n}", created_at=Now())
        message.role = "assistant" if n % 2 else "user"
        said.append(message)
        if n % 2:
            life = {"user": generation.user, "team": generation.team, "deployment": generation.deployment}
            lives.append(Generation(message=message, client_id=uuid4(), state="done", model_name="Stub", **life))
        parent = message.pk
    Message.objects.bulk_create(said)
    Generation.objects.bulk_create(lives)
    Conversation.objects.within(chat).update(head=parent)
    chat.refresh_from_db()
    return chat


def test_five_hundred_messages_take_as_many_queries_as_five(client: Client) -> None:
    user = make_user()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    short, long = lengthened(asked(user), 6), lengthened(asked(user), 500)
    client.get(short.get_absolute_url())
    counts = []
    for chat, turns in ((short, 6), (long, 500)):
        with CaptureQueriesContext(connection) as captured:
            page = client.get(chat.get_absolute_url()).content.decode()
        assert page.count('<article class="turn') == turns
        counts.append(len(captured))
    assert counts[0] == counts[1]
