"""Changes of people, each as the whole story of one transaction.

`by` is the person who does it, whose authority is read anew: raises Refused. Nobody: an operator on the server.
"""

from datetime import datetime, timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from accounts import tokens
from accounts.authority import require
from accounts.holdings import open_invitations
from accounts.letters import write_to
from accounts.live import ask_sockets_again
from accounts.models import Letter, Membership, Organisation, Session, SetupLink, Team, User
from accounts.queries import needs_setup
from accounts.refusal import Refusal
from accounts.reset import reset_path
from accounts.roles import Power
from audit import verbs
from audit.actions import record
from audit.entry import Target

SETUP_LINK_LIVES = timedelta(days=7)
LAST_OWNER = gettext_lazy("This is the last owner. Make somebody else an owner first.")
TAKEN = gettext_lazy("Somebody else has this address.")


class LinkGone(Exception):
    """The link is unknown, used or too old."""


def person(user: User) -> Target:
    """Return a person as the log names them."""
    return Target("person", user.pk)


@transaction.atomic
def make_setup_link(*, now: datetime) -> str:
    """Return the token of a fresh set-up link; earlier ones no longer work."""
    SetupLink.objects.filter(used_at=None).delete()
    token = tokens.fresh()
    SetupLink.objects.create(token_hash=tokens.hash_of(token), expires_at=now + SETUP_LINK_LIVES)
    record(verbs.SETUP_LINK_MADE)
    return token


def _open_links(token: str, now: datetime) -> QuerySet[SetupLink]:
    return SetupLink.objects.filter(token_hash=tokens.hash_of(token), used_at=None, expires_at__gt=now)


def setup_link_works(token: str, *, now: datetime) -> bool:
    """Whether this token still opens the set-up page."""
    return (
        needs_setup()
        and SetupLink.objects.filter(token_hash=tokens.hash_of(token), used_at=None, expires_at__gt=now).exists()
    )


@transaction.atomic
def set_up(token: str, *, email: str, display_name: str, organisation: str, password: str, now: datetime) -> User:
    """Make the organisation, its first team and its owner. Two posts of one link make one owner. Raises LinkGone."""
    link = (
        SetupLink.objects.select_for_update()
        .filter(token_hash=tokens.hash_of(token), used_at=None, expires_at__gt=now)
        .first()
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


def locked(person: User) -> User:
    """Lock somebody's row, and the owners' with it where they are one, and return it as it is now."""
    mine = User.objects.filter(Q(pk=person.pk) | Q(organisation_role=User.Role.OWNER, is_active=True))
    rows = {row.pk: row for row in mine.select_for_update().order_by("pk")}
    return rows[person.pk]


def require_over(by: User | None, power: Power, person: User) -> None:
    """Raise Refused unless somebody may do this to this person: owners are changed by owners alone."""
    if by is not None:
        require(by, power)
        if person.organisation_role == User.Role.OWNER:
            require(by, Power.MAKE_OWNERS)


def refuse_last_owner(person: User) -> None:
    """Raise Refusal when nobody else would own this installation. The owners' rows are locked."""
    owners = User.objects.filter(organisation_role=User.Role.OWNER, is_active=True)
    if person.organisation_role == User.Role.OWNER and not owners.exclude(pk=person.pk).exists():
        raise Refusal(LAST_OWNER)


def revoke_made_by(person: User, *, team: Team | None = None) -> int:
    """Take back the open invitations of somebody who can no longer stand for them. Return how many."""
    mine = open_invitations().filter(invited_by=person)
    return (mine.filter(team=team) if team else mine).update(revoked_at=Now())


@transaction.atomic
def deactivate(user: User, *, by: User | None = None) -> None:
    """Shut a person out: sessions end, sockets close, their invitations are taken back. Raises Refusal."""
    held = locked(user)
    require_over(by, Power.MANAGE_PEOPLE, held)
    refuse_last_owner(held)
    shut = User.objects.filter(pk=user.pk, is_active=True).update(is_active=False)
    ended, revoked = _delete_sessions(user), revoke_made_by(user)
    transaction.on_commit(partial(ask_sockets_again, user.pk))
    if shut:
        facts = {"invitations_revoked": revoked} if revoked else {}
        record(verbs.PERSON_DEACTIVATED, targets=[person(user)], changes={"is_active": (True, False)}, facts=facts)
    if ended:
        record(verbs.SESSIONS_ENDED, targets=[person(user)], facts={"sessions": ended})


@transaction.atomic
def reactivate(user: User, *, by: User) -> None:
    """Let a person sign in again, with the roles they had."""
    require_over(by, Power.MANAGE_PEOPLE, locked(user))
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        record(verbs.PERSON_REACTIVATED, targets=[person(user)], changes={"is_active": (False, True)})


@transaction.atomic
def change_role(user: User, *, role: User.Role, by: User) -> None:
    """Give a person another role in the organisation. Raises Refusal for the last owner."""
    held = locked(user)
    require_over(by, Power.CHANGE_ORGANISATION_ROLES, held)
    if role == User.Role.OWNER:
        require(by, Power.MAKE_OWNERS)
    if held.organisation_role == role:
        return
    refuse_last_owner(held)
    User.objects.filter(pk=user.pk).update(organisation_role=role)
    revoked = revoke_made_by(user)
    transaction.on_commit(partial(ask_sockets_again, user.pk))
    changes = {"organisation_role": (held.organisation_role, role)}
    record(verbs.ROLE_CHANGED, targets=[person(user)], changes=changes, facts={"invitations_revoked": revoked})


@transaction.atomic
def set_person(user: User, *, email: str, display_name: str, by: User) -> None:
    """Correct somebody's name or address. The log names what has changed, not what it says. Raises Refusal.

    Who changes an address must not become its person: no link for a new password is mailed there before they have
    signed in once more, and the address from before is told.
    """
    held = locked(user)
    require_over(by, Power.MANAGE_PEOPLE, held)
    fresh = {"email": User.objects.normalize_email(email).lower(), "display_name": display_name}
    changed = [name for name, value in fresh.items() if getattr(held, name) != value]
    if not changed:
        return
    elsewhere = "email" in changed and by.pk != held.pk
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(**fresh, address_unproven=held.address_unproven or elsewhere)
    except IntegrityError:
        raise Refusal(TAKEN) from None
    if elsewhere:
        write_to(held.email, Letter.Kind.ADDRESS_CHANGED)
    record(verbs.PERSON_CHANGED, targets=[person(user)], facts={"fields": changed})


@transaction.atomic
def end_sessions(user: User, *, by: User | None = None) -> int:
    """Sign a person out everywhere. Return how many sessions ended."""
    if by is not None and by.pk != user.pk:
        require_over(by, Power.MANAGE_PEOPLE, locked(user))
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
    write_to(user.email, Letter.Kind.PASSWORD_CHANGED)
    record(verbs.PASSWORD_CHANGED, targets=[person(user)])


@transaction.atomic
def make_reset_link(user: User) -> str:
    """Return the path under which this person chooses a new password, once, for an operator to hand over."""
    path = reset_path(user)
    record(verbs.PASSWORD_RESET_ASKED, targets=[person(user)], facts={"by": "command"})
    return path
