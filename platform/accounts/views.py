"""The first administrator's way in."""

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
