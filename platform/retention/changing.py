"""Changing the rules: previewed, then asked for, then in force. What keeps chats longer holds at once; what lets
something go sooner waits for the delay that the organisation has set, is shown, and can be taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.authority import require
from accounts.models import Team, User
from accounts.refusal import Refusal
from accounts.roles import Power
from audit import verbs
from audit.actions import record
from audit.entry import Target
from retention import live, order
from retention.kinds import Due, kinds
from retention.models import LONGEST_DAYS, Change, HouseRules, TeamRules
from retention.rule import Terms
from retention.terms import HOUSE_SETTINGS, TEAM_SETTINGS, InForce, house, in_force, proposed

State = Change.State
SAME = gettext_lazy("These are the rules already.")


class Contradiction(Refusal):
    """Settings that are no rules. `field` names the one that has to be another."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change does: `waits` for the delay or not, and per kind what goes because of it once it holds."""

    waits: bool
    hours: int
    due: Mapping[str, Due]

    @property
    def chats(self) -> int:
        """How many conversations go because of it."""
        return sum(due.total["conversations"] for due in self.due.values())

    @property
    def teams(self) -> set[Any]:
        """The teams that it concerns."""
        return {team for due in self.due.values() for team in due.teams}


def current(team: Team | None) -> dict[str, Any]:
    """Return the settings of a team, or of the organisation, as they are."""
    if team is None:
        rules, names = house(), HOUSE_SETTINGS
        return {name: getattr(rules, name) for name in names}
    own = TeamRules.objects.filter(pk=team.pk).first() or TeamRules(team=team)
    return {name: getattr(own, name) for name in TEAM_SETTINGS}


def changed(team: Team | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return of some settings those that differ from what is. Raises Refusal where they contradict the bounds."""
    known = current(team)
    fresh = {name: value for name, value in values.items() if known[name] != value}
    refuse_contradictions(team, known | fresh)
    return fresh


def preview(team: Team | None, values: Mapping[str, Any]) -> Preview:
    """Return what these settings do: exact counts of what would go because of them, kind by kind."""
    now, then = in_force(), proposed(team, values)
    waits = shortens(now, then) or values.get("delay_hours", LONGEST_DAYS) < house().delay_hours
    hours = house().delay_hours if waits else 0
    due = {kind.name: kind.due(then, after_hours=hours, besides=now) for kind in kinds()} if waits else {}
    return Preview(waits, hours, {name: one for name, one in due.items() if one.teams})


def shortens(now: InForce, then: InForce) -> bool:
    """Whether something may go sooner under the rules that are proposed."""
    teams = {*now.teams, *then.teams, None}
    return any(_shorter(now.of(team), then.of(team)) for team in teams)


def _shorter(now: Terms, then: Terms) -> bool:
    def less(old: int | None, new: int | None) -> bool:
        return new is not None and (old is None or new < old)

    return (
        less(now.days, then.days)
        or less(now.most, then.most)
        or less(now.file_days, then.file_days)
        or then.least < now.least
        or then.grace_days < now.grace_days
        or then.temporary_hours < now.temporary_hours
        or (now.pinned_exempt and not then.pinned_exempt)
    )


@transaction.atomic
def change(team: Team | None, values: Mapping[str, Any], *, by: User) -> Change:
    """Change some settings, now or after the delay. Raises Refused, Refusal. One of a team waits at a time."""
    require(by, *_power(team))
    fresh = changed(team, values)
    if not fresh:
        raise Refusal(SAME)
    seen = preview(team, fresh)  # it may take a second: nobody waits for that
    order.deciding()
    if fresh != changed(team, values):
        raise Refusal(_("The rules were changed meanwhile. Look at the preview once more."))
    if Change.objects.filter(team=team, state=State.WAITING).exists():
        raise Refusal(_("A change waits already. Take it back first, or wait until it holds."))
    known = current(team)
    made = Change.objects.create(
        team=team,
        values=fresh,
        before={name: known[name] for name in fresh},
        chats=seen.chats,
        asked_by=by,
        holds_at=Now() + timedelta(hours=seen.hours),
    )
    if seen.waits:
        transaction.on_commit(partial(live.rules_change, team.pk if team else None))
    else:
        _apply(made)
    verb = verbs.RULES_CHANGE_ASKED if seen.waits else verbs.RULES_CHANGED
    facts = {"change": made.pk, "hours": seen.hours, "conversations": seen.chats}
    record(verb, targets=_targets(team), changes=_both(made), facts=facts)
    return made


def _power(team: Team | None) -> tuple[Power, Team | None]:
    return (Power.SET_TEAM_RETENTION, team) if team else (Power.SET_RETENTION, None)


def _targets(team: Team | None) -> list[Target]:
    return [Target("team", team.pk)] if team else []


def _both(change: Change) -> dict[str, tuple[object, object]]:
    return {name: (change.before[name], value) for name, value in change.values.items()}


def _apply(change: Change) -> None:
    """Let a change hold, whatever else of the same team was changed since it was asked for."""
    if change.team is None:
        HouseRules.objects.update_or_create(pk=1, defaults=change.values)
    else:
        TeamRules.objects.update_or_create(team=change.team, defaults=change.values)
    Change.objects.filter(pk=change.pk).update(state=State.DONE, ended_at=Now())


@transaction.atomic
def cancel(change: Change, *, by: User) -> None:
    """Take back a change that waits. Raises Refused, and Refusal once it holds."""
    require(by, *_power(change.team))
    order.deciding()
    waiting = Change.objects.filter(pk=change.pk, state=State.WAITING, holds_at__gt=Now())
    if not waiting.update(state=State.CANCELLED, ended_by=by, ended_at=Now()):
        raise Refusal(_("This change holds already, or was taken back."))
    transaction.on_commit(partial(live.rules_change, change.team_id))
    record(verbs.RULES_CHANGE_CANCELLED, targets=_targets(change.team), facts={"change": change.pk})


def settle() -> int:
    """Let every change hold whose time has come, by the database's clock. Return how many."""
    due = Change.objects.filter(state=State.WAITING, holds_at__lte=Now()).order_by("holds_at", "pk")
    return sum(_settle(pk) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _settle(pk: int) -> bool:
    order.deciding()
    change = Change.objects.filter(pk=pk, state=State.WAITING, holds_at__lte=Now()).select_related("team").first()
    if change is None:
        return False
    _apply(change)
    facts = {"change": change.pk, "conversations": change.chats}
    record(verbs.RULES_CHANGED, targets=_targets(change.team), changes=_both(change), facts=facts)
    return True


def refuse_contradictions(team: Team | None, values: Mapping[str, Any]) -> None:
    """Raise Refusal where settings are no rules: out of bounds, or against each other."""
    if team is None:
        _refuse_house(values)
    else:
        _refuse_team(values)


def _refuse_house(values: Mapping[str, Any]) -> None:
    least, most, days = values["least"], values["most"], values["days"]
    for name in ("days", "least", "most", "file_days", "backup_days"):
        if values[name] is not None and values[name] > LONGEST_DAYS:
            raise Contradiction(
                name,
                _("Periods have at most %(most)s days.") % {"most": number_format(LONGEST_DAYS, force_grouping=True)},
            )
    for name in ("days", "most", "file_days"):
        if values[name] == 0:
            raise Contradiction(name, _("Something is kept for a day at least. Leave it empty where nothing ends."))
    if most is not None and most < least:
        raise Contradiction("most", _("The longest time that chats are kept is shorter than the shortest."))
    if days is not None and (days < least or (most is not None and days > most)):
        raise Contradiction("days", _("The usual time that chats are kept lies outside of its bounds."))
    for name, why in (
        ("temporary_hours", _("Temporary chats live for 1 hour to 30 days (720 hours).")),
        ("export_hours", _("Exports are kept for 1 hour to 30 days (720 hours).")),
    ):
        if not 1 <= values[name] <= 720:
            raise Contradiction(name, why)
    for name, limit, why in (
        ("grace_days", 365, _("At most %(limit)s days.")),
        ("delay_hours", 720, _("At most %(limit)s hours.")),
        ("notice_days", 90, _("At most %(limit)s days.")),
    ):
        if values[name] > limit:
            raise Contradiction(name, why % {"limit": limit})


def _refuse_team(values: Mapping[str, Any]) -> None:
    own, days = house(), values["days"]
    if (values["keeps"] == TeamRules.Keeps.DAYS) != (days is not None):
        raise Contradiction("days", _("Say for how many days chats are kept, or choose that the organisation decides."))
    if days is not None and days < max(1, own.least):
        raise Contradiction(
            "days", _("Your organisation keeps chats for %(least)s days at least.") % {"least": max(1, own.least)}
        )
    if days is not None and own.most is not None and days > own.most:
        raise Contradiction("days", _("Your organisation keeps chats for %(most)s days at most.") % {"most": own.most})
    if days is not None and days > LONGEST_DAYS:
        raise Contradiction(
            "days",
            _("Periods have at most %(most)s days.") % {"most": number_format(LONGEST_DAYS, force_grouping=True)},
        )
    hours, files = values["temporary_hours"], values["file_days"]
    if hours is not None and not 1 <= hours <= own.temporary_hours:
        raise Contradiction(
            "temporary_hours",
            _("Temporary chats live for 1 to %(temporary_hours)s hours here.")
            % {"temporary_hours": own.temporary_hours},
        )
    if files is not None and not 1 <= files <= (own.file_days or LONGEST_DAYS):
        most = number_format(own.file_days or LONGEST_DAYS, force_grouping=True)
        raise Contradiction(
            "file_days", _("Files are kept for 1 to %(most)s days in your organisation.") % {"most": most}
        )


def waiting(team: Team | None = None) -> list[Change]:
    """Return what waits: for everybody where no team is named, else what concerns this team."""
    found = Change.objects.filter(state=State.WAITING).select_related("team", "asked_by").order_by("holds_at")
    return list(found if team is None else found.filter(Q(team=None) | Q(team=team)))


def holds_at(change: Change) -> datetime:
    """Return when a change holds."""
    change.refresh_from_db(fields=["holds_at"])
    return change.holds_at
