"""Changes of people and teams, each as the whole story of one transaction."""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from accounts.live import ask_sockets_again
from accounts.models import Membership, Organisation, Session, SetupLink, Team, User
from accounts.queries import needs_setup
from accounts.reset import reset_path
from audit import verbs
from audit.actions import record
from audit.entry import Target

SETUP_LINK_LIVES = timedelta(days=7)


class LinkGone(Exception):
    """The link is unknown, used or too old."""


def person(user: User) -> Target:
    """Return a person as the log names them."""
    return Target("person", user.pk)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_setup_link(*, now: datetime) -> str:
    """Return the token of a fresh set-up link; earlier ones no longer work."""
    SetupLink.objects.filter(used_at=None).delete()
    token = secrets.token_urlsafe(32)
    SetupLink.objects.create(token_hash=_hash(token), expires_at=now + SETUP_LINK_LIVES)
    record(verbs.SETUP_LINK_MADE)
    return token


def setup_link_works(token: str, *, now: datetime) -> bool:
    """Whether this token still opens the set-up page."""
    return (
        needs_setup() and SetupLink.objects.filter(token_hash=_hash(token), used_at=None, expires_at__gt=now).exists()
    )


@transaction.atomic
def set_up(token: str, *, email: str, display_name: str, organisation: str, password: str, now: datetime) -> User:
    """Make the organisation, its first team and its owner. Two posts of one link make one owner. Raises LinkGone."""
    link = (
        SetupLink.objects.select_for_update().filter(token_hash=_hash(token), used_at=None, expires_at__gt=now).first()
    )
    if link is None or not needs_setup():
        raise LinkGone
    link.used_at = now
    link.save(update_fields=["used_at"])
    Organisation.objects.create(name=organisation)
    team = Team.objects.create(name=organisation)
    owner = add_person(
        email=email,
        display_name=display_name,
        password=password,
        organisation_role=User.Role.OWNER,
        team=team,
        team_role=Membership.Role.ADMIN,
    )
    record(verbs.SET_UP, targets=[person(owner)])
    return owner


@transaction.atomic
def add_person(
    *,
    email: str,
    password: str | None,
    display_name: str = "",
    organisation_role: str = User.Role.MEMBER,
    team: Team | None = None,
    team_role: str = Membership.Role.MEMBER,
) -> User:
    """Make a person, in a team where one is given."""
    user = User.objects.create_user(email, password, display_name=display_name, organisation_role=organisation_role)
    if team is not None:
        Membership.objects.create(team=team, user=user, role=team_role)
    changes: dict[str, tuple[object, object]] = {"organisation_role": (None, str(organisation_role))}
    if team is not None:
        changes |= {"team": (None, team.pk), "team_role": (None, str(team_role))}
    record(verbs.PERSON_ADDED, targets=[person(user)], changes=changes)
    return user


@transaction.atomic
def deactivate(user: User) -> None:
    """Shut a person out: sessions end, sockets close."""
    shut = User.objects.filter(pk=user.pk, is_active=True).update(is_active=False)
    ended = _delete_sessions(user)
    transaction.on_commit(partial(ask_sockets_again, user.pk))
    if shut:
        record(verbs.PERSON_DEACTIVATED, targets=[person(user)], changes={"is_active": (True, False)})
    if ended:
        record(verbs.SESSIONS_ENDED, targets=[person(user)], facts={"sessions": ended})


@transaction.atomic
def end_sessions(user: User) -> int:
    """Sign a person out everywhere. Return how many sessions ended."""
    ended = _delete_sessions(user)
    transaction.on_commit(partial(ask_sockets_again, user.pk))
    record(verbs.SESSIONS_ENDED, targets=[person(user)], facts={"sessions": ended})
    return ended


def _delete_sessions(user: User) -> int:
    return Session.objects.filter(user=user).delete()[0]


@transaction.atomic
def change_password(user: User, *, password: str) -> None:
    """Give a person another password; their sessions from before end by themselves."""
    user.set_password(password)
    user.save(update_fields=["password"])
    transaction.on_commit(partial(ask_sockets_again, user.pk))
    record(verbs.PASSWORD_CHANGED, targets=[person(user)])


@transaction.atomic
def make_reset_link(user: User) -> str:
    """Return the path under which this person chooses a new password, once, for an operator to hand over."""
    path = reset_path(user)
    record(verbs.PASSWORD_RESET_ASKED, targets=[person(user)], facts={"by": "command"})
    return path
