"""The auditors' pages: the log, one entry, its verification, its alerts. Nothing here changes an entry."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit import actions, people, queries
from audit.days import SPANS, chart_of
from audit.doors import Reader, admins, readers
from audit.forms import FilterForm, complaints, facts_of, query_of, wish_of
from audit.models import Entry, Verification
from audit.queries import PAGE
from audit.shown import Shown, as_shown, sentence_of
from audit.verbs import VERBS

RUNS = 20  # verifications that are listed


def _partial(request: Reader) -> bool:
    return "X-Hearth-Partial" in request.headers


def _note(request: Reader, asked: dict[str, str]) -> None:
    """Have the log say who reads it and by which filters: once in ten minutes for each set of filters."""
    if not queries.read_lately(str(request.user.pk), asked):
        actions.note_reading(asked)


@require_safe
@readers
def log(request: Reader) -> HttpResponse:
    """The log, the newest first. All filters stand in the address; `before` is the last entry of the page above."""
    form = FilterForm(request.GET)
    if not form.is_valid():
        return render(request, "audit/log.html", {"form": form, "complaints": complaints(form)}, status=400)
    sent = form.cleaned_data
    candidates = people.found_by(sent["person"]) if sent["person"] else []
    if len(candidates) == 1:
        return redirect(f"{request.path}?{query_of(sent, actor=candidates[0][0])}")
    context: dict[str, Any] = {"form": form, "asked": _asked(sent)}
    if sent["person"]:
        return render(request, "audit/log.html", context | {"candidates": candidates})
    _note(request, facts_of(sent))
    context |= _entries(sent)
    if _partial(request):
        return render(request, "audit/_entries.html", context)
    if sent["before"] is None:
        context |= _chart(request, sent)
    return render(request, "audit/log.html", context | {"query": query_of(sent)})


def _entries(sent: dict[str, Any]) -> dict[str, Any]:
    """Return a page of entries, and the address of the next one where there are more."""
    wish = wish_of(sent, now=timezone.now())
    found = queries.page_of(wish, before=sent["before"], size=PAGE + 1)
    more = query_of(sent, before=found[PAGE - 1].seq) if len(found) > PAGE else ""
    return {"rows": as_shown(found[:PAGE]), "more": more}


def _asked(sent: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return (filter, what it asks for, the address without it) for each filter in use."""
    names = people.names_of([sent["actor"], sent["target"]])
    found = []
    for name, value in facts_of(sent).items():
        if name == "actor" and not value.startswith("unix:"):
            value = names.get(value) or people.erased(value)
        found.append((name, names.get(value, value), query_of(sent, **{name: None})))
    return found


def _chart(request: Reader, sent: dict[str, Any]) -> dict[str, Any]:
    days = next((span for span in SPANS if str(span) == request.GET.get("days")), SPANS[0])
    rest = query_of(sent, within=None, since=None, until=None)
    return {"chart": chart_of(days, now=timezone.now()), "days": days, "spans": SPANS, "rest": rest}


@require_safe
@readers
def entry(request: Reader, seq: int) -> HttpResponse:
    """One entry."""
    _note(request, {"entry": str(seq)})
    found = Entry.objects.filter(pk=seq).first() if seq < 2**63 else None
    if found is None:
        raise Http404
    rows: list[Shown] = as_shown([found])
    return render(request, "audit/entry.html", {"rows": rows, "seq": seq, "open": True})


@require_http_methods(["GET", "HEAD", "POST"])
@readers
def verifications(request: Reader) -> HttpResponse:
    """The last verifications; a POST has another one begin, or shows the one at work."""
    if request.method == "POST":
        return redirect("audit:verification", actions.ask_verification(asked_by=request.user.pk).pk)
    actions.end_stalled()
    runs = list(Verification.objects.all()[:RUNS])
    names = people.names_of(str(run.asked_by) for run in runs)
    listed = [(run, _asker(run, names)) for run in runs]
    return render(request, "audit/verifications.html", {"runs": listed})


def _asker(run: Verification, names: dict[str, str]) -> str:
    pk = str(run.asked_by or "")
    return (names.get(pk) or people.erased(pk)) if pk else _("an operator")


@require_safe
@readers
def verification(request: Reader, pk: UUID) -> HttpResponse:
    """One verification, and how far it is."""
    actions.end_stalled()
    run = get_object_or_404(Verification, pk=pk)
    context = {
        "run": run,
        "asker": _asker(run, people.names_of([str(run.asked_by)])),
        "progress": _("%(checked)s of %(total)s entries are checked")
        % {
            "checked": number_format(run.checked, force_grouping=True),
            "total": number_format(run.total, force_grouping=True),
        },
    }
    return render(request, "audit/_verification.html" if _partial(request) else "audit/verification.html", context)


@require_safe
@admins
def alerts(request: Reader) -> HttpResponse:
    """Which verbs are mailed to whom. The settings of the installation decide that, not this page."""
    chosen = [(verb, *verb.partition(".")[::2], sentence_of(verb), verb in VERBS) for verb in settings.ALERT_VERBS]
    return render(request, "audit/alerts.html", {"verbs": chosen, "addresses": settings.ALERT_TO})
