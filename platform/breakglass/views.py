"""The pages of requests: asking, deciding, ending, and what a person is told about themselves."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.authority import require
from accounts.doors import Keeper, found, is_part, keepers
from accounts.models import Organisation, User
from accounts.roles import Power
from breakglass import actions, queries
from breakglass.forms import AskForm, WhoForm

if TYPE_CHECKING:
    from breakglass.queries import ShownGlass


class Person(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


office = keepers(Power.ASK_BREAK_GLASS, Power.APPROVE_BREAK_GLASS)


def _glass(request: Keeper, number: int) -> "ShownGlass":
    """Return a request of the office. One about the person themselves is not there for them."""
    return found(request, queries.glasses_for(request.user), number)


@require_safe
@office
def requests(request: Keeper) -> HttpResponse:
    """The requests: what waits and what is open, then what is over, page by page; `before` is the last number above."""
    before = request.GET.get("before", "")
    if before and not (before.isdecimal() and int(before) < 2**63):
        raise Http404
    past = queries.past_for(request.user, before=int(before) if before else None)
    context: dict[str, Any] = {
        "past": past[: queries.PAGE],
        "more": past[queries.PAGE - 1].number if len(past) > queries.PAGE else None,
        "current": [] if before else queries.current_for(request.user),
        "asks": request.standing.allows(Power.ASK_BREAK_GLASS),
        "further": bool(before),
    }
    return render(request, "breakglass/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@office
def ask(request: Keeper) -> HttpResponse:
    """Find somebody, then say why and for how long."""
    require(request.user, Power.ASK_BREAK_GLASS)
    who = WhoForm(request.GET)
    about = _about(request, who.cleaned_data["about"]) if who.is_valid() else None
    form = AskForm(request.POST or None)
    if about is not None and request.method == "POST" and form.is_valid():
        glass = actions.ask(about, by=request.user, **form.cleaned_data)
        messages.success(request, _("Request %(glass)s waits for a second person.") % {"glass": glass.pk})
        return redirect("breakglass:request", glass.pk)
    text = who.cleaned_data.get("q", "")
    context = {
        "who": who,
        "about": about,
        "form": form,
        "candidates": queries.candidates(request.user, text) if text and about is None else None,
        "quiet": Organisation.objects.filter(tell_at_end=True).exists(),
    }
    return render(request, "breakglass/ask.html", context, status=400 if request.method == "POST" else 200)


def _about(request: Keeper, pk: UUID | None) -> User | None:
    return get_object_or_404(User.objects.exclude(pk=request.user.pk), pk=pk) if pk else None


@require_safe
@office
def request_page(request: Keeper, glass: int) -> HttpResponse:
    """One request, and what this person can do with it."""
    shown = _glass(request, glass)
    waits, mine = shown.state == "waiting", shown.asked_by_id == request.user.pk
    owner = request.standing.role == User.Role.OWNER
    context = {
        "glass": shown,
        "mine": mine,
        "deciders": queries.deciders_of(shown) if waits else [],
        "decides": waits and not mine and request.standing.allows(Power.APPROVE_BREAK_GLASS),
        "ends": shown.state in ("waiting", "open") and queries.may_end(shown, request.user, owner=owner),
        "reads": mine and queries.open_glass(request.user, glass) is not None,
    }
    return render(request, "breakglass/request.html", context)


@require_POST
@office
def approve(request: Keeper, glass: int) -> HttpResponse:
    """Be the second person."""
    shown = _glass(request, glass)
    actions.approve(shown, by=request.user)
    messages.success(
        request,
        _("%(asked_by)s can look from now on, for %(hours)s h.") % {"asked_by": shown.asked_by, "hours": shown.hours},
    )
    return redirect("breakglass:request", glass)


@require_POST
@office
def refuse(request: Keeper, glass: int) -> HttpResponse:
    """Be the second person, who says no."""
    actions.refuse(_glass(request, glass), by=request.user)
    messages.success(request, _("The request is refused. Nobody looks."))
    return redirect("breakglass:request", glass)


@require_POST
@office
def end(request: Keeper, glass: int) -> HttpResponse:
    """End a request early."""
    actions.end(_glass(request, glass), by=request.user)
    messages.success(request, _("The request has ended."))
    return redirect("breakglass:request", glass)


@require_safe
@login_required
def about_me(request: Person) -> HttpResponse:
    """Who could read your chats, for everybody about themselves."""
    return render(request, "breakglass/about_me.html", {"glasses": queries.glasses_about(request.user)[:200]})


@require_safe
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """The notices alone, for a page that was told there is one; opened by itself it is a page."""
    return render(request, "breakglass/_notices.html") if is_part(request) else redirect("breakglass:about_me")


@require_POST
@login_required
def dismiss(request: Person, glass: int) -> HttpResponse:
    """Say that you have seen a notice about yourself."""
    actions.dismiss(found(request, queries.glasses_about(request.user), glass), by=request.user)
    return HttpResponse(status=204) if is_part(request) else redirect("breakglass:about_me")
