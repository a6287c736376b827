"""May this person do that, now? Rows are read at every question, by one query; nothing is kept between requests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Denial, Membership, Team, User
from accounts.roles import ORGANISATION, TEAM, Power, only

MOST_NAMES = 3
SHUT = gettext_lazy("This account is deactivated.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody may; if not, `why` is a sentence and `who` says who can change it."""

    allowed: bool
    why: str = ""
    who: str = ""


class Refused(Exception):
    """Somebody may not. The page that answers says why, and who can change it."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.why)
        self.verdict = verdict


@dataclass(frozen=True, slots=True)
class Denied:
    """One denial that binds a person. `team` is None where it holds everywhere."""

    power: str
    team: UUID | None
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything a person's authority rests on, as the rows are now. Deny beats allow; owners cannot be denied.

    `teams` are in the order in which they were joined.
    """

    active: bool
    role: User.Role
    teams: Mapping[UUID, Membership.Role]
    denials: tuple[Denied, ...] = ()

    def allows(self, power: Power, team: UUID | None = None) -> bool:
        """Whether the person may, in this team for a power that is held in teams."""
        return self.active and power in self._given(team) and self.denial(power, team) is None

    def denial(self, power: Power, team: UUID | None = None) -> Denied | None:
        """Return what takes the power away, if something does."""
        if self.role == User.Role.OWNER:
            return None
        return next((one for one in self.denials if one.power == power and self._binds(one, power, team)), None)

    def somewhere(self, power: Power) -> bool:
        """Whether there is a team in which the person may, or the whole organisation."""
        everywhere = power in ORGANISATION[self.role] and self.allows(power)
        return everywhere or any(self.allows(power, team) for team in self.teams)

    def _given(self, team: UUID | None) -> frozenset[Power]:
        mine = self.teams.get(team) if team else None
        return ORGANISATION[self.role] | (TEAM[mine] if mine else frozenset())

    @staticmethod
    def _binds(one: Denied, power: Power, team: UUID | None) -> bool:
        return one.team in (None, team) or not power.about.in_team


NOBODY = Standing(active=False, role=User.Role.MEMBER, teams={})


def standing_of(person: User) -> Standing:
    """Return what this person's authority rests on, by one query. Whoever is gone has none."""
    user = User.objects.filter(pk=person.pk).annotate(**grounds("pk")).first()
    return NOBODY if user is None else standing_in(user, user)


def grounds(person: str) -> dict[str, ArraySubquery]:
    """Return what a query adds to its rows so that `standing_in` can read the standing of the person they name."""
    mine = Membership.objects.filter(user=OuterRef(person)).order_by("created_at", "team")
    memberships = mine.values(json=JSONObject(team="team_id", role="role"))
    bound = Q(person=OuterRef(person)) | Q(person=None, team__memberships__user=OuterRef(person))
    rows = Denial.objects.filter(bound).order_by("pk")
    denials = rows.values(json=JSONObject(power="power", team="team_id", reason="reason"))
    return {"memberships_now": ArraySubquery(memberships), "denials_now": ArraySubquery(denials)}


def standing_in(row: Any, user: User) -> Standing:
    """Return a person's standing from a row that was read with its `grounds`."""
    return Standing(
        active=user.is_active,
        role=User.Role(user.organisation_role),
        teams={UUID(one["team"]): Membership.Role(one["role"]) for one in row.memberships_now},
        denials=tuple(_denied(one) for one in row.denials_now),
    )


def _denied(row: Mapping[str, str | None]) -> Denied:
    return Denied(str(row["power"]), UUID(row["team"]) if row["team"] else None, str(row["reason"]))


def may(person: User, power: Power, team: Team | None = None) -> Verdict:
    """Return whether this person may do this, in this team where one is given."""
    return verdict_of(standing_of(person), power, team)


def require(person: User, power: Power, team: Team | None = None) -> None:
    """Do nothing for who may. Raises Refused."""
    verdict = may(person, power, team)
    if not verdict.allowed:
        raise Refused(verdict)


def verdict_of(standing: Standing, power: Power, team: Team | None = None) -> Verdict:
    """Return the verdict on a standing that was just read; who can change it is looked up only for a refusal."""
    pk = team.pk if team else None
    if standing.allows(power, pk):
        return Verdict(True)
    if not standing.active:
        return Verdict(False, str(SHUT), who_can(Power.MANAGE_PEOPLE))
    if denied := standing.denial(power, pk):
        why = _("Your organisation's administrators have taken this from you: %(reason)s") % {"reason": denied.reason}
        return Verdict(False, why, who_can(Power.DENY))
    return Verdict(False, only(power), who_can(power, team))


def who_can(power: Power, team: Team | None = None) -> str:
    """Return who to turn to: the team's administrators where it has some that may, else the organisation's."""
    keepers = (Power.CHANGE_TEAM_ROLES if power.about.in_team else power) if team else power
    if team and keepers.about.in_team and (names := _named(_admins_of(team))):
        return _("Administrators of the team %(team)s: %(names)s") % {"team": team.name, "names": names}
    return _in_organisation(keepers)


def _in_organisation(power: Power) -> str:
    roles = [role for role in (User.Role.OWNER, User.Role.ADMIN) if power in ORGANISATION[role]]
    owners = User.Role.ADMIN not in roles
    people = User.objects.filter(is_active=True, organisation_role__in=roles)
    if owners:
        return _("Your organisation's owners: %(names)s") % {"names": _named(people)}
    return _("Your organisation's administrators: %(names)s") % {"names": _named(people)}


def _admins_of(team: Team) -> QuerySet[User]:
    return User.objects.filter(is_active=True, memberships__team=team, memberships__role=Membership.Role.ADMIN)


def _named(people: QuerySet[User]) -> str:
    found = list(people.order_by("display_name", "email")[: MOST_NAMES + 1])
    names = ", ".join(map(str, found[:MOST_NAMES]))
    return _("%(names)s and others") % {"names": names} if len(found) > MOST_NAMES else names


def teams_where(person: User, power: Power) -> QuerySet[Team]:
    """Return the teams in which this person may, as one query's rows."""
    return teams_allowed(standing_of(person), power)


def teams_allowed(standing: Standing, power: Power) -> QuerySet[Team]:
    """Return the teams in which this standing allows it."""
    if standing.active and power in ORGANISATION[standing.role]:
        if standing.denial(power):
            return Team.objects.none()
        shut = [one.team for one in standing.denials if one.team and standing.denial(power, one.team)]
        return Team.objects.exclude(pk__in=shut)
    return Team.objects.filter(pk__in=[team for team in standing.teams if standing.allows(power, team)])


def asking_teams_of(standing: Standing) -> list[UUID]:
    """Return the teams in which the person may ask, in the order in which they were joined."""
    return [team for team in standing.teams if standing.allows(Power.ASK, team)]


def asking_team_of(standing: Standing) -> UUID | None:
    """Return the team in which new chats live: the one joined first of those in which the person may ask."""
    return next(iter(asking_teams_of(standing)), None)


def people_with(power: Power, people: Iterable[UUID] | None = None) -> QuerySet[User]:
    """Return the active people who hold a power of the organisation, denials counted."""
    roles = [role for role, powers in ORGANISATION.items() if power in powers]
    mine = Q(person=OuterRef("pk")) | Q(person=None, team__memberships__user=OuterRef("pk"))
    denied = Exists(Denial.objects.filter(mine, power=power))
    found = User.objects.filter(Q(organisation_role=User.Role.OWNER) | ~denied, is_active=True)
    found = found.filter(organisation_role__in=roles)
    return found if people is None else found.filter(pk__in=list(people))
