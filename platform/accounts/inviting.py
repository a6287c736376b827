"""Letting people in by links. A link works once, for seven days, and only the hash of its token is kept.

Where mail is set up, housekeeping makes the token and mails the link; else whoever invites sees it once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import tokens
from accounts.actions import person
from accounts.authority import require
from accounts.holdings import open_invitations
from accounts.letters import ring_for_mails
from accounts.live import ask_sockets_again
from accounts.models import Invitation, Membership, Team, User
from accounts.refusal import Refusal
from accounts.roles import Power
from accounts.teams import add_to_team
from audit import verbs
from audit.actions import record
from audit.entry import Target

LIVES = timedelta(days=7)
IN_ONE_ENTRY = 500  # invitations: an entry holds 64 KiB
SHUT = gettext_lazy("This person has an account that is deactivated. An administrator can let them in again.")
HERE = gettext_lazy("This person has an account. Change their role on their page.")


class InvitationGone(Exception):
    """The link is unknown, used, taken back or too old."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Who is to come in: address as typed, name if known, and the roles they will have."""

    email: str
    display_name: str = ""
    team: Team | None = None
    team_role: Membership.Role = Membership.Role.MEMBER
    organisation_role: User.Role = User.Role.MEMBER


@dataclass(frozen=True, slots=True)
class Invited:
    """What came of a wish: an invitation, with its token where it is to be handed over, or somebody put in a team."""

    invitation: Invitation | None
    token: str | None = None
    joined: User | None = None


def target(invitation: Invitation) -> Target:
    """Return an invitation as the log names it."""
    return Target("invitation", invitation.pk)


def require_to_invite(wish: Wish, *, by: User) -> None:
    """Raise Refused unless this person may let somebody in with these roles."""
    if wish.team is not None:
        require(by, Power.INVITE_TO_TEAM, wish.team)
    else:
        require(by, Power.MANAGE_PEOPLE)
    if wish.team is not None and wish.team_role == Membership.Role.ADMIN:
        require(by, Power.CHANGE_TEAM_ROLES, wish.team)
    if wish.organisation_role != User.Role.MEMBER:
        require(by, Power.CHANGE_ORGANISATION_ROLES)
    if wish.organisation_role == User.Role.OWNER:
        require(by, Power.MAKE_OWNERS)


@transaction.atomic
def invite(wish: Wish, *, by: User, now: datetime) -> Invited:
    """Invite somebody, or put them in the team where they have an account. Raises Refusal.

    Who is invited to the same team once more gets a fresh link; the one from before no longer works.
    """
    require_to_invite(wish, by=by)
    known = User.objects.filter(email__iexact=wish.email).first()
    if known is not None:
        return _put_in_team(known, wish, by)
    token = None if settings.MAIL_IS_SET_UP else tokens.fresh()
    invitation = _open_for(wish, by, now, token)
    if token is None:
        transaction.on_commit(ring_for_mails)
    facts = {"organisation_role": wish.organisation_role, "team": wish.team and wish.team.pk}
    record(verbs.INVITED, targets=[target(invitation)], facts=facts | {"team_role": wish.team_role})
    return Invited(invitation, token)


def _put_in_team(known: User, wish: Wish, by: User) -> Invited:
    if not known.is_active:
        raise Refusal(SHUT)
    if wish.team is None or wish.organisation_role != User.Role.MEMBER:
        raise Refusal(HERE)
    if not add_to_team(known, team=wish.team, role=wish.team_role, by=by):
        raise Refusal(_("%(known)s is in the team already.") % {"known": known})
    return Invited(None, joined=known)


def _fields(wish: Wish, by: User, now: datetime, token: str | None) -> dict[str, object]:
    return {
        "display_name": wish.display_name,
        "team_role": wish.team_role,
        "organisation_role": wish.organisation_role,
        "invited_by": by,
        "expires_at": now + LIVES,
        "token_hash": tokens.hash_of(token) if token else None,
        "mail": Invitation.Mail.NONE if token else Invitation.Mail.WAITING,
    }


def _open_for(wish: Wish, by: User, now: datetime, token: str | None) -> Invitation:
    """Make an invitation, or renew the one that is open. Two at once are one: the second waits for the first."""
    mine = open_invitations().filter(email__iexact=wish.email, team=wish.team)
    fields = _fields(wish, by, now, token)
    for _attempt in range(2):
        found = mine.select_for_update().first()
        if found is not None:
            Invitation.objects.filter(pk=found.pk).update(**fields)
            return Invitation.objects.get(pk=found.pk)
        try:
            with transaction.atomic():
                return Invitation.objects.create(email=wish.email.lower(), team=wish.team, **fields)
        except IntegrityError:
            continue
    raise Refusal(_("Somebody else invites this person at this moment. Try again."))


@transaction.atomic
def invite_all(wishes: Sequence[Wish], *, by: User, now: datetime) -> list[Invited]:
    """Invite many at once, all or nobody. The wishes are checked already (`roster.check`); rights are asked again.

    Returns what came of each, in order. Raises Refused, and Refusal where an address was taken meanwhile.
    """
    for wish in _with_different_rights(wishes):
        require_to_invite(wish, by=by)
    known = {user.email: user for user in User.objects.filter(email__in=[wish.email.lower() for wish in wishes])}
    if any(not user.is_active for user in known.values()):
        raise Refusal(SHUT)
    fresh = [wish for wish in wishes if wish.email.lower() not in known]
    made = iter(_make_all(fresh, by, now))
    done = [Invited(None, joined=known[key]) if (key := w.email.lower()) in known else next(made) for w in wishes]
    joined = _join_all([(known[w.email.lower()], w) for w in wishes if w.email.lower() in known])
    pks = [str(one.invitation.pk) for one in done if one.invitation]
    if settings.MAIL_IS_SET_UP:
        transaction.on_commit(ring_for_mails)
    _record_many(pks, joined)
    return done


def _with_different_rights(wishes: Sequence[Wish]) -> list[Wish]:
    """Return one wish for each combination of what must be asked."""
    return list({(w.team and w.team.pk, w.team_role, w.organisation_role): w for w in wishes}.values())


def _make_all(wishes: Sequence[Wish], by: User, now: datetime) -> list[Invited]:
    """Take back what is open for the same people and teams, and make everything new."""
    pairs = {(wish.email.lower(), wish.team and wish.team.pk) for wish in wishes}
    rows = open_invitations().filter(email__in=[email for email, _ in pairs]).select_for_update().order_by("pk")
    old = [row.pk for row in rows if (row.email.lower(), row.team_id) in pairs]
    Invitation.objects.filter(pk__in=old).update(revoked_at=now)
    made = []
    for wish in wishes:
        token = None if settings.MAIL_IS_SET_UP else tokens.fresh()
        row = Invitation(email=wish.email.lower(), team=wish.team, **_fields(wish, by, now, token))
        made.append(Invited(row, token))
    try:
        with transaction.atomic():
            Invitation.objects.bulk_create([one.invitation for one in made if one.invitation], batch_size=1000)
    except IntegrityError:
        raise Refusal(_("Somebody in this file was invited at this moment by somebody else. Try again.")) from None
    return made


def _join_all(pairs: Sequence[tuple[User, Wish]]) -> list[tuple[User, Team]]:
    """Put those who have an account into the teams where they are missing, and return who and where."""
    wanted = {(user.pk, wish.team.pk): (user, wish.team, wish.team_role) for user, wish in pairs if wish.team}
    there = Membership.objects.filter(user__in=[user for user, _ in wanted])
    for pair in there.values_list("user", "team"):
        wanted.pop(pair, None)
    rows = [Membership(user=user, team=team, role=role) for user, team, role in wanted.values()]
    Membership.objects.bulk_create(rows, ignore_conflicts=True)
    transaction.on_commit(partial(ask_sockets_again, *{user.pk for user, _, _ in wanted.values()}))
    return [(user, team) for user, team, _ in wanted.values()]


def _record_many(invitations: Sequence[str], joined: Sequence[tuple[User, Team]]) -> None:
    for start in range(0, len(invitations), IN_ONE_ENTRY):
        some = [Target("invitation", pk) for pk in invitations[start : start + IN_ONE_ENTRY]]
        record(verbs.INVITED, targets=some, facts={"by": "file", "invitations": len(some)})
    for user, team in joined:
        record(verbs.TEAM_JOINED, targets=[person(user), Target("team", team.pk)], facts={"by": "file"})


@transaction.atomic
def renew(invitation: Invitation, *, by: User, now: datetime) -> Invited:
    """Send an invitation once more, or make another link to hand over. The one from before no longer works."""
    held = _locked_open(invitation)
    require_to_invite(_wish_of(held), by=by)
    token = None if settings.MAIL_IS_SET_UP else tokens.fresh()
    fields = _fields(_wish_of(held), by, now, token)
    Invitation.objects.filter(pk=held.pk).update(**fields)
    if token is None:
        transaction.on_commit(ring_for_mails)
    record(verbs.INVITATION_RENEWED, targets=[target(held)])
    return Invited(Invitation.objects.get(pk=held.pk), token)


@transaction.atomic
def revoke(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Take an invitation back: its link is worth nothing from now on."""
    held = _locked_open(invitation)
    if held.team is not None:
        require(by, Power.INVITE_TO_TEAM, held.team)
    else:
        require(by, Power.MANAGE_PEOPLE)
    Invitation.objects.filter(pk=held.pk).update(revoked_at=now)
    record(verbs.INVITATION_REVOKED, targets=[target(held)])


def _locked_open(invitation: Invitation) -> Invitation:
    rows = open_invitations().select_related("team").select_for_update(of=("self",))
    held = rows.filter(pk=invitation.pk).first()
    if held is None:
        raise Refusal(_("This invitation was used or taken back already."))
    return held


def _wish_of(invitation: Invitation) -> Wish:
    return Wish(
        email=invitation.email,
        display_name=invitation.display_name,
        team=invitation.team,
        team_role=Membership.Role(invitation.team_role),
        organisation_role=User.Role(invitation.organisation_role),
    )


def _valid(token: str, now: datetime) -> QuerySet[Invitation]:
    return open_invitations().filter(token_hash=tokens.hash_of(token), expires_at__gt=now).select_related("team")


def invitation_for(token: str, *, now: datetime) -> Invitation:
    """Return the invitation that this link opens. Raises InvitationGone."""
    found = _valid(token, now).first()
    if found is None:
        raise InvitationGone
    return found


@transaction.atomic
def accept(token: str, *, display_name: str, password: str, now: datetime) -> User:
    """Come in by a link, once: the person and every team they were invited to. Raises InvitationGone and Refusal."""
    held = _valid(token, now).select_for_update(of=("self",)).first()
    if held is None:
        raise InvitationGone
    if User.objects.filter(email__iexact=held.email).exists():
        raise Refusal(_("There is an account with this address already. Sign in with it."))
    others = open_invitations().filter(email__iexact=held.email, expires_at__gt=now, team__isnull=False)
    also = [held, *others.exclude(pk=held.pk).select_for_update().order_by("pk")]
    role = User.Role(held.organisation_role)
    user = User.objects.create_user(held.email, password, display_name=display_name, organisation_role=role)
    rows = [Membership(team_id=one.team_id, user=user, role=one.team_role) for one in also if one.team_id]
    Membership.objects.bulk_create(rows)
    Invitation.objects.filter(pk__in=[one.pk for one in also]).update(used_at=now, used_by=user)
    record(verbs.PERSON_ADDED, targets=[person(user)], changes={"organisation_role": (None, role)})
    teams = {f"team_role in {row.team_id}": (None, row.role) for row in rows}
    record(verbs.INVITATION_ACCEPTED, targets=[person(user), *map(target, also)], changes=teams)
    return user
