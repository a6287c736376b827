"""Sweeps and their receipts: the list, one of them, and one more at once."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.bells import ring
from accounts.doors import Keeper, found, is_part, keepers
from accounts.roles import Power
from retention import queries, sweeping, words
from retention.doors import before_in
from retention.forms import IdForm
from retention.house_views import demand
from retention.models import Run

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

VERDICTS: Mapping[str, "StrOrPromise"] = {
    Run.State.DONE: gettext_lazy("This sweep ended well. What it deleted is gone."),
    Run.State.FAILED: gettext_lazy("This sweep failed. Something that was due may still be there."),
    Run.State.BROKEN: gettext_lazy(
        "This sweep was broken off. What it had deleted is gone; the next one took up the rest."
    ),
}
of_runs = keepers(Power.SEE_RETENTION, Power.SET_RETENTION)


@require_safe
@of_runs
def runs(request: Keeper) -> HttpResponse:
    """The sweeps that say something, or every one, page by page; `before` is the last number above."""
    before, every = before_in(request), "every" in request.GET
    rows = queries.runs(every=every, before=before)
    context = {
        "runs": [queries.listed(run) for run in rows[: queries.PAGE]],
        "more": rows[queries.PAGE - 1].pk if len(rows) > queries.PAGE else None,
        "every": every,
        "further": before is not None,
        "health": None if before else queries.health(),
        "sets": request.standing.allows(Power.SET_RETENTION),
    }
    return render(request, "retention/runs.html", context)


@require_safe
@of_runs
def run(request: Keeper, run: int) -> HttpResponse:
    """One sweep; its progress alone for the page that waits for its end."""
    mine = found(request, Run.objects.select_related("asked_by"), run)
    context = _progress(mine)
    if is_part(request):
        return render(request, "retention/_run.html", context)
    form = IdForm(request.GET if "id" in request.GET else None)
    if form.is_valid():
        context["answer"] = queries.was_deleted(mine, form.cleaned_data["id"])
    return render(request, "retention/run.html", context | {"form": form}, status=400 if form.errors else 200)


def _progress(run: Run) -> dict[str, Any]:
    over = run.state in queries.OVER
    gone = queries.gone(run)
    return {
        "run": run,
        "over": over,
        "gone": gone,
        "said": _("%(gone)s of about %(expected)s are gone …")
        % {
            "gone": number_format(gone, force_grouping=True),
            "expected": number_format(max(run.expected, gone), force_grouping=True),
        },
        "verdict": VERDICTS.get(run.state, ""),
        "expected": max(run.expected, gone),
        "silent": queries.is_silent(run),
        "span": words.span(run.started_at, run.ended_at),
        "errors": words.errors(run.errors),
        "kinds": [(words.kind_name(kind), rows) for kind, rows in queries.by_team(run)] if over else [],
        "counts": [(words.kind_name(kind), words.counted(counts)) for kind, counts in run.counts.items()],
    }


@require_POST
@keepers(Power.SET_RETENTION)
def ask(request: Keeper) -> HttpResponse:
    """Have what is due purged at once."""
    demand(request, Power.SET_RETENTION)
    asked = sweeping.ask(by=request.user)
    ring("retention.sweep")
    return redirect("retention:run", asked.pk)


@require_POST
@of_runs
def resume(request: Keeper) -> HttpResponse:
    """Let sweeps go on after a restore."""
    sweeping.resume(by=request.user)
    messages.success(request, _("Sweeps go on: the next one begins within five minutes."))
    return redirect("retention:house")
