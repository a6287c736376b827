"""One team's page of retention: what holds there and why, what waits, what goes next, and who asks to keep a chat."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import Keeper, found, is_part
from accounts.models import Team
from accounts.refusal import Refusal
from accounts.roles import Power
from retention import changing, queries, wishing, words
from retention.chart import coming as chart_of
from retention.doors import HOUSE, of_teams, team_for
from retention.forms import KeepForm
from retention.models import Hold, HouseRules, TeamRules, Wish
from retention.rule import Terms
from retention.terms import house as house_rules
from retention.terms import terms_of


@require_safe
@of_teams
def team(request: Keeper, team: UUID) -> HttpResponse:
    """One team."""
    mine = team_for(request, team)
    house, own = house_rules(), TeamRules.objects.filter(pk=mine.pk).first()
    waiting = changing.waiting(mine)
    sets = request.standing.allows(Power.SET_TEAM_RETENTION, mine.pk)
    context = {
        "team": mine,
        "holding": _holding(house, own),
        "waiting": [(change, words.sentence(change)) for change in waiting],
        "sets": sets,
        "sets_house": request.standing.allows(Power.SET_RETENTION),
        "changes": sets and not any(change.team_id for change in waiting),
        "wishes": queries.wishes_for(request.standing, mine) if sets else [],
        "deletions": queries.deletions_in(mine),
        "is_held": Hold.objects.filter(team=mine, released_at=None).exists(),
        "sees_house": request.standing.allows(Power.SEE_RETENTION),
        "keeps_team": request.standing.allows(Power.SEE_TEAM_PEOPLE, mine.pk),
        "in_house": any(request.standing.allows(power) for power in HOUSE),
    }
    return render(request, "retention/team.html", context)


def _holding(house: HouseRules, own: TeamRules | None) -> list[tuple[str, str, str]]:
    """Return (what, how long, why) for what holds in a team."""
    terms = terms_of(house, own)
    files, hours = (own.file_days, own.temporary_hours) if own else (None, None)
    return [
        (_("Chats are kept"), words.kept(terms), words.why(house, own, terms)),
        (_("Files are kept"), words.said("file_days", terms.file_days), _whose(files)),
        (_("Temporary chats live for"), words.said("temporary_hours", terms.temporary_hours), _whose(hours)),
        (_("Bounds of the organisation"), _bounds(terms), _("for every team")),
        (_("What people delete goes after"), words.said("grace_days", terms.grace_days), _whose(None)),
        (_("Pinned chats"), words.said("pinned_exempt", terms.pinned_exempt), _whose(None)),
    ]


def _whose(value: Any) -> str:
    return _("as this team sets") if value is not None else _("as the organisation sets")


def _bounds(terms: Terms) -> str:
    least = _("no minimum")
    if terms.least:
        least = _("at least %(length)s") % {"length": words.number(terms.least, "day")}
    return (
        _("%(least)s, at most %(most)s") % {"least": least, "most": words.number(terms.most, "day")}
        if terms.most
        else _("%(least)s, no maximum") % {"least": least}
    )


@require_safe
@of_teams
def coming(request: Keeper, team: UUID) -> HttpResponse:
    """What goes in this team in the next 90 days."""
    mine = team_for(request, team)
    context = {"chart": chart_of(mine, now=timezone.now()), "team": mine}
    return render(request, "retention/_chart.html" if is_part(request) else "retention/coming.html", context)


def _wish(request: Keeper, team: Team, pk: UUID) -> Wish:
    return found(request, Wish.objects.filter(team=team).select_related("team", "person"), pk)


@require_POST
@of_teams
def keep(request: Keeper, team: UUID, wish: UUID) -> HttpResponse:
    """Keep a chat longer, for somebody who asked."""
    mine = _wish(request, team_for(request, team), wish)
    form = KeepForm(request.POST)
    if not form.is_valid():
        raise Refusal(
            _("A chat is kept for 1 to %(most_days)s days longer.")
            % {"most_days": number_format(wishing.MOST_DAYS, force_grouping=True)}
        )
    days = form.cleaned_data["days"]
    wishing.grant(mine, days=days, by=request.user)
    messages.success(
        request,
        _("The chat of %(person)s is kept for %(number)s, within your organisation's bounds.")
        % {"person": mine.person, "number": words.number(days, "day")},
    )
    return _back(request, team)


@require_POST
@of_teams
def refuse(request: Keeper, team: UUID, wish: UUID) -> HttpResponse:
    """Let a chat go when its time is over."""
    mine = _wish(request, team_for(request, team), wish)
    wishing.refuse(mine, by=request.user)
    messages.success(
        request,
        _("The wish of %(person)s is refused. They are told, and the chat goes when its time is over.")
        % {"person": mine.person},
    )
    return _back(request, team)


def _back(request: Keeper, team: UUID) -> HttpResponse:
    return redirect("retention:house") if request.POST.get("from") == "house" else redirect("retention:team", team)
