"""Where prompts stand, and who may write there. Everybody writes on their own shelf."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.authority import Standing, require, teams_allowed
from accounts.models import Membership, Team, User
from accounts.roles import Power
from prompts.models import Prompt

Shelf = Prompt.Shelf


@dataclass(frozen=True, slots=True)
class Place:
    """One shelf: a person's own, a team's, or, with neither, the organisation's."""

    owner: User | None = None
    team: Team | None = None

    @property
    def shelf(self) -> Shelf:
        if self.owner:
            return Shelf.OWN
        return Shelf.TEAM if self.team else Shelf.ORGANISATION

    @property
    def called(self) -> str:
        """The shelf in words."""
        if self.owner:
            return _("Yours")
        return self.team.name if self.team else _("Organisation")


def place_of(prompt: Prompt) -> Place:
    """Return the shelf of a prompt."""
    return Place(prompt.owner, prompt.team)


def require_writing(by: User, place: Place) -> None:
    """Do nothing for who may write there now. Raises Refused."""
    if place.owner is not None:
        if place.owner.pk != by.pk:
            raise Prompt.DoesNotExist
    elif place.team is not None:
        require(by, Power.WRITE_TEAM_PROMPTS, place.team)
    else:
        require(by, Power.WRITE_PROMPTS)


def readable(user: User) -> Q:
    """Return the condition that a person may use a prompt: their own, their teams', the organisation's."""
    teams = Membership.objects.filter(user=user).values("team")
    return Q(owner=user) | Q(owner=None, team=None) | Q(team__in=teams)


def writable(user: User, standing: Standing) -> Q:
    """Return the condition that a person may change a prompt."""
    found = Q(owner=user) | Q(team__in=teams_allowed(standing, Power.WRITE_TEAM_PROMPTS).values("pk"))
    return found | Q(owner=None, team=None) if standing.allows(Power.WRITE_PROMPTS) else found
