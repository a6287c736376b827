"""Entries leave the house: as a zip of a range or a selection, or one by one with a proof. Each leaves an entry."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit import actions, export, package, people, queries, sealing
from audit.anchors import anchors_in
from audit.doors import Reader, readers
from audit.forms import TIMES, FilterForm, complaints, facts_of, query_of, wish_of
from audit.shown import sentence_of


def _page(request: Reader, form: FilterForm, *, reasons: list[str], status: int = 200) -> HttpResponse:
    sent = form.cleaned_data if form.is_valid() else {}
    chosen = {name: value for name, value in facts_of(sent).items() if name not in TIMES} if sent else {}
    names = people.names_of([chosen.get("actor"), chosen.get("target")])
    shown = [
        (name, names.get(value, sentence_of(value) if name == "verb" else value)) for name, value in chosen.items()
    ]
    context = {"form": form, "chosen": chosen, "shown": shown, "reasons": reasons, "times": query_of(_times(sent))}
    return render(request, "audit/export.html", context, status=status)


def _times(sent: dict[str, Any]) -> dict[str, Any]:
    return {name: sent.get(name) for name in TIMES}


@require_safe
@readers
def export_form(request: Reader) -> HttpResponse:
    """What to export: the filters of the log's page come along in the address."""
    form = FilterForm(request.GET)
    reasons = [] if form.is_valid() else complaints(form)
    return _page(request, form, reasons=reasons, status=400 if reasons else 200)


@require_POST
@readers
def export_file(request: Reader) -> HttpResponse | StreamingHttpResponse:
    """The zip. It is made while it is sent; that somebody took it is written down before the first byte."""
    form = FilterForm(request.POST)
    if not form.is_valid():
        return _page(request, form, reasons=complaints(form), status=400)
    sent, now = form.cleaned_data, timezone.now()
    asked, wish = facts_of(sent), wish_of(form.cleaned_data, now=now)
    ends = queries.ends_of(wish)
    if ends is None:
        return _page(request, form, reasons=[_("No entry fits; there is nothing to export.")], status=400)
    try:
        anchors = anchors_in(Path(settings.ANCHORS))
    except ValueError as flaw:
        return _page(request, form, reasons=[_("The anchors cannot be read. %(flaw)s") % {"flaw": flaw}], status=409)
    try:
        sealing.is_housekeeping_there()
    except sealing.Unsealed as reason:
        return _page(request, form, reasons=[str(reason)], status=503)
    first, last = ends
    actions.note_export(first=first, last=last, form="zip", **asked)
    if set(asked) <= set(TIMES):
        parts = export.parts_of(connection, anchors, first=first, last=last, seal=sealing.ask)
    else:
        parts = export.selected(wish.entries().filter(seq__lte=last), anchors, filters=asked, seal=sealing.ask)
    pieces = package.streamed(package.zipped(parts, now=now))
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="hearth-audit-{first}-{last}.zip"'
    return response


@require_POST
@readers
def proof(request: Reader, seq: int) -> HttpResponse:
    """One entry with the proof that an anchor covers it."""
    actions.note_export(first=seq, last=seq, form="proof")
    try:
        (made,) = export.proofs_of(connection, [seq], anchors_in(Path(settings.ANCHORS)))
    except (export.NotThere, ValueError) as reason:
        return render(request, "audit/refusal.html", {"reason": str(reason)}, status=409)
    response = HttpResponse(export.as_text(made), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="hearth-audit-{seq}.proof.json"'
    return response
