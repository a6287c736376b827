"""Where a new conversation lives, and why nowhere."""

from uuid import UUID

from django.utils.translation import gettext as _

from accounts.authority import Standing, asking_team_of, who_can
from accounts.models import Membership
from accounts.roles import Power
from chat import projects
from chat.models import Project
from chat.refusal import Refusal


def team_of_new(standing: Standing, project: Project | None, *, temporary: bool) -> UUID:
    """Return the team in which a new conversation lives. Raises Refusal."""
    if project and temporary:
        raise Refusal(_("A temporary chat cannot be in a project. Begin it outside of the project."))
    if project and not standing.allows(Power.ASK, project.team_id):
        raise Refusal(projects.READ_ONLY)
    team = project.team_id if project else asking_team_of(standing)
    if team is None:
        raise Refusal(_why_nowhere(standing))
    return team


def _why_nowhere(standing: Standing) -> str:
    """Return why somebody cannot ask in any team."""
    if not standing.teams:
        return _("You are not a member of any team yet. An administrator can add you to one.")
    if set(standing.teams.values()) == {Membership.Role.GUEST}:
        return _("You are a guest: you can read, but not ask. A team administrator can make you a member.")
    denied = next(filter(None, (standing.denial(Power.ASK, team) for team in standing.teams)), None)
    reason = _(" The reason given: %(reason)s") % {"reason": denied.reason} if denied else ""
    return _("Asking has been taken from you in your teams. %(deny)s.%(reason)s") % {
        "deny": who_can(Power.DENY),
        "reason": reason,
    }
