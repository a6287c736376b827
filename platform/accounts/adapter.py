"""How Hearth differs from allauth's habits."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts import actions, guessing
from accounts.models import User
from accounts.sign_in import account_of
from audit import refusals, verbs
from audit.actions import record
from audit.actor import of_request
from audit.entry import Result

log = logging.getLogger(__name__)
WAYS = {
    "reauthenticate": gettext_lazy("Use your password"),
    "mfa_reauthenticate": gettext_lazy("Use a code"),
    "mfa_reauthenticate:webauthn": gettext_lazy("Use a passkey"),
}


def _note_asked(user: User, result: Result) -> None:
    with transaction.atomic():
        record(verbs.PASSWORD_RESET_ASKED, targets=[actions.person(user)], result=result)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are invited; nobody signs up alone. What happens to passwords is written to the audit log."""

    tries: guessing.Tries | None = None
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": gettext_lazy(
            "Too many failed attempts. Wait some minutes, or use a passkey, "
            "or a browser in which you have signed in before."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: User, password: str) -> None:
        actions.change_password(user, password=password)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """No entry, no mail. A slow mail server keeps nobody from writing; a mail that fails is a second entry.

        To an address that somebody else has entered nothing goes, and whoever asks is told what everybody is told.
        """
        if user.address_unproven:
            _note_asked(user, Result.REFUSED)
            return
        _note_asked(user, Result.DONE)
        try:
            super().send_password_reset_mail(user, email, context)
        except (OSError, SMTPException) as error:
            log.warning("a mail was not sent", extra={"reason": type(error).__name__})
            _note_asked(user, Result.REFUSED)
            raise

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that the audit log would name: one opinion of where somebody comes from."""
        return of_request(request).address or "unknown"

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, str]]:
        return [way | {"description": WAYS[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:you")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """After too many tries nothing is looked at any more; the refusals are counted, one entry a minute."""
        self.tries = guessing.begin(request, str(credentials.get("email") or credentials.get("username") or ""))
        if self.tries is None:
            targets = account_of(credentials)
            refusals.refused(verbs.SIGN_IN_REFUSED, by=of_request(request), targets=targets, facts={"limited": True})
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user is not None and self.tries is not None:
            self.tries.take_back()
        return user

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        guessing.know(request, response, user.email)
        return response
