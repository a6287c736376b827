"""When somebody leaves: their teams go to somebody, their account is shut, and what they owned stays or is erased."""

from django.db import transaction
from django.utils.translation import gettext_lazy

from accounts import belongings
from accounts.actions import deactivate, locked, require_over
from accounts.holdings import open_invitations
from accounts.models import Membership, Session, User
from accounts.refusal import Refusal
from accounts.roles import Power
from accounts.teams import hand_over

STILL_HERE = gettext_lazy("Only what belonged to somebody whose account is deactivated can be erased.")


@transaction.atomic
def leave(user: User, *, heir: User | None, by: User) -> int:
    """Hand over what only this person administers, where an heir is named, and shut the account: both or nothing.

    Returns how many teams the heir got. Raises Refusal. Without an heir the organisation's administrators keep them.
    """
    held = locked(user)
    require_over(by, Power.MANAGE_PEOPLE, held)
    _lock_what_goes(user)
    handed = hand_over(user, to=heir, by=by) if heir is not None else 0
    deactivate(user, by=by)
    return handed


def _lock_what_goes(user: User) -> None:
    """Lock every row before the first entry, so that nobody waits for the log's head and for us at once."""
    for rows in (
        Membership.objects.filter(user=user),
        Session.objects.filter(user=user),
        open_invitations().filter(invited_by=user),
    ):
        list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))


def erase_belongings(user: User, *, by: User) -> dict[str, int]:
    """Erase everything that belonged to somebody who has left. Return how many of each kind. Nobody gets to read it."""
    require_over(by, Power.MANAGE_PEOPLE, user)
    if User.objects.filter(pk=user.pk, is_active=True).exists():
        raise Refusal(STILL_HERE)
    return {kind.name: kind.erase(user) for kind in belongings.KINDS.values()}
