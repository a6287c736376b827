"""The acts of those who look after how they sign in, and the entries that they leave."""

from functools import partial

from acts import TARGET_ADA, Case
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts import securing
from accounts.models import Session, User
from audit.actor import digest_of_session

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SIGNED_IN, ADDED = "accounts.signed_in", "accounts.factor_added"


def signed_in(user: User) -> str:
    """Sign in. Return the session's key."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client.session.session_key or ""


def add(user: User) -> Authenticator:
    kind = Authenticator.Type.TOTP
    make = partial(Authenticator.objects.create, user=user, type=kind, data={})
    made: Authenticator = securing.add_factor(user, kind=kind, keep="", make=make)
    return made


def remove(user: User) -> None:
    factor = add(user)
    securing.remove_factor(factor, keep="", remove=factor.delete)


def reset(user: User) -> None:
    add(user)
    securing.reset_factors(user)


def end(user: User) -> None:
    assert securing.end_session(user, digest=digest_of_session(signed_in(user)) or "")


def end_others(user: User) -> None:
    keep = signed_in(user)
    signed_in(user)
    assert securing.end_other_sessions(user, keep=keep) == 1
    assert Session.objects.filter(user=user).count() == 1


EXEMPT = {
    "accounts.securing.sessions_of": "reads",
    "accounts.securing.choose_language": "a preference of one's own",
}
CASES = {
    "accounts.securing.add_factor": Case(
        add, (ADDED,), TARGET_ADA | {"facts": {"factor": "authenticator app", "sessions_ended": 0}}
    ),
    "accounts.securing.remove_factor": Case(
        remove, (ADDED, "accounts.factor_removed"), TARGET_ADA | {"facts": {"factor": "authenticator app"}}
    ),
    "accounts.securing.make_recovery_codes": Case(
        lambda ada: securing.make_recovery_codes(ada, make=list), ("accounts.recovery_codes_made",), TARGET_ADA
    ),
    "accounts.securing.reset_factors": Case(
        reset, (ADDED, "accounts.factors_reset"), TARGET_ADA | {"facts": {"factors": 1, "sessions_ended": 0}}
    ),
    "accounts.securing.end_session": Case(end, (SIGNED_IN, "accounts.session_ended"), TARGET_ADA),
    "accounts.securing.end_other_sessions": Case(
        end_others, (SIGNED_IN, SIGNED_IN, "accounts.sessions_ended"), TARGET_ADA | {"facts": {"sessions": 1}}
    ),
    "accounts.securing.rename_self": Case(
        lambda ada: securing.rename_self(ada, display_name="Ada L."),
        ("accounts.person_changed",),
        TARGET_ADA | {"facts": {"fields": ["display_name"]}},
    ),
}
