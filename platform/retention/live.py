"""Open pages of a team's people hear that its rules change: they ask for their notices."""

from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from accounts.models import Membership, User

POSTED = {"type": "notice.posted"}  # the frame of that name: it says nothing, the page asks for the words
MOST = 5_000  # people who are told at once; others see it at their next page


def rules_change(team: UUID | None) -> None:
    """Tell everybody whom a change of rules concerns."""
    people = User.objects.filter(is_active=True)
    if team is not None:
        people = people.filter(pk__in=Membership.objects.filter(team=team).values("user"))
    if get_channel_layer() is not None:
        async_to_sync(_post)(list(people.values_list("pk", flat=True)[:MOST]))


async def _post(people: list[UUID]) -> None:
    """Send the word to each. Where Redis is away, nobody waits once for every person."""
    layer = get_channel_layer()
    try:
        for pk in people:
            await layer.group_send(f"user.{pk}", {"type": "told", "frame": POSTED})
    except Exception:
        return
