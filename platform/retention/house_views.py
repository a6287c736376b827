"""The page of the organisation's rules: what holds, what waits, what goes next, and whether sweeps go well."""

import json
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.authority import Refused, verdict_of
from accounts.doors import Keeper, is_part, keepers
from accounts.models import Team
from accounts.roles import Power
from retention import changing, queries, record, words
from retention.chart import coming as chart_of
from retention.doors import HOUSE, office
from retention.forms import RuleFilters, teams_in
from retention.models import Hold
from retention.terms import house as house_rules

LATEST = 5  # runs


def demand(request: Keeper, power: Power) -> None:
    """Do nothing for who may. Raises Refused."""
    verdict = verdict_of(request.standing, power)
    if not verdict.allowed:
        raise Refused(verdict)


@require_safe
@keepers(*HOUSE, Power.SET_TEAM_RETENTION)
def house(request: Keeper) -> HttpResponse:
    """The organisation's rules. Who keeps teams alone is led to theirs."""
    if not any(request.standing.allows(power) for power in HOUSE):
        return _of_teams(request)
    demand(request, Power.SEE_RETENTION)
    context = _teams(request)
    if is_part(request):
        return render(request, "retention/_teams.html", context)
    rules = context["rules"]
    waiting = changing.waiting()
    context |= {
        "health": queries.health(),
        "sets_teams": request.standing.allows(Power.SET_TEAM_RETENTION),
        "settings": words.rows({name: getattr(rules, name) for name in words.HOUSE}),
        "waiting": [(change, words.sentence(change)) for change in waiting],
        "holds": Hold.objects.filter(released_at=None).count(),
        "runs": [queries.listed(run) for run in queries.runs(every=False)[:LATEST]],
        "wishes": queries.wishes_for(request.standing),
        "sets": request.standing.allows(Power.SET_RETENTION),
    }
    return render(request, "retention/house.html", context)


def _teams(request: Keeper) -> dict[str, Any]:
    """Return a page of the teams that this person may see, with what holds in each."""
    form, rules = RuleFilters(request.GET), house_rules()
    fitting = teams_in(form, queries.teams_for(request.standing))
    page = queries.page_of_teams(fitting, after=form.asked()["after"] or None)
    return {
        "page": page,
        "rows": [queries.row_of(team, rules) for team in page.rows],
        "more": page.more and form.address(after=page.more),
        "form": form,
        "rules": rules,
        "asked": bool(form.address()),
        "further": bool(form.asked()["after"]),
        "count": 0 if is_part(request) else fitting.count(),
    }


def _of_teams(request: Keeper) -> HttpResponse:
    """The teams of somebody who keeps some; the only one is shown at once."""
    mine: list[Team] = list(queries.teams_for(request.standing)[:2])
    if len(mine) == 1:
        return redirect("retention:team", mine[0].pk)
    context = _teams(request)
    return render(request, "retention/_teams.html" if is_part(request) else "retention/teams.html", context)


@require_safe
@office
def coming(request: Keeper) -> HttpResponse:
    """What goes in the next 90 days: for the page, which does not wait for it, or as one of its own."""
    demand(request, Power.SEE_RETENTION)
    chart = chart_of(now=timezone.now())
    return render(request, "retention/_chart.html" if is_part(request) else "retention/coming.html", {"chart": chart})


@require_safe
@office
def record_page(request: Keeper) -> HttpResponse:
    """The rules in force as a record of processing, to be printed."""
    said = record.in_force_for(request.user, at=f"{timezone.now():%Y-%m-%d %H:%M} UTC")
    return render(request, "retention/record.html", {"said": said, "rows": _said_teams(said)})


def _said_teams(said: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(_("Every other team"), said["usual"]), *said["teams"].items()]


@require_POST
@office
def record_file(request: Keeper) -> HttpResponse:
    """The same for machines."""
    said = record.in_force_for(request.user, at=timezone.now().isoformat(timespec="seconds"))
    text = json.dumps(said, ensure_ascii=False, indent=1)
    name = f"hearth-rules-{timezone.now():%Y-%m-%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(text, content_type="application/json", headers=headers)
