"""What every page can show at its top: rules that are to become shorter, for those whose chats they concern."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Team, User
from retention.models import Change
from retention.rule import Terms
from retention.terms import in_force, proposed

OFFICES = {"accounts", "audit", "models_admin", "retention"}


@dataclass(frozen=True, slots=True)
class Shortening:
    """From `at` on something is kept shorter; `said` goes on from there as a sentence."""

    at: datetime
    said: str


def shortenings_for(person: User) -> list[Shortening]:
    """Return what waits and makes chats of the person's teams go sooner, the first first. One query if nothing does."""
    mine = Q(team=None) | Q(team__memberships__user=person)
    changes = Change.objects.filter(mine, state=Change.State.WAITING).select_related("team").order_by("holds_at")
    if not (waiting := list(changes.distinct())):
        return []
    teams, now = list(Team.objects.filter(memberships__user=person).order_by("name")), in_force()
    return [
        Shortening(change.holds_at, said)
        for change in waiting
        for then in [proposed(change.team, change.values)]
        for team in teams
        if change.team_id in (None, team.pk)
        for said in _said(team, now.of(team.pk), then.of(team.pk))
    ]


def _said(team: Team, old: Terms, new: Terms) -> Iterator[str]:
    if _less(old.days, new.days):
        yield _("chats of %(team)s are kept %(new)s instead of %(old)s") % {
            "team": team,
            "new": _days(new.days),
            "old": _days(old.days),
        }
    if _less(old.file_days, new.file_days):
        yield _("files in chats of %(team)s are kept %(new)s instead of %(old)s") % {
            "team": team,
            "new": _days(new.file_days),
            "old": _files(old),
        }
    if new.temporary_hours < old.temporary_hours:
        yield _("temporary chats of %(team)s live %(new)s h instead of %(old)s h") % {
            "team": team,
            "new": new.temporary_hours,
            "old": old.temporary_hours,
        }
    if new.grace_days < old.grace_days:
        yield _("deleted chats of %(team)s are gone for good after %(new)s instead of %(old)s") % {
            "team": team,
            "new": _days(new.grace_days),
            "old": old.grace_days,
        }
    if old.pinned_exempt and not new.pinned_exempt and new.days is not None:
        yield _("pinned chats of %(team)s go after %(new)s like all others") % {"team": team, "new": _days(new.days)}


def _less(old: int | None, new: int | None) -> bool:
    return new is not None and (old is None or new < old)


def _days(days: int | None) -> str:
    return _("without an end") if days is None else ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _files(terms: Terms) -> str:
    return _("as long as the chat") if terms.file_days is None else _days(terms.file_days)


def notices(request: HttpRequest) -> dict[str, Any]:
    """Let templates ask for `shortenings`. Offices have none: who keeps the house sees changes on the Data page."""
    user, match = request.user, request.resolver_match
    in_office = match is not None and match.app_name in OFFICES and not request.path.startswith("/you/")
    return {"shortenings": lambda: shortenings_for(user) if isinstance(user, User) and not in_office else []}
