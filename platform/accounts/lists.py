"""What the offices list, page by page. Every page takes the same number of queries, however many rows there are."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import CharField, Count, Exists, F, Model, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Lower, Now, NullIf

from accounts.models import Denial, Invitation, Joiner, Membership, Team, User
from accounts.roles import Power
from accounts.sessions import current

PAGE = 50
M = TypeVar("M", bound=Model)
NAME = Lower(Coalesce(NullIf("display_name", Value("")), "email", output_field=CharField()))
TEAM_NAME = Lower("name")
MEMBER_NAME = Lower(Coalesce(NullIf("user__display_name", Value("")), "user__email", output_field=CharField()))


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Some rows of a list, and the row after which the next page begins where there is one."""

    rows: list[M]
    more: Any = None


def page_of(rows: QuerySet[M], key: Combinable | str, *, after: Any = None, newest_first: bool = False) -> Page[M]:
    """Return the rows behind `after` in the order of `key`, which may repeat.

    One that is not among the rows is the beginning: what is gone, and what is not this reader's.
    """
    way, by = ("lt" if newest_first else "gt"), (F(key) if isinstance(key, str) else key)
    ordered = rows.alias(key=by)
    here = rows.prefetch_related(None).filter(pk=after)
    edge = here.values_list(by).first() if after is not None else None
    if edge is not None:
        ordered = ordered.filter(Q(**{f"key__{way}": edge[0]}) | Q(**{"key": edge[0], f"pk__{way}": after}))
    sign = "-" if newest_first else ""
    found = list(ordered.order_by(f"{sign}key", f"{sign}pk")[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def people(*, text: str = "", role: str = "", team: Team | None = None, state: str = "") -> QuerySet[User]:
    """Return the people who fit, each with their `parts`: memberships with the team."""
    found = User.objects.filter(named(text))
    if role:
        found = found.filter(organisation_role=role)
    if team is not None:
        found = found.filter(Exists(Membership.objects.filter(user=OuterRef("pk"), team=team)))
    if state:
        found = found.filter(is_active=state == "active")
    parts = Membership.objects.select_related("team").order_by("team__name")
    return found.prefetch_related(Prefetch("memberships", parts, to_attr="parts"))


def named(text: str, prefix: str = "") -> Q:
    """Return the condition that a name or an address holds every word of the text."""
    found = Q()
    for word in text.split():
        found &= Q(**{f"{prefix}display_name__icontains": word}) | Q(**{f"{prefix}email__icontains": word})
    return found


def sessions_of(person: User) -> int:
    """Return in how many browsers somebody is signed in."""
    return current().filter(user=person).count()


def with_counts(teams: QuerySet[Team]) -> QuerySet[Team]:
    """Return teams with how many `people` each has, and its `admins`."""
    admins = Membership.objects.filter(role=Membership.Role.ADMIN).select_related("user").order_by("created_at")
    counted = teams.annotate(people=Count("memberships", distinct=True))
    return counted.prefetch_related(Prefetch("memberships", admins, to_attr="admins"))


def members(team: Team, *, text: str = "", role: str = "") -> QuerySet[Membership]:
    """Return a team's memberships, with their people."""
    found = Membership.objects.filter(named(text, "user__"), team=team).select_related("user")
    return found.filter(role=role) if role else found


def denials(*, team: Team | None = None, person: User | None = None) -> QuerySet[Denial]:
    """Return what is denied, the newest first: to a team, to a person, or all of it."""
    found = Denial.objects.select_related("team", "person", "by").order_by("-created_at", "pk")
    if team is not None:
        found = found.filter(team=team)
    return found.filter(person=person) if person is not None else found


def shown(found: QuerySet[Denial]) -> list[tuple[Denial, str]]:
    """Return denials, each with its power in words."""
    phrases = {str(power): str(power.about.phrase) for power in Power}
    return [(row, phrases.get(row.power, row.power)) for row in found]


STATES = {
    "open": Q(used_at=None, revoked_at=None, expires_at__gt=Now()),
    "used": Q(used_at__isnull=False),
    "expired": Q(used_at=None, revoked_at=None, expires_at__lte=Now()),
    "revoked": Q(revoked_at__isnull=False),
}


def invitations(among: QuerySet[Invitation], *, text: str = "", state: str = "") -> QuerySet[Invitation]:
    """Return the invitations among these that fit, each with its team and who made it."""
    found = among.select_related("team", "invited_by", "used_by")
    for word in text.split():
        found = found.filter(Q(email__icontains=word) | Q(display_name__icontains=word))
    return found.filter(STATES[state]) if state else found


def joiners(*, decided: bool) -> QuerySet[Joiner]:
    """Return who asked to join: those who wait, or those about whom it is decided."""
    return Joiner.objects.filter(decided_at__isnull=not decided).select_related("team", "decided_by")
