"""Django's own signals of signing in and out, written to the audit log."""

from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_used
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.http import HttpRequest

from accounts.factors import NAMES
from accounts.models import User
from accounts.sessions import SessionStore
from audit import refusals, verbs
from audit.actions import Unwritten, record
from audit.actor import Actor, Kind, digest_of_session, of_request
from audit.entry import Result, Target


def _as(user: User, request: HttpRequest) -> Actor:
    """Return the person that this request now is: the request itself may not know yet."""
    session = digest_of_session(request.session.session_key)
    return Actor(Kind.PERSON, str(user.pk), session, request.META.get("REMOTE_ADDR") or None)


def _how(request: HttpRequest) -> dict[str, object]:
    """Return the second factor that this sign-in has shown, if one was asked for."""
    steps = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY) or []
    shown = [NAMES[step["type"]] for step in steps if step.get("method") == "mfa"]
    return {"factor": shown[-1]} if shown else {}


def account_of(credentials: dict[str, Any]) -> list[Target]:
    """Return the account that somebody tried to sign in to. An address without one is not written down."""
    address = str(credentials.get("email") or credentials.get("username") or "")
    pk = User.objects.filter(email__iexact=address).values_list("pk", flat=True).first()
    return [Target("person", pk)] if pk else []


def signed_in(sender: object, *, request: HttpRequest, user: User, **kwargs: object) -> None:
    """Write it down; a sign-in that cannot be written down has not happened."""
    came = of_request(request)
    if isinstance(request.session, SessionStore):
        request.session.signed_in_from(came.address, request.headers.get("User-Agent", ""))
    try:
        with transaction.atomic():
            record(verbs.SIGNED_IN, by=_as(user, request), targets=[Target("person", user.pk)], facts=_how(request))
            if user.address_unproven:
                User.objects.filter(pk=user.pk).update(address_unproven=False)
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


def factor_used(sender: object, *, user: User, authenticator: Authenticator, **kwargs: object) -> None:
    """Write down that a recovery code is gone, so that its person can see who used it."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        left = len(Authenticator.objects.get(pk=authenticator.pk).wrap().get_unused_codes())
        with transaction.atomic():
            record(verbs.RECOVERY_CODE_USED, targets=[Target("person", user.pk)], facts={"left": left})


def factor_refused(sender: object, *, user: User, **kwargs: object) -> None:
    """Count that a code was wrong."""
    refusals.refused(verbs.FACTOR_REFUSED, targets=[Target("person", user.pk)])


def listen() -> None:
    """Connect all of this to Django's signals, once."""
    user_logged_in.connect(signed_in, dispatch_uid="audit signing in")
    user_logged_out.connect(signed_out, dispatch_uid="audit signing out")
    user_login_failed.connect(sign_in_refused, dispatch_uid="audit refused sign-ins")
    authenticator_used.connect(factor_used, dispatch_uid="audit recovery codes")
    authentication_failed.connect(factor_refused, dispatch_uid="audit refused factors")
