"""Who may what: the one table. Everything that asks reads it, and `docs/roles.md` is written from it.

No power reads other people's chats, and no role can be given one. What a legal hold keeps leaves as an export, to
auditors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class About:
    """A power in words, behind "Only administrators …", and whether it is held in one team."""

    phrase: "StrOrPromise"
    in_team: bool


class Power(StrEnum):
    """Something that somebody may do for others."""

    ASK = "ask"
    INVITE_TO_TEAM = "invite_to_team"
    REMOVE_FROM_TEAM = "remove_from_team"
    CHANGE_TEAM_ROLES = "change_team_roles"
    CHOOSE_TEAM_MODELS = "choose_team_models"
    SET_TEAM_RETENTION = "set_team_retention"
    SET_TEAM_DEFAULTS = "set_team_defaults"
    WRITE_TEAM_PROMPTS = "write_team_prompts"
    SEE_TEAM_PEOPLE = "see_team_people"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_TEAMS = "manage_teams"
    APPROVE_JOINERS = "approve_joiners"
    CHANGE_ORGANISATION_ROLES = "change_organisation_roles"
    MAKE_OWNERS = "make_owners"
    SET_ORGANISATION = "set_organisation"
    MANAGE_MODELS = "manage_models"
    WRITE_PROMPTS = "write_prompts"
    SET_RETENTION = "set_retention"
    SEE_RETENTION = "see_retention"
    PLACE_HOLDS = "place_holds"
    EXPORT_HELD = "export_held"
    DENY = "deny"
    READ_LOG = "read_log"
    SET_ALERTS = "set_alerts"
    ASK_BREAK_GLASS = "ask_break_glass"
    APPROVE_BREAK_GLASS = "approve_break_glass"

    @property
    def about(self) -> About:
        return ABOUT[self]


ABOUT: Mapping[Power, About] = {
    Power.ASK: About(gettext_lazy("ask questions in a team"), True),
    Power.INVITE_TO_TEAM: About(gettext_lazy("invite people to a team"), True),
    Power.REMOVE_FROM_TEAM: About(gettext_lazy("remove people from a team"), True),
    Power.CHANGE_TEAM_ROLES: About(gettext_lazy("change roles in a team"), True),
    Power.CHOOSE_TEAM_MODELS: About(gettext_lazy("choose a team's models"), True),
    Power.SET_TEAM_RETENTION: About(gettext_lazy("set how long a team keeps its chats"), True),
    Power.SET_TEAM_DEFAULTS: About(gettext_lazy("set a team's name and defaults"), True),
    Power.WRITE_TEAM_PROMPTS: About(gettext_lazy("write a team's prompts"), True),
    Power.SEE_TEAM_PEOPLE: About(gettext_lazy("see a team's people and invitations"), True),
    Power.MANAGE_PEOPLE: About(
        gettext_lazy("see everybody, invite to the organisation, deactivate people and end sessions"), False
    ),
    Power.MANAGE_TEAMS: About(gettext_lazy("make and delete teams"), False),
    Power.APPROVE_JOINERS: About(gettext_lazy("decide who joins"), False),
    Power.CHANGE_ORGANISATION_ROLES: About(gettext_lazy("change roles in the organisation"), False),
    Power.MAKE_OWNERS: About(gettext_lazy("make owners, and change what belongs to owners"), False),
    Power.SET_ORGANISATION: About(gettext_lazy("change the organisation's settings"), False),
    Power.MANAGE_MODELS: About(gettext_lazy("add, change and remove models"), False),
    Power.WRITE_PROMPTS: About(gettext_lazy("write the organisation's prompts"), False),
    Power.SET_RETENTION: About(
        gettext_lazy("set how long the organisation keeps chats, and have what is due purged"), False
    ),
    Power.SEE_RETENTION: About(gettext_lazy("see all rules of keeping, holds and receipts of deletion"), False),
    Power.PLACE_HOLDS: About(gettext_lazy("place and release legal holds"), False),
    Power.EXPORT_HELD: About(gettext_lazy("search and export what a legal hold keeps"), False),
    Power.DENY: About(gettext_lazy("take powers from people and teams"), False),
    Power.READ_LOG: About(gettext_lazy("read, verify and export the audit log"), False),
    Power.SET_ALERTS: About(gettext_lazy("set alerts of the audit log"), False),
    Power.ASK_BREAK_GLASS: About(gettext_lazy("ask to see one person's content, with a reason"), False),
    Power.APPROVE_BREAK_GLASS: About(
        gettext_lazy("decide, as the second person, whether somebody sees content"), False
    ),
}

# Who places a hold does not read what it keeps: that is for auditors, and each search and export is in the log.
_READING = frozenset({Power.EXPORT_HELD})
# What the team's administrators may do in it, the organisation's may do in every team. Asking takes membership.
_KEEPING = frozenset(power for power in Power if power.about.in_team) - {Power.ASK}
_HOUSE = frozenset(power for power in Power if not power.about.in_team) - _READING

ORGANISATION: Mapping[User.Role, frozenset[Power]] = {
    User.Role.OWNER: _HOUSE | _KEEPING,
    User.Role.ADMIN: (_HOUSE | _KEEPING) - {Power.MAKE_OWNERS},
    User.Role.AUDITOR: frozenset({Power.READ_LOG, Power.APPROVE_BREAK_GLASS, Power.SEE_RETENTION}) | _READING,
    User.Role.MEMBER: frozenset(),
}
TEAM: Mapping[Membership.Role, frozenset[Power]] = {
    Membership.Role.ADMIN: _KEEPING | {Power.ASK},
    Membership.Role.MEMBER: frozenset({Power.ASK}),
    Membership.Role.GUEST: frozenset(),
}

ORGANISATION_NAMES: Mapping[User.Role, "StrOrPromise"] = {
    User.Role.OWNER: gettext_lazy("owners"),
    User.Role.ADMIN: gettext_lazy("administrators"),
    User.Role.AUDITOR: gettext_lazy("auditors"),
    User.Role.MEMBER: gettext_lazy("members"),
}
TEAM_NAMES: Mapping[Membership.Role, "StrOrPromise"] = {
    Membership.Role.ADMIN: gettext_lazy("team administrators"),
    Membership.Role.MEMBER: gettext_lazy("team members"),
    Membership.Role.GUEST: gettext_lazy("guests"),
}


def holders(power: Power) -> list[str]:
    """Return the roles that hold a power, by name, the team's first."""
    team = [str(TEAM_NAMES[role]) for role, powers in TEAM.items() if power in powers]
    return team + [str(ORGANISATION_NAMES[role]) for role, powers in ORGANISATION.items() if power in powers]


def only(power: Power) -> str:
    """Return who may, as a sentence."""
    *first, last = holders(power)
    who = _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last
    return _("Only %(who)s %(phrase)s.") % {"who": who, "phrase": power.about.phrase}
