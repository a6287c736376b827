"""Chats that go: hidden at once for who is to be erased, and taken off every open page once they are purged."""

import asyncio
from collections.abc import Iterable
from functools import partial
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from chat import queue
from chat.frames import ConversationRemoved, as_json
from chat.models import Generation
from chat.places import with_sockets


def hide_all_of(owner: User) -> int:
    """Hide every conversation of somebody, and stop what is being written there. Return how many; no entry here."""
    theirs = owner.conversations.filter(deleted_at=None)
    pks = list(theirs.select_for_update().order_by("pk").values_list("pk", flat=True))
    owner.conversations.filter(pk__in=pks).update(deleted_at=Now())
    queue.stop(Generation.objects.for_housekeeping().filter(message__conversation__in=pks))
    transaction.on_commit(partial(tell_removed, [(owner.pk, pk) for pk in pks]))
    return len(pks)


def tell_removed(gone: Iterable[tuple[UUID, UUID]]) -> None:
    """Tell the open pages of each (owner, conversation). A lost word costs a reload, no more."""
    known = list(gone)
    there = with_sockets(list({owner for owner, _ in known})) if get_channel_layer() is not None else set()
    if heard := [(owner, pk) for owner, pk in known if owner in there]:
        async_to_sync(_tell)(heard)


async def _tell(gone: list[tuple[UUID, UUID]]) -> None:
    layer = get_channel_layer()
    frames = [(owner, as_json(ConversationRemoved(conversation=str(pk)))) for owner, pk in gone]
    sent = [layer.group_send(f"user.{owner}", {"type": "told", "frame": frame}) for owner, frame in frames]
    await asyncio.gather(*sent, return_exceptions=True)
