"""Open sockets hear at once when their person's authority has changed. The sockets' own clock is the safety net."""

from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer


def ask_sockets_again(user_pk: UUID) -> None:
    """Have every socket of a person re-read whether it may stay."""
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(f"user.{user_pk}", {"type": "authority.changed"})
    except Exception:
        return


def signed_out(sender: object, *, user: object, **kwargs: object) -> None:
    """Django's own signal: the session is flushed right after it, so sockets ask once that is done."""
    from django.db import transaction

    pk = getattr(user, "pk", None)
    if pk is not None:
        transaction.on_commit(lambda: ask_sockets_again(pk))
