"""One's own pages: name, ways to sign in, and where one is signed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import securing
from accounts.browsers import name_of
from accounts.doors import sent
from accounts.factors import factors_of, must_have_factor
from accounts.models import Organisation, User
from accounts.sessions import current
from audit.actor import digest_of_session


class Person(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


class NameForm(forms.Form):
    """What others call you."""

    display_name = forms.CharField(
        max_length=120,
        label=gettext_lazy("Your name"),
        error_messages={"required": gettext_lazy("Write a name: others see you by it.")},
    )


class LanguageForm(forms.Form):
    """The language in which Hearth speaks to you."""

    language = forms.ChoiceField(
        required=False,
        choices=[("", gettext_lazy("As my browser asks")), *settings.LANGUAGES],
        label=gettext_lazy("Language"),
    )


@dataclass(frozen=True, slots=True)
class Visit:
    """One session for the page. `digest` names it here and in the audit log; the key itself is a credential."""

    digest: str
    browser: str
    address: str
    since: datetime
    seen: datetime
    is_this: bool


def in_words(time: timedelta) -> str:
    """Return a time in the largest unit that says it exactly, as `14 days`. No time is no words."""
    for length in (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)):
        count, rest = divmod(time, length)
        if count and not rest:
            return _said(count, length)
    return ""


def _said(n: int, length: timedelta) -> str:
    if length == timedelta(days=1):
        return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}
    if length == timedelta(hours=1):
        return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}
    return ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}


def visits_of(request: Person) -> list[Visit]:
    """Return where this person is signed in, this browser first, then the latest seen."""
    rows = current().filter(user=request.user).order_by("-seen_at", "pk")
    visits = [
        Visit(
            digest=digest_of_session(row.session_key) or "",
            browser=name_of(row.agent),
            address=row.address,
            since=row.created_at,
            seen=row.seen_at,
            is_this=row.session_key == request.session.session_key,
        )
        for row in rows
    ]
    return sorted(visits, key=lambda visit: not visit.is_this)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def you(request: Person) -> HttpResponse:
    """Who you are here."""
    form = NameForm(sent(request), initial={"display_name": request.user.display_name})
    if request.method == "POST" and form.is_valid():
        securing.rename_self(request.user, display_name=form.cleaned_data["display_name"])
        messages.success(request, _("Your name is changed."))
        return redirect("accounts:you")
    context = {
        "form": form,
        "themes": User.Theme.choices,
        "speaks": LanguageForm(initial={"language": request.user.language}),
        "factors": factors_of(request.user).count(),
        "must": must_have_factor(request.user),
        "sessions": current().filter(user=request.user).count(),
    }
    return render(request, "you/profile.html", context, status=400 if form.is_bound else 200)


@require_POST
@login_required
def language(request: Person) -> HttpResponse:
    """Be spoken to in another language, from the next word on."""
    form = LanguageForm(request.POST)
    if form.is_valid():
        securing.choose_language(request.user, language=form.cleaned_data["language"])
        with translation.override(form.cleaned_data["language"] or translation.get_language_from_request(request)):
            messages.success(request, _("Hearth speaks to you in this language now."))
    return redirect("accounts:you")


@require_safe
@login_required
def sessions(request: Person) -> HttpResponse:
    """Where you are signed in."""
    rules = Organisation.objects.first() or Organisation()
    context = {
        "visits": visits_of(request),
        "longest": in_words(timedelta(hours=rules.absolute_hours)),
        "idle": in_words(timedelta(minutes=rules.idle_minutes)),
    }
    return render(request, "you/sessions.html", context)


@require_POST
@login_required
def end_session(request: Person) -> HttpResponse:
    """Sign out one of your browsers. One that is gone already is fine."""
    if securing.end_session(request.user, digest=request.POST.get("session", "")):
        messages.success(request, _("That session is ended."))
    return redirect("accounts:sessions")


@require_POST
@login_required
def end_other_sessions(request: Person) -> HttpResponse:
    """Sign out everywhere but here."""
    ended = securing.end_other_sessions(request.user, keep=request.session.session_key or "")
    said = ngettext("You are signed out of %(n)s other session.", "You are signed out of %(n)s other sessions.", ended)
    messages.success(request, said % {"n": ended})
    return redirect("accounts:sessions")
