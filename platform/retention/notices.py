"""What every page can show at its top: rules that are to become shorter, for those whose chats they concern."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from accounts.models import Team, User
from retention.changing import waiting
from retention.models import Change
from retention.rule import Terms
from retention.terms import InForce, in_force, proposed


@dataclass(frozen=True, slots=True)
class Shortening:
    """From `at` on something is kept shorter; `said` goes on from there as a sentence."""

    at: datetime
    said: str


def shortenings_for(person: User) -> list[Shortening]:
    """Return what waits and makes chats of the person's teams go sooner, the first first. One query if nothing does."""
    changes = waiting()
    if not changes:
        return []
    teams, now = list(Team.objects.filter(memberships__user=person).order_by("name")), in_force()
    return [
        Shortening(change.holds_at, said)
        for change in changes
        for team in teams
        if change.team_id in (None, team.pk)
        for said in _said(team, now, change)
    ]


def _said(team: Team, now: InForce, change: Change) -> Iterator[str]:
    old, new = now.of(team.pk), proposed(change.team, change.values).of(team.pk)
    if _less(old.days, new.days):
        yield f"chats of {team} are kept {_days(new.days)} instead of {_days(old.days)}"
    if _less(old.file_days, new.file_days):
        yield f"files in chats of {team} are kept {_days(new.file_days)} instead of {_files(old)}"
    if new.temporary_hours < old.temporary_hours:
        yield f"temporary chats of {team} live {new.temporary_hours} h instead of {old.temporary_hours} h"
    if new.grace_days < old.grace_days:
        yield f"deleted chats of {team} are gone for good after {_days(new.grace_days)} instead of {old.grace_days}"
    if old.pinned_exempt and not new.pinned_exempt and new.days is not None:
        yield f"pinned chats of {team} go after {_days(new.days)} like all others"


def _less(old: int | None, new: int | None) -> bool:
    return new is not None and (old is None or new < old)


def _days(days: int | None) -> str:
    return "without an end" if days is None else f"{days} day{'' if days == 1 else 's'}"


def _files(terms: Terms) -> str:
    return "as long as the chat" if terms.file_days is None else _days(terms.file_days)


def notices(request: HttpRequest) -> dict[str, Any]:
    """Let every template ask for `shortenings`. Nothing is looked up where none does."""
    user = request.user
    return {"shortenings": lambda: shortenings_for(user) if isinstance(user, User) else []}
