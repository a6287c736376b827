"""The page of health: how everything is now, what helps, and how it was for 30 days."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.doors import Keeper, keepers
from accounts.roles import Power
from audit.models import Verification
from health import history, probing, words
from health.checks import Found
from health.history import Line


@dataclass(frozen=True, slots=True)
class Row:
    """A check as the page shows it."""

    name: str
    label: str
    ok: bool
    said: str
    advice: str
    line: Line


def _row(found: Found, line: Line) -> Row:
    label = str(words.LABELS[found.name])
    return Row(found.name, label, found.ok, words.said(found), words.advice(found), line)


@require_safe
@keepers(Power.SET_ORGANISATION, Power.MANAGE_MODELS)
def show(request: Keeper) -> HttpResponse:
    """All checks, the red ones first."""
    found = probing.look()
    past = history.lines(probing.ORDER)
    rows = sorted((_row(one, past[one.name]) for one in found), key=lambda row: row.ok)
    context = {
        "rows": rows,
        "red": sum(not row.ok for row in rows),
        "verified": Verification.objects.filter(sound__isnull=False).first(),
        "reads_log": request.standing.somewhere(Power.READ_LOG),
        "sees_sweeps": request.standing.somewhere(Power.SEE_RETENTION),
        "width": history.WIDTH,
    }
    return render(request, "health/health.html", context)
