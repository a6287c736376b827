"""Django's own signals of signing in and out, written to the audit log."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from audit import verbs
from audit.actions import Unwritten, record
from audit.actor import Actor, Kind, digest_of_session, of_request
from audit.entry import Result, Target


def _as(user: User, request: HttpRequest) -> Actor:
    """Return the person that this request now is: the request itself may not know yet."""
    session = digest_of_session(request.session.session_key)
    return Actor(Kind.PERSON, str(user.pk), session, request.META.get("REMOTE_ADDR") or None)


def account_of(credentials: dict[str, Any]) -> list[Target]:
    """Return the account that somebody tried to sign in to. An address without one is not written down."""
    address = str(credentials.get("email") or credentials.get("username") or "")
    pk = User.objects.filter(email__iexact=address).values_list("pk", flat=True).first()
    return [Target("person", pk)] if pk else []


def signed_in(sender: object, *, request: HttpRequest, user: User, **kwargs: object) -> None:
    """Write it down; a sign-in that cannot be written down has not happened."""
    try:
        with transaction.atomic():
            record(verbs.SIGNED_IN, by=_as(user, request), targets=[Target("person", user.pk)])
    except Unwritten:
        request.session.flush()
        raise


def signed_out(sender: object, *, request: HttpRequest, user: User | None, **kwargs: object) -> None:
    """Write it down before the session goes."""
    if user is not None and user.pk is not None:
        with transaction.atomic():
            record(verbs.SIGNED_OUT, by=_as(user, request), targets=[Target("person", user.pk)])


def sign_in_refused(
    sender: object, *, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: object
) -> None:
    """Write down that a password was wrong, or an account unknown or shut."""
    by = of_request(request) if request is not None else None
    targets = account_of(credentials)
    with transaction.atomic():
        record(verbs.SIGN_IN_REFUSED, by=by, targets=targets, result=Result.REFUSED)


def listen() -> None:
    """Connect all of this to Django's signals, once."""
    user_logged_in.connect(signed_in, dispatch_uid="audit signing in")
    user_logged_out.connect(signed_out, dispatch_uid="audit signing out")
    user_login_failed.connect(sign_in_refused, dispatch_uid="audit refused sign-ins")
