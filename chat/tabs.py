"""What is told to every open tab of a person."""

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from chat.frames import ConversationChanged, Frame, as_json


def tell(user_pk: UUID, frame: Frame) -> None:
    """Tell every tab of a person. A lost word costs a reload, no more."""
    layer = get_channel_layer()
    if layer is not None:
        try:
            async_to_sync(layer.group_send)(f"user.{user_pk}", {"type": "told", "frame": as_json(frame)})
        except Exception:
            return


def tell_changed(owner: UUID, conversation: UUID | None) -> None:
    """Once this transaction is committed, let the lists of a person's tabs be read anew. No conversation: many are."""
    frame = ConversationChanged(conversation=str(conversation or ""))
    transaction.on_commit(partial(tell, owner, frame))


def tell_all_changed(changed: Iterable[tuple[UUID, UUID]]) -> None:
    """The same for each (owner, conversation)."""
    for owner, conversation in changed:
        tell_changed(owner, conversation)
