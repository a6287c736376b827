"""How Hearth differs from allauth's habits."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from accounts import actions
from accounts.models import User
from accounts.sign_in import account_of
from audit import refusals, verbs
from audit.actions import record
from audit.actor import of_request
from audit.entry import Result

log = logging.getLogger(__name__)


def _note_asked(user: User, result: Result) -> None:
    with transaction.atomic():
        record(verbs.PASSWORD_RESET_ASKED, targets=[actions.person(user)], result=result)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are invited; nobody signs up alone. What happens to passwords is written to the audit log."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: User, password: str) -> None:
        actions.change_password(user, password=password)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """No entry, no mail. A slow mail server keeps nobody from writing; a mail that fails is a second entry."""
        _note_asked(user, Result.DONE)
        try:
            super().send_password_reset_mail(user, email, context)
        except (OSError, SMTPException) as error:
            log.warning("a mail was not sent", extra={"reason": type(error).__name__})
            _note_asked(user, Result.REFUSED)
            raise

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """After too many failures nothing is tried any more; the refusals are counted, one entry a minute."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            targets = account_of(credentials)
            refusals.refused(verbs.SIGN_IN_REFUSED, by=of_request(request), targets=targets, facts={"limited": True})
            raise
