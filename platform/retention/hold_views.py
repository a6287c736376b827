"""Legal holds: those in force and those released, placing one, and one with its release."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors import Keeper, found, is_part, keepers, sent
from accounts.refusal import Refusal
from accounts.roles import Power
from audit import people
from retention import exporting, holding, queries
from retention.doors import ask_who, before_in
from retention.forms import HoldForm, WhoForm, WordsForm
from retention.house_views import demand
from retention.kinds import kinds
from retention.models import Export, Hold

MOST = 500  # holds in force that are listed
of_holds = keepers(Power.SEE_RETENTION, Power.PLACE_HOLDS, Power.EXPORT_HELD)


@require_safe
@of_holds
def holds(request: Keeper) -> HttpResponse:
    """All holds: those in force, then the released ones, page by page."""
    before = before_in(request)
    released = queries.released(before=before)
    context = {
        "current": [] if before else list(queries.holds().filter(released_at=None)[:MOST]),
        "released": released[: queries.PAGE],
        "more": released[queries.PAGE - 1].pk if len(released) > queries.PAGE else None,
        "further": before is not None,
        "places": request.standing.allows(Power.PLACE_HOLDS),
    }
    return render(request, "retention/holds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_holds
def place(request: Keeper) -> HttpResponse:
    """Find on what, then say why."""
    demand(request, Power.PLACE_HOLDS)
    who = WhoForm(request.POST if request.method == "POST" else request.GET)
    on = who.on() if who.is_valid() else {}
    form = HoldForm(sent(request))
    if on and request.method == "POST" and form.is_valid():
        return _place(request, who, on, form)
    return _placing(request, who, on, form, status=400 if request.method == "POST" else 200)


def _place(request: Keeper, who: WhoForm, on: dict[str, Any], form: HoldForm) -> HttpResponse:
    ask_who(request)
    try:
        hold = holding.place(by=request.user, **form.cleaned_data, **on)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _placing(request, who, on, form, status=409)
    messages.success(
        request, _("Hold %(hold)s is in force: nothing of it goes until it is released.") % {"hold": hold.pk}
    )
    return redirect("retention:hold", hold.pk)


def _placing(request: Keeper, who: WhoForm, on: dict[str, Any], form: HoldForm, *, status: int) -> HttpResponse:
    text = who.cleaned_data.get("q", "")
    context = {
        "who": who,
        "on": on,
        "form": form,
        "candidates": people.found_by(text) if text and not on else None,
    }
    return render(request, "retention/place.html", context, status=status)


def hold_for(request: Keeper, number: int) -> Hold:
    """Return a hold. Raises Http404."""
    return found(request, queries.holds(), number)


@require_safe
@of_holds
def hold(request: Keeper, hold: int) -> HttpResponse:
    """One hold, and what this person can do with it; its exports alone for the page that waits for one."""
    mine = hold_for(request, hold)
    if is_part(request):
        return render(request, "retention/_exports.html", {"hold": mine, "exports": exports_under(request, mine)})
    return page(request, mine)


def exports_under(request: Keeper, hold: Hold) -> list[Export]:
    """Return this person's exports of what a hold keeps, while they may read them."""
    if not request.standing.allows(Power.EXPORT_HELD):
        return []
    return list(exporting.exports_of(request.user).filter(hold=hold)[: queries.PAGE])


def page(request: Keeper, hold: Hold, *, status: int = 200, **more: Any) -> HttpResponse:
    """Show one hold."""
    current = hold.released_at is None
    reads = request.standing.allows(Power.EXPORT_HELD)
    context = {
        "hold": hold,
        "keeps": sum(kind.held(hold) for kind in kinds()) if current else None,
        "releases": current and request.standing.allows(Power.PLACE_HOLDS),
        "reads": reads and current,
        "exports": exports_under(request, hold),
        "words_form": WordsForm(),
    }
    return render(request, "retention/hold.html", context | more, status=status)


@require_POST
@of_holds
def release(request: Keeper, hold: int) -> HttpResponse:
    """Let a hold go."""
    mine = hold_for(request, hold)
    demand(request, Power.PLACE_HOLDS)
    ask_who(request)
    holding.release(mine, by=request.user)
    messages.success(
        request,
        _("Hold %(mine)s is released. What is due goes with the next sweep, unless another hold is on it.")
        % {"mine": mine.pk},
    )
    return redirect("retention:hold", hold)
