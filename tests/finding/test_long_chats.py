"""A chat of 500 messages opens with as many queries as one of five."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models.functions import Now
from django.http import HttpRequest
from django.template import RequestContext, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import asked, make_user

from chat.models import Conversation, Generation, Message
from chat.templatetags.alike import ANSWER, MESSAGE, NotAlike

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


def test_each_turn_has_its_own_ids_in_what_is_rendered_once(client: Client) -> None:
    user = make_user()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    chat = lengthened(asked(user), 6)
    page = client.get(chat.get_absolute_url()).content.decode()
    for message in Message.objects.within(chat).select_related("generation"):
        doors = ["edit", "fork"] if message.role == "user" else ["regenerate", "fork", "think"]
        for door in doors:
            assert f'action="{reverse(f"chat:{door}", args=[message.pk])}"' in page
        if message.role == "assistant":
            assert f'action="{reverse("chat:stop", args=[message.generation.pk])}"' in page
    assert str(MESSAGE) not in page
    assert str(ANSWER) not in page


def test_what_differs_from_turn_to_turn_cannot_stand_in_what_is_rendered_once() -> None:
    source = "{% load alike %}{% alike %}{{ row.message.text }}{% endalike %}"
    request = HttpRequest()
    request.user = AnonymousUser()
    context = RequestContext(request, {"row": SimpleNamespace(message=SimpleNamespace(pk=1, text="Mine"))})
    with pytest.raises(NotAlike):
        Template(source).render(context)
