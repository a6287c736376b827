"""Open sockets hear at once when their person's authority has changed. The sockets' own clock is the safety net."""

from collections.abc import Iterable
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer


def ask_sockets_again(*people: UUID) -> None:
    """Have every socket of these people re-read whether it may stay, and what it may still carry."""
    if people and get_channel_layer() is not None:
        async_to_sync(_ask)(people)


async def _ask(people: Iterable[UUID]) -> None:
    """Send the word to each. Where Redis is away, nobody waits once for every person."""
    layer = get_channel_layer()
    try:
        for pk in people:
            await layer.group_send(f"user.{pk}", {"type": "authority.changed"})
    except Exception:
        return
