"""People who ask to join and wait for an answer, where the organisation lets them ask. Until then they are nobody."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from accounts.actions import person
from accounts.authority import require
from accounts.letters import write_to
from accounts.models import Joiner, Letter, Membership, Organisation, Team, User
from accounts.refusal import Refusal
from accounts.roles import Power
from audit import verbs
from audit.actions import record
from audit.entry import Target

MOST_WAITING = 500
CLOSED = gettext_lazy("People come in by invitation here. Ask somebody in your organisation to invite you.")
FULL = gettext_lazy(
    "Too many people wait for an answer at this moment. Try again later, or ask somebody to invite you."
)
DECIDED = gettext_lazy("Somebody has decided this already.")
HERE = gettext_lazy("There is an account with this address already.")


def target(joiner: Joiner) -> Target:
    """Return somebody who asked to join as the log names them."""
    return Target("joiner", joiner.pk)


def can_ask() -> bool:
    """Whether people may ask to join."""
    return Organisation.objects.filter(pk=1, joining=Organisation.Joining.APPROVAL).exists()


def ask_to_join(*, email: str, display_name: str, password: str, team: Team | None = None) -> None:
    """Store the wish. Who has an account or has asked already gets no other answer. Raises Refusal."""
    if not can_ask():
        raise Refusal(CLOSED)
    if Joiner.objects.filter(decided_at=None).count() >= MOST_WAITING:
        raise Refusal(FULL)
    hashed = make_password(password)  # before the look, so that the answer takes as long either way
    if User.objects.filter(email__iexact=email).exists():
        return
    try:
        with transaction.atomic():
            joiner = Joiner.objects.create(email=email.lower(), display_name=display_name, password=hashed, team=team)
            record(verbs.JOIN_ASKED, targets=[target(joiner)])
    except IntegrityError:
        return


@transaction.atomic
def approve(
    joiner: Joiner,
    *,
    by: User,
    now: datetime,
    team: Team | None = None,
    team_role: Membership.Role = Membership.Role.MEMBER,
) -> User:
    """Make the person, with the password they chose, in a team where one is given. Raises Refusal."""
    require(by, Power.APPROVE_JOINERS)
    held = _locked(joiner)
    try:
        with transaction.atomic():
            user = User(email=held.email, display_name=held.display_name, password=held.password)
            user.save()
    except IntegrityError:
        raise Refusal(HERE) from None
    if team is not None:
        Membership.objects.create(team=team, user=user, role=team_role)
    _decide(held, by=by, now=now, approved=True)
    write_to(held.email, Letter.Kind.APPROVED)
    changes: dict[str, tuple[object, object]] = {"organisation_role": (None, user.organisation_role)}
    if team is not None:
        changes |= {"team": (None, team.pk), "team_role": (None, team_role)}
    record(verbs.PERSON_ADDED, targets=[person(user)], changes=changes)
    record(verbs.JOIN_APPROVED, targets=[target(held), person(user)])
    return user


@transaction.atomic
def decline(joiner: Joiner, *, by: User, now: datetime) -> None:
    """Do not let somebody in. They may ask again. Raises Refusal."""
    require(by, Power.APPROVE_JOINERS)
    held = _locked(joiner)
    _decide(held, by=by, now=now, approved=False)
    write_to(held.email, Letter.Kind.DECLINED)
    record(verbs.JOIN_DECLINED, targets=[target(held)])


def _locked(joiner: Joiner) -> Joiner:
    held = Joiner.objects.select_for_update(of=("self",)).filter(pk=joiner.pk, decided_at=None).first()
    if held is None:
        raise Refusal(DECIDED)
    return held


def _decide(joiner: Joiner, *, by: User, now: datetime, approved: bool) -> None:
    """Write the decision down; the password's hash is no longer needed here."""
    Joiner.objects.filter(pk=joiner.pk).update(approved=approved, decided_by=by, decided_at=now, password="")
