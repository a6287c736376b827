"""Changing rules, the organisation's or a team's: a form, what it would do, and only then, said once more, the change.

Nothing is stored before. What was previewed travels signed in the page, with what the rules were then.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.authority import Refused, verdict_of
from accounts.doors import Keeper, found, keepers, sent
from accounts.models import Team
from accounts.refusal import Refusal
from accounts.roles import Power
from retention import changing, queries, words
from retention.doors import ask_who, of_teams, team_for
from retention.forms import RulesForm, rules_form
from retention.models import Change
from retention.terms import house

SALT = "retention.change"
SECONDS = 1800  # so long a preview can be confirmed
STALE = gettext_lazy(
    "The rules were changed meanwhile, or this preview is too old. Nothing is stored; look at it again."
)
of_changes = keepers(Power.SET_RETENTION, Power.SET_TEAM_RETENTION, Power.SEE_RETENTION)


def _demand(request: Keeper, team: Team | None) -> None:
    power, where = (Power.SET_TEAM_RETENTION, team) if team else (Power.SET_RETENTION, None)
    verdict = verdict_of(request.standing, power, where)
    if not verdict.allowed:
        raise Refused(verdict)


@require_http_methods(["GET", "HEAD", "POST"])
@keepers(Power.SET_RETENTION)
def change_house(request: Keeper) -> HttpResponse:
    """The organisation's rules: a form, then what they would do."""
    return _change(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@of_teams
def change_team(request: Keeper, team: UUID) -> HttpResponse:
    """A team's rules: a form, then what they would do."""
    return _change(request, team_for(request, team))


def _change(request: Keeper, team: Team | None) -> HttpResponse:
    _demand(request, team)
    form = rules_form(team, sent(request), initial=_initial(changing.current(team)))
    if request.method == "POST" and form.is_valid():
        return _preview(request, team, form)
    context = {"form": form, "team": team, "house": house()}
    name = "team" if team else "house"
    return render(request, f"retention/change_{name}.html", context, status=400 if form.is_bound else 200)


def _initial(values: dict[str, Any]) -> dict[str, Any]:
    """Return settings as the form shows them: a yes or no is a choice of two."""
    return {name: ("yes" if value else "") if value in (True, False) and name == "pinned_exempt" else value
            for name, value in values.items()}  # fmt: skip


def _preview(request: Keeper, team: Team | None, form: RulesForm) -> HttpResponse:
    fresh, known = form.fresh, changing.current(team)
    seen = changing.preview(team, fresh)
    context = {
        "team": team,
        "seen": seen,
        "differences": words.differences(known, fresh, team=team is not None),
        "kinds": [(words.kind_name(name), words.counted(due.total), due) for name, due in seen.due.items()],
        "rows": _by_team(seen),
        "sealed": _sealed(request, team, fresh),
        "form": form,
    }
    return render(request, "retention/preview.html", context)


def _by_team(seen: changing.Preview) -> list[tuple[str, dict[str, int]]]:
    """Return (team, counts) of what goes, the team with the most first."""
    found: dict[str, dict[str, int]] = {}
    for due in seen.due.values():
        for team, counts in due.teams.items():
            mine = found.setdefault(str(team), {"conversations": 0, "messages": 0, "files": 0})
            for name, count in counts.items():
                mine[name] = mine.get(name, 0) + count
    names = queries.team_names(found)
    return [(names[pk], counts) for pk, counts in sorted(found.items(), key=lambda one: -sum(one[1].values()))]


def _sealed(request: Keeper, team: Team | None, fresh: dict[str, Any]) -> str:
    known = changing.current(team)
    before = {name: known[name] for name in fresh}
    facts = {"by": str(request.user.pk), "team": str(team.pk) if team else None, "values": fresh, "before": before}
    return signing.dumps(facts, salt=SALT)


def _unsealed(request: Keeper, team: Team | None) -> dict[str, Any]:
    """Return the settings of a preview that still holds. Raises Refusal."""
    try:
        facts = signing.loads(request.POST.get("sealed", ""), salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        raise Refusal(STALE) from None
    known = changing.current(team)
    mine = (facts["by"], facts["team"]) == (str(request.user.pk), str(team.pk) if team else None)
    if not mine or any(known[name] != value for name, value in facts["before"].items()):
        raise Refusal(STALE)
    values: dict[str, Any] = facts["values"]
    return values


@require_POST
@keepers(Power.SET_RETENTION)
def confirm_house(request: Keeper) -> HttpResponse:
    """Change the organisation's rules as previewed."""
    return _confirm(request, None)


@require_POST
@of_teams
def confirm_team(request: Keeper, team: UUID) -> HttpResponse:
    """Change a team's rules as previewed."""
    return _confirm(request, team_for(request, team))


def _confirm(request: Keeper, team: Team | None) -> HttpResponse:
    _demand(request, team)
    values = _unsealed(request, team)
    ask_who(request)
    change = changing.change(team, values, by=request.user)
    messages.success(request, _said(change))
    return _home(change)


def _said(change: Change) -> str:
    at = changing.holds_at(change)
    if Change.objects.filter(pk=change.pk, state=Change.State.WAITING).exists():
        said = _("The change waits until %(at)s UTC. Those concerned see it, and you can take it back.")
        return said % {"at": f"{at:%Y-%m-%d %H:%M}"}
    return _("The rules hold from now on. The next sweep, within five minutes, goes by them.")


def _home(change: Change) -> HttpResponse:
    return redirect("retention:team", change.team_id) if change.team_id else redirect("retention:house")


@require_POST
@of_changes
def take_back(request: Keeper, number: int) -> HttpResponse:
    """Take back a change that waits."""
    change = found(request, queries.changes_for(request.standing), number)
    changing.cancel(change, by=request.user)
    messages.success(request, _("The change is taken back. The rules stay as they are."))
    return redirect("retention:house") if request.POST.get("from") == "house" else _home(change)
