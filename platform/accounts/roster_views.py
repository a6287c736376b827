"""Many invitations from one file: upload, a report for each line, and only then the invitations."""

import csv
import io
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import inviting, roster
from accounts.doors import Keeper
from accounts.inviting import Invited
from accounts.inviting_views import link_of, of_invitations, show
from accounts.models import Team
from accounts.office_forms import FileForm
from accounts.refusal import Refusal
from accounts.roles import Power
from accounts.roster import BadFile, Report

SHOWN = 200  # lines of a report in which all is well; all that need a look are shown


@require_http_methods(["GET", "HEAD", "POST"])
@of_invitations
def upload(request: Keeper) -> HttpResponse:
    """Choose a file. The answer says of each line what it would do; nothing is written yet."""
    form = FileForm(request.POST or None, request.FILES or None) if request.method == "POST" else FileForm()
    if not form.is_bound or not form.is_valid():
        return _ask(request, form)
    try:
        data = form.cleaned_data["file"].read(roster.MOST_BYTES + 1)
        report = roster.check(roster.read(data), by=request.user)
    except BadFile as bad:
        form.add_error("file", str(bad))
        return _ask(request, form)
    return _preview(request, report, data.decode("utf-8-sig"))


def _ask(request: Keeper, form: FileForm) -> HttpResponse:
    example = Team.objects.order_by("name").first() if request.standing.allows(Power.MANAGE_PEOPLE) else None
    context = {"form": form, "most": roster.MOST_LINES, "mails": settings.MAIL_IS_SET_UP, "example": example}
    return show(request, "accounts/roster.html", context, status=400 if form.is_bound else 200)


def _preview(request: Keeper, report: Report, text: str, *, why: str = "", status: int = 200) -> HttpResponse:
    wrong = [line for line in report.lines if line.problem]
    well = [line for line in report.lines if not line.problem]
    context: dict[str, Any] = {
        "report": report,
        "wrong": wrong,
        "well": well[:SHOWN],
        "unshown": max(0, len(well) - SHOWN),
        "idle": sum(line.wish is None for line in well),
        "text": text,
        "why": why,
        "mails": settings.MAIL_IS_SET_UP,
    }
    return show(request, "accounts/roster_preview.html", context, status=status)


@require_POST
@of_invitations
def send(request: Keeper) -> HttpResponse:
    """Invite everybody in the file, or nobody. It is checked again: the page that was confirmed may be old."""
    text = request.POST.get("text", "")
    try:
        report = roster.check(roster.read(text.encode()), by=request.user)
    except (BadFile, UnicodeEncodeError):
        raise Refusal(_("The file cannot be read any more. Upload it again.")) from None
    if not report.is_ready:
        return _preview(
            request, report, text, why=_("Something has changed meanwhile. Nobody was invited."), status=409
        )
    done = inviting.invite_all(report.wishes, by=request.user, now=timezone.now())
    return _done(request, done)


def _done(request: Keeper, done: list[Invited]) -> HttpResponse:
    joined = sum(one.joined is not None for one in done)
    links = [(one.invitation.email, link_of(request, one.token)) for one in done if one.invitation and one.token]
    if not links:
        sent = len(done) - joined
        messages.success(
            request,
            _("Invitations that go out by mail: %(sent)s. People put into a team at once: %(joined)s.")
            % {"sent": sent, "joined": joined},
        )
        return redirect("accounts:invitations")
    context = {"links": links[:SHOWN], "count": len(links), "joined": joined, "csv": _as_csv(links)}
    return show(request, "accounts/links.html", context)


def _as_csv(links: list[tuple[str, str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("email", "link"), *links])
    return out.getvalue()
