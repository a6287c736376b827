"""The page of what can leave the house, and its self-test."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import Keeper, is_part, keepers
from accounts.roles import Power
from egress import actions
from egress.queries import by_process, latest, verdict
from egress.ways import ways

of_the_house = keepers(Power.SET_ORGANISATION)


@require_safe
@of_the_house
def page(request: Keeper) -> HttpResponse:
    """Every way out, and what the last self-test found."""
    trial, now = latest(), timezone.now()
    context: dict[str, Any] = {"trial": trial, "places": actions.places()}
    if trial is not None:
        context |= {"verdict": verdict(trial, now), "found": by_process(trial).items(), "silent": trial.silent()}
    if is_part(request):
        return render(request, "egress/_trial.html", context)
    found = ways()
    context |= {"open": [way for way in found if way.is_open], "shut": [way for way in found if not way.is_open]}
    return render(request, "egress/page.html", context)


@require_POST
@of_the_house
def test(request: Keeper) -> HttpResponse:
    """Knock at addresses outside, from every process."""
    actions.ask(by=request.user)
    return redirect("egress:page")
