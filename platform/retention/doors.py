"""What the doors of retention share: who comes in, what is found for them, and who must say once more who they are."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpRequest

from accounts.doors import Keeper, found, keepers
from accounts.models import Team
from accounts.roles import Power
from retention import queries

HOUSE = (Power.SEE_RETENTION, Power.SET_RETENTION, Power.PLACE_HOLDS, Power.EXPORT_HELD)
office = keepers(*HOUSE)
of_teams = keepers(Power.SEE_RETENTION, Power.SET_TEAM_RETENTION)
_again = reauthentication_required(lambda request: None, app="allauth.mfa")


def ask_who(request: HttpRequest) -> None:
    """Lead to a password, a code or a passkey, and back to what was sent, whoever has not shown one just now.

    Raises ReauthenticationRequired.
    """
    _again(request)


def team_for(request: Keeper, pk: UUID) -> Team:
    """Return a team whose rules this person may see. Raises Http404."""
    return found(request, queries.teams_for(request.standing), pk)


def before_in(request: HttpRequest) -> int | None:
    """Return the last number of the page above, which stands in the address. Raises Http404."""
    text = request.GET.get("before", "")
    if not text:
        return None
    if not (text.isdecimal() and int(text) < 2**63):
        raise Http404
    return int(text)
