"""The library of prompts: lists, pages, and what the box of a chat asks for."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.authority import teams_allowed
from accounts.doors import Keeper, found, is_part, keepers, sent
from accounts.models import Team
from accounts.refusal import Refusal
from accounts.roles import Power
from prompts import actions, queries
from prompts.forms import PromptForm, ShelfFilters
from prompts.models import Prompt, Version
from prompts.shelves import Place, place_of, require_writing

EDITS = require_http_methods(["GET", "HEAD", "POST"])


def _find(request: Keeper, pk: UUID) -> Prompt:
    """Return a prompt that this person may use or change. Raises Http404."""
    return found(request, queries.found_by(request.user, request.standing), pk)


@require_safe
@keepers()
def library(request: Keeper) -> HttpResponse:
    """Every prompt that you may use. The filters stand in the address."""
    user = request.user
    form = ShelfFilters(request.GET, shelves=queries.shelves_of(request.standing, user))
    asked = form.asked()
    fitting = queries.on_shelf(queries.usable_by(user), asked["shelf"], user)
    if asked["q"]:
        fitting = queries.with_words(fitting, asked["q"])
    number = asked["page"] or 1
    context: dict[str, Any] = _rows(request, fitting, number)
    context["more"] = context["further"] and form.address(page=number + 1)
    if is_part(request):
        return render(request, "prompts/_rows.html", context)
    context |= {"form": form, "asked": bool(form.address()), "count": fitting.count()}
    context |= {"deleted": _deleted(request), "places": queries.places_to_write(user, request.standing)}
    return render(request, "prompts/library.html", context)


def _rows(request: Keeper, fitting: QuerySet[Prompt], number: int) -> dict[str, Any]:
    start = (number - 1) * queries.PAGE
    rows = list(fitting[start : start + queries.PAGE + 1])
    shown = rows[: queries.PAGE]
    writes = {prompt.pk for prompt in shown if queries.writes(prompt, request.user, request.standing)}
    return {
        "rows": [(prompt, place_of(prompt), prompt.pk in writes) for prompt in shown],
        "further": len(rows) > queries.PAGE,
    }


def _deleted(request: Keeper) -> Prompt | None:
    """Return the prompt that was just deleted, as long as this person can put it back."""
    try:
        pk = UUID(request.GET.get("deleted", ""))
    except ValueError:
        return None
    return queries.deleted_by(request.user, request.standing).filter(pk=pk).first()


@require_safe
@keepers()
def prompt(request: Keeper, pk: UUID) -> HttpResponse:
    """One prompt."""
    row = _find(request, pk)
    writes = queries.writes(row, request.user, request.standing)
    return render(request, "prompts/prompt.html", {"prompt": row, "place": place_of(row), "writes": writes})


@EDITS
@keepers()
def make_own(request: Keeper) -> HttpResponse:
    """A prompt of your own."""
    return _make(request, Place(owner=request.user))


@EDITS
@keepers()
def make_for_team(request: Keeper, team: UUID) -> HttpResponse:
    """A prompt for a team. A team that is not yours is not there."""
    rows = Team.objects.filter(pk__in=list(request.standing.teams))
    rows |= Team.objects.filter(pk__in=teams_allowed(request.standing, Power.WRITE_TEAM_PROMPTS).values("pk"))
    return _make(request, Place(team=found(request, rows, team)))


@EDITS
@keepers()
def make_for_all(request: Keeper) -> HttpResponse:
    """A prompt for everybody."""
    return _make(request, Place())


def _make(request: Keeper, place: Place) -> HttpResponse:
    require_writing(request.user, place)
    form = PromptForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make(place, form.words(), by=request.user)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The prompt is saved. Write /%(name)s in a chat.") % {"name": made.name})
            return redirect("prompts:prompt", made.pk)
    context = {"form": form, "place": place, "shared": place.owner is None}
    return render(request, "prompts/write.html", context, status=400 if form.is_bound else 200)


@EDITS
@keepers()
def change(request: Keeper, pk: UUID) -> HttpResponse:
    """Write a prompt anew. What it was stays among its versions."""
    row = _find(request, pk)
    require_writing(request.user, place_of(row))
    before = {name: getattr(row, name) for name in ("name", "title", "text", "starter")}
    form = PromptForm(sent(request), initial=before | {"seen": row.version})
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or row.version
        try:
            actions.change(row, form.words(), seen=seen, by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        except Prompt.DoesNotExist:
            raise Http404 from None
        else:
            messages.success(request, _("The prompt is saved."))
            return redirect("prompts:prompt", pk)
    context = {"form": form, "place": place_of(row), "prompt": row, "shared": row.owner_id is None}
    return render(request, "prompts/write.html", context, status=400 if form.is_bound else 200)


@require_POST
@keepers()
def delete(request: Keeper, pk: UUID) -> HttpResponse:
    """Take a prompt off its shelf; the list offers to put it back."""
    row = _find(request, pk)
    try:
        actions.delete(row, by=request.user)
    except Prompt.DoesNotExist:
        raise Http404 from None
    response = redirect("prompts:library")
    response["Location"] += f"?deleted={pk}"
    return response


@require_POST
@keepers()
def restore(request: Keeper, pk: UUID) -> HttpResponse:
    """Put a deleted prompt back."""
    row = found(request, queries.deleted_by(request.user, request.standing), pk)
    try:
        actions.restore(row, by=request.user)
    except Prompt.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The prompt is back."))
    return redirect("prompts:prompt", pk)


@require_POST
@keepers()
def copy(request: Keeper, pk: UUID) -> HttpResponse:
    """Put a copy on your own shelf."""
    mine = actions.copy(_find(request, pk), by=request.user)
    messages.success(request, _("The copy is yours: change it as you like."))
    return redirect("prompts:change", mine.pk)


@require_safe
@keepers()
def versions(request: Keeper, pk: UUID) -> HttpResponse:
    """What a prompt was, the latest first."""
    row = _find(request, pk)
    below = request.GET.get("before", "")
    past, further = queries.history_of(row, before=int(below) if below.isdecimal() and len(below) < 9 else None)
    writes = queries.writes(row, request.user, request.standing)
    context = {"prompt": row, "place": place_of(row), "past": past, "further": further, "writes": writes}
    return render(request, "prompts/versions.html", context)


@require_POST
@keepers()
def use_again(request: Keeper, pk: UUID, number: int) -> HttpResponse:
    """Make an earlier version the latest."""
    row = _find(request, pk)
    try:
        actions.use_again(row, number, by=request.user)
    except (Prompt.DoesNotExist, Version.DoesNotExist):
        raise Http404 from None
    messages.success(request, _("Version %(number)s is used again.") % {"number": number})
    return redirect("prompts:prompt", pk)


@require_safe
@keepers()
def pick(request: Keeper) -> HttpResponse:
    """What a slash offers: names and titles of everything that you may use."""
    rows = queries.usable_by(request.user).defer("text")[: queries.MOST_PICKED]
    said = [
        {"id": str(row.pk), "name": row.name, "title": row.title, "shelf": place_of(row).called, "own": bool(row.owner)}
        for row in rows
    ]
    return JsonResponse({"prompts": said})


@require_safe
@keepers()
def text(request: Keeper, pk: UUID) -> HttpResponse:
    """The words of one prompt."""
    row = found(request, queries.usable_by(request.user), pk)
    return JsonResponse({"title": row.title, "text": row.text})
