"""The first administrator's way in, and the way back for who forgot a password."""

from smtplib import SMTPException

from allauth.account.views import password_reset
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.forms import SetupForm

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password for the first account. The link works once."""
    now = timezone.now()
    if not actions.setup_link_works(token, now=now):
        return render(request, "accounts/setup_gone.html", status=404)
    form = SetupForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/setup.html", {"form": form}, status=400 if form.is_bound else 200)
    sent = form.cleaned_data
    try:
        owner = actions.set_up(
            token,
            email=sent["email"],
            display_name=sent["display_name"],
            organisation=sent["organisation"],
            password=sent["password1"],
            now=now,
        )
    except actions.LinkGone:
        return render(request, "accounts/setup_gone.html", status=404)
    login(request, owner, backend=BACKEND)
    return redirect("chat:home")


@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Have a link mailed. Where no mail can be sent, say who can help instead."""
    if not settings.MAIL_IS_SET_UP:
        return render(request, "account/password_reset_closed.html")
    try:
        response: HttpResponse = password_reset(request)
    except (OSError, SMTPException):
        return render(request, "account/password_reset_closed.html", {"away": True}, status=503)
    return response
