"""For auditors: how much under a hold contains some words, and exports of what it keeps."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import Keeper, found, keepers
from accounts.refusal import Refusal
from accounts.roles import Power
from audit.package import streamed
from retention import exporting, holding, words
from retention.doors import ask_who
from retention.forms import WordsForm
from retention.hold_views import hold_for, of_holds, page
from retention.house_views import demand
from retention.models import Export

PIECE = 1 << 18  # bytes


@require_POST
@of_holds
def search(request: Keeper, hold: int) -> HttpResponse:
    """Say how many chats contain some words, and nothing of them. The words stand in no address and in no log."""
    mine = hold_for(request, hold)
    demand(request, Power.EXPORT_HELD)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return page(request, mine, status=400, words_form=form)
    text = form.cleaned_data["words"]
    count = holding.search(mine, words=text, by=request.user)
    return page(request, mine, words_form=form, found=words.number(count, "chat"), one=count == 1, searched=bool(text))


@require_POST
@of_holds
def export(request: Keeper, hold: int) -> HttpResponse:
    """Have put together what a hold keeps, all of it or what contains some words."""
    mine = hold_for(request, hold)
    demand(request, Power.EXPORT_HELD)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return page(request, mine, status=400, words_form=form)
    ask_who(request)
    exporting.ask_held(mine, words=form.cleaned_data["words"], by=request.user)
    return redirect("retention:hold", hold)


def _export(request: Keeper, pk: UUID) -> Export:
    ready = exporting.exports_of(request.user).exclude(hold=None).filter(state=Export.State.READY)
    return found(request, ready, pk)


@require_safe
@keepers(Power.EXPORT_HELD)
def exported(request: Keeper, export: UUID) -> HttpResponse:
    """One export, with its hash, for who has just said again who they are."""
    mine = _export(request, export)
    ask_who(request)
    return render(request, "retention/export.html", {"export": mine, "hold": mine.hold})


@require_POST
@keepers(Power.EXPORT_HELD)
def export_file(request: Keeper, export: UUID) -> HttpResponseBase:
    """The file. That it was fetched is written down before the first byte."""
    mine = _export(request, export)
    ask_who(request)
    if not exporting.path_of(mine.pk).exists():
        raise Refusal(_("The file is not there any more. Ask for another export."))
    response = StreamingHttpResponse(streamed(_pieces(exporting.fetch(mine))), content_type="application/zip")
    name = "-".join(filter(None, ("hold", str(mine.hold_id), slugify(mine.hold.reference if mine.hold else ""))))
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    response["Content-Length"] = str(mine.size)
    response["Cache-Control"] = "no-store"
    return response


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece
