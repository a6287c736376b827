"""A person's open pages hear that there is something to know. Who hears nothing sees it at their next page."""

from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

POSTED = {"type": "notice.posted"}  # the frame of that name: it says nothing, the page asks for the words


def post(person: UUID) -> None:
    """Have every page of a person ask for their notices."""
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(f"user.{person}", {"type": "told", "frame": POSTED})
    except Exception:
        return
