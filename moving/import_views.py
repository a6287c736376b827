"""Where people bring chats along. A page shows how far it is; answers to pieces are JSON for its script."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import pieces
from accounts.authority import asking_teams_of
from accounts.doors import Keeper, found, is_part, keepers
from accounts.refusal import Refusal
from moving import arriving, importing, queries
from moving.archive import LONGEST_FILE
from moving.forms import StartForm
from moving.models import Entry, Import


def _mine(request: Keeper, pk: UUID) -> Import:
    return found(request, arriving.imports_of(request.user).select_related("owner", "team"), pk)


@require_safe
@keepers()
def home(request: Keeper) -> HttpResponse:
    """What you can bring along, and what became of what you brought."""
    moves = list(arriving.imports_of(request.user).select_related("team"))
    context = {
        "moves": moves,
        "open": next((move for move in moves if move.is_open), None),
        "may": bool(asking_teams_of(request.standing)),
        "largest": LONGEST_FILE // 10**6,
    }
    return render(request, "moving/home.html", context)


@require_POST
@keepers()
def begin(request: Keeper) -> HttpResponse:
    """Begin to take a file in pieces; or, without a script, a small one as a whole."""
    if upload := request.FILES.get("file"):
        move = arriving.begin(name=upload.name or "", size=upload.size or 0, by=request.user)
        arriving.take(move, start=0, body=upload, length=move.size)
        return redirect("moving:import", move.pk)
    name, size = request.POST.get("name", ""), request.POST.get("size", "")
    if not name:
        raise Refusal(_("Choose a file first."))
    try:
        move = arriving.begin(name=name, size=int(size[:18]) if size.isdecimal() else 0, by=request.user)
    except Refusal as refusal:
        return JsonResponse({"why": str(refusal)}, status=409)
    address = reverse("moving:piece", args=[move.pk])
    more = {"address": address, "token": arriving.token_of(move), "piece": pieces.PIECE}
    return JsonResponse(_told(move) | more)


@require_http_methods(["GET", "PUT"])
@keepers()
def piece(request: Keeper, move: UUID) -> JsonResponse:
    """Say how much is there; or take a piece, which says by Content-Range where it belongs."""
    mine = _mine(request, move)
    return JsonResponse(_told(mine)) if request.method == "GET" else _put(request, mine)


def _put(request: Keeper, mine: Import) -> JsonResponse:
    spot = pieces.place(request.headers.get("Content-Range", ""), size=mine.size)
    if spot is None:
        why = _("This piece does not say where it belongs. Load the page once more.")
        return JsonResponse({"why": why}, status=400)
    try:
        return JsonResponse(_told(arriving.take(mine, start=spot[0], body=request, length=spot[1])))
    except pieces.Misplaced:
        mine.refresh_from_db()
        return JsonResponse(_told(mine), status=409)
    except Refusal as refusal:
        return JsonResponse({"why": str(refusal)}, status=409)


def _told(move: Import) -> dict[str, object]:
    whole = move.state != Import.State.ARRIVING
    return {"received": move.size if whole else arriving.received(move), "size": move.size, "whole": whole}


@require_safe
@keepers()
def show(request: Keeper, move: UUID) -> HttpResponse:
    """How far an import is, what was found, or what became of it; for a page that watches, this part alone."""
    mine = _mine(request, move)
    template = "moving/_import.html" if is_part(request) else "moving/import.html"
    return render(request, template, _context(request, mine))


def _context(request: Keeper, mine: Import, form: StartForm | None = None) -> dict[str, Any]:
    context: dict[str, Any] = {"move": mine}
    if mine.state == Import.State.FOUND:
        entries = mine.entries.exclude(state=Entry.State.HERE).order_by("-rank", "place")
        context |= {
            "found": queries.found_in(mine),
            "entries": entries[: queries.SHOWN],
            "form": form or StartForm(standing=request.standing),
        }
    elif mine.state != Import.State.ARRIVING:
        states = queries.states_of(mine)
        context |= {"states": states, "ended": sum(states.values()) - states[Entry.State.FOUND]}
        if not mine.is_open:
            context["lines"] = queries.lines_of(mine)
    return context


@require_POST
@keepers()
def start(request: Keeper, move: UUID) -> HttpResponse:
    """Have the chosen chats imported."""
    mine = _mine(request, move)
    form = StartForm(request.POST, standing=request.standing)
    if not form.is_valid():
        return render(request, "moving/import.html", _context(request, mine, form), status=400)
    chosen = form.cleaned_data
    importing.start(mine, team=chosen["team"], left=chosen["left"], archived=chosen["archived"])
    return redirect("moving:import", mine.pk)


@require_POST
@keepers()
def cancel(request: Keeper, move: UUID) -> HttpResponse:
    """Give an import up. What it has brought already stays."""
    importing.cancel(_mine(request, move))
    messages.success(request, _("The import is cancelled and its file is deleted. Chats that were imported stay."))
    return redirect("moving:home")


@require_POST
@keepers()
def delete(request: Keeper, move: UUID) -> HttpResponse:
    """Remove a report before its time."""
    importing.delete(_mine(request, move))
    messages.success(request, _("The report is deleted. The chats stay."))
    return redirect("moving:home")
