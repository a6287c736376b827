"""Changes of how one signs in: second factors and sessions, each as the whole story of one transaction.

allauth makes and removes the factors; what it does is handed in as `make` and `remove`, so that the entry stands or
falls with it. Rows are locked in one order: the person, then the rest.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from accounts.actions import person, require_over
from accounts.factors import NAMES, factors_of, is_last_needed
from accounts.letters import write_to
from accounts.live import ask_sockets_again
from accounts.models import Letter, Session, User
from accounts.refusal import Refusal
from accounts.roles import Power
from audit import verbs
from audit.actions import record
from audit.actor import digest_of_session

T = TypeVar("T")
OWN_FACTORS = gettext_lazy("Your own second factors are changed under You, Signing in.")
LAST_FACTOR = gettext_lazy(
    "Your organisation asks for a second factor, and this is your last one. Add another one first."
)


def sessions_of(user: User) -> QuerySet[Session]:
    """Return every session in which this person is signed in, the ended ones too."""
    return Session.objects.filter(user=user)


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _end_others(user: User, keep: str) -> int:
    """End the person's other sessions; their sockets close once that is committed."""
    ended = sessions_of(user).exclude(session_key=keep).delete()[0]
    transaction.on_commit(partial(ask_sockets_again, user.pk))
    return ended


@transaction.atomic
def add_factor(user: User, *, kind: str, keep: str, make: Callable[[], T]) -> T:
    """Give a person a second factor; an authenticator app takes the place of the one before.

    With the first factor all other sessions end: they came in without one. `keep` is the key of this one.
    """
    _locked(user)
    is_first = not factors_of(user).exists()
    if kind == Authenticator.Type.TOTP:
        factors_of(user).filter(type=kind).delete()
    made = make()
    ended = _end_others(user, keep) if is_first else 0
    write_to(user.email, Letter.Kind.FACTOR_ADDED, what=NAMES[kind])
    record(verbs.FACTOR_ADDED, targets=[person(user)], facts={"factor": NAMES[kind], "sessions_ended": ended})
    return made


@transaction.atomic
def remove_factor(factor: Authenticator, *, keep: str, remove: Callable[[], T]) -> T:
    """Take a factor away. Other sessions end, as it may be lost. Raises Refusal for the last one that is needed."""
    user = _locked(factor.user)
    if is_last_needed(factor):
        raise Refusal(LAST_FACTOR)
    removed = remove()
    facts = {"factor": NAMES[factor.type], "sessions_ended": _end_others(user, keep)}
    write_to(user.email, Letter.Kind.FACTOR_REMOVED, what=NAMES[factor.type])
    record(verbs.FACTOR_REMOVED, targets=[person(user)], facts=facts)
    return removed


@transaction.atomic
def make_recovery_codes(user: User, *, make: Callable[[], T]) -> T:
    """Make fresh recovery codes; the ones before no longer work."""
    made = make()
    record(verbs.RECOVERY_CODES_MADE, targets=[person(user)])
    return made


@transaction.atomic
def reset_factors(user: User, *, by: User | None = None) -> int:
    """Take all of a person's factors away, who has lost them, and sign them out. Return how many there were.

    Their password is still asked for. `by` nobody is an operator on the server. Raises Refused, and Refusal for one's
    own: those are changed where a password is asked for first.
    """
    require_over(by, Power.MANAGE_PEOPLE, _locked(user))
    if by is not None and by.pk == user.pk:
        raise Refusal(OWN_FACTORS)
    count = factors_of(user).count()
    Authenticator.objects.filter(user=user).delete()
    ended = sessions_of(user).delete()[0]
    transaction.on_commit(partial(ask_sockets_again, user.pk))
    if count:
        write_to(user.email, Letter.Kind.FACTORS_RESET)
    record(verbs.FACTORS_RESET, targets=[person(user)], facts={"factors": count, "sessions_ended": ended})
    return count


@transaction.atomic
def end_session(user: User, *, digest: str) -> bool:
    """End one of a person's sessions, named as the log names it. Return whether there was such a one."""
    keys = sessions_of(user).values_list("session_key", flat=True)
    key = next((key for key in keys if digest_of_session(key) == digest), None)
    if key is None or not sessions_of(user).filter(session_key=key).delete()[0]:
        return False
    transaction.on_commit(partial(ask_sockets_again, user.pk))
    record(verbs.SESSION_ENDED, targets=[person(user)], facts={"session": digest})
    return True


@transaction.atomic
def end_other_sessions(user: User, *, keep: str) -> int:
    """Sign a person out everywhere but here. Return how many sessions ended."""
    ended = _end_others(user, keep)
    if ended:
        record(verbs.SESSIONS_ENDED, targets=[person(user)], facts={"sessions": ended, "kept": digest_of_session(keep)})
    return ended


@transaction.atomic
def rename_self(user: User, *, display_name: str) -> None:
    """Give oneself another name. The log says that, not which."""
    if User.objects.filter(pk=user.pk).exclude(display_name=display_name).update(display_name=display_name):
        record(verbs.PERSON_CHANGED, targets=[person(user)], facts={"fields": ["display_name"]})


def choose_language(user: User, *, language: str) -> None:
    """Be spoken to in another language; an empty one is what the browser asks for. That is nobody else's business."""
    User.objects.filter(pk=user.pk).update(language=language)
