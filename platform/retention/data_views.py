"""Everybody's own data: a copy to take along, and the erasure of one's chats. What is another's is not there."""

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.doors import Keeper, found, is_part, keepers, sent
from retention import erasing, exporting
from retention.doors import ask_who
from retention.models import Erasure, Export, Hold, HouseRules
from retention.terms import house

KEPT_NO_MORE = gettext_lazy("This copy is no longer kept. Get another one.")


class EraseForm(forms.Form):
    """That one has read what goes and what stays."""

    sure = forms.BooleanField(
        error_messages={"required": gettext_lazy("Say that you want this: it cannot be taken back.")}
    )


def _copy(request: Keeper, pk: UUID) -> Export:
    return found(request, exporting.exports_of(request.user).filter(hold=None), pk)


@require_safe
@keepers()
def data(request: Keeper) -> HttpResponse:
    """Your copies and your erasure, as far as they are; for a page that watches, these parts alone."""
    copies = list(exporting.exports_of(request.user).filter(hold=None))
    own = house()
    context: dict[str, Any] = {
        "copies": copies,
        "is_made": any(copy.state == Export.State.ASKED for copy in copies),
        "erasure": _erasure(request),
        "chats": erasing.count_of(request.user),
        "export_hours": own.export_hours,
        "deletes": own.deleting == HouseRules.Deleting.OWNERS,
        "grace_days": own.grace_days,
    }
    return render(request, "you/_data.html" if is_part(request) else "you/data.html", context)


def _erasure(request: Keeper) -> dict[str, Any] | None:
    """Return the latest erasure with what is left of it and why, or nothing where none was asked for."""
    asked = Erasure.objects.filter(person=request.user).order_by("-asked_at").first()
    if asked is None:
        return None
    left = {} if asked.ended_at else erasing.left_of(request.user)
    stays = left.get("held", 0) + left.get("minimum", 0)
    total = sum(left.values())
    return {"row": asked, "left": left, "gone": max(0, asked.began_with - total), "moves": not stays or total > stays}


@require_POST
@keepers()
def ask(request: Keeper) -> HttpResponse:
    """Have a copy of your data made."""
    exporting.ask(request.user)
    return redirect("you:data")


@require_GET
@keepers()
def fetch(request: Keeper, export: UUID) -> HttpResponseBase:
    """Download a copy that is ready. Who has not said lately who they are says it first, and comes back to the page."""
    copy = _copy(request, export)
    if is_reauthentication_required(request, app="allauth.mfa"):
        ways = get_adapter().get_reauthentication_methods(request.user)
        return redirect(f"{ways[0]['url']}?{urlencode({'next': reverse('you:data')})}")
    if copy.state != Export.State.READY or not exporting.path_of(copy.pk).exists():
        return render(request, "accounts/refusal.html", {"why": KEPT_NO_MORE}, status=410)
    name = f"hearth-{copy.asked_at:%Y-%m-%d}.zip"
    return FileResponse(
        exporting.fetch(copy).open("rb"),
        as_attachment=True,
        filename=name,
        content_type="application/zip",
        headers={"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; sandbox"},
    )


@require_POST
@keepers()
def drop(request: Keeper, export: UUID) -> HttpResponse:
    """Delete a copy before its time."""
    exporting.delete(_copy(request, export))
    messages.success(request, _("The copy is deleted."))
    return redirect("you:data")


@require_http_methods(["GET", "HEAD", "POST"])
@keepers()
def erase(request: Keeper) -> HttpResponse:
    """Have your chats erased, once you have read what goes and what stays, and have said who you are."""
    form = EraseForm(sent(request))
    if form.is_valid():
        ask_who(request)
        erasing.ask(request.user, by=request.user)
        messages.success(request, _("Your chats are hidden, and go with the next sweep."))
        return redirect("you:data")
    context = {
        "form": form,
        "chats": erasing.count_of(request.user),
        "held": _held(request),
        "house": house(),
        "under_way": Erasure.objects.filter(person=request.user, ended_at=None).exists(),
    }
    return render(request, "you/erase.html", context, status=400 if form.is_bound else 200)


def _held(request: Keeper) -> bool:
    """Whether a hold is on the person, or on a team whose chats may be theirs."""
    mine = Hold.objects.filter(released_at=None)
    return mine.filter(person=request.user).exists() or mine.filter(team__memberships__user=request.user).exists()
