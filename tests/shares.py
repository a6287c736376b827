"""Shares, as the tests need them."""

from typing import Any

from django.test import Client

from accounts.models import User
from chat.models import Conversation
from sharing import actions
from sharing.models import Share

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def share_of(chat: Conversation, *people: User, **fields: Any) -> Share:
    """Let people read a chat, for a week unless it is said otherwise."""
    chat = Conversation.objects.of(chat.owner).get(pk=chat.pk)
    given: dict[str, Any] = {
        "people": [one.pk for one in people],
        "teams": [],
        "days": 7,
        "head": chat.head_id,
        "by": chat.owner,
    }
    return actions.share(chat, **(given | fields))


def door_of(person: User) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client
