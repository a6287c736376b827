"""Taking powers away, whatever roles give, and giving them back. Only the organisation's administrators do."""

from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import person
from accounts.authority import require, standing_of
from accounts.live import ask_sockets_again
from accounts.models import Denial, Membership, Team, User
from accounts.refusal import Refusal
from accounts.roles import Power
from accounts.teams import team_target
from audit import verbs
from audit.actions import record
from audit.entry import Target

OWN = gettext_lazy("This was taken from you: somebody else gives it back.")


@transaction.atomic
def deny(power: Power, *, user: User | None = None, team: Team | None = None, reason: str, by: User) -> Denial:
    """Take a power from a person, from a team's people, or from a person in one team. Raises Refusal.

    Once more is the same denial with another reason.
    """
    require(by, Power.DENY)
    if user is None and team is None:
        raise Refusal(_("Say from whom it is taken: a person, a team, or both."))
    if user is not None and team is not None and not power.about.in_team:
        raise Refusal(_("This power is not held in a team: take it from the person, or from the team."))
    if user is not None and User.objects.get(pk=user.pk).organisation_role == User.Role.OWNER:
        raise Refusal(_("Nothing can be taken from an owner. Change their role first."))
    defaults = {"reason": reason, "by": by}
    denial, is_new = Denial.objects.update_or_create(power=power, person=user, team=team, defaults=defaults)
    transaction.on_commit(partial(ask_sockets_again, *_bound(denial)))
    record(verbs.DENIED, targets=_targets(denial), facts={"power": power, "again": not is_new})
    return denial


@transaction.atomic
def lift(denial: Denial, *, by: User) -> None:
    """Let roles decide again. Raises Refusal for who is bound by it: somebody else lifts it."""
    require(by, Power.DENY)
    bound = _bound(denial)
    if by.pk in bound and standing_of(by).role != User.Role.OWNER:
        raise Refusal(OWN)
    if Denial.objects.filter(pk=denial.pk).delete()[0]:
        transaction.on_commit(partial(ask_sockets_again, *bound))
        record(verbs.DENIAL_LIFTED, targets=_targets(denial), facts={"power": denial.power})


def _bound(denial: Denial) -> list[UUID]:
    """Return whose sockets must ask again."""
    if denial.person_id is not None:
        return [denial.person_id]
    return list(Membership.objects.filter(team=denial.team_id).values_list("user", flat=True))


def _targets(denial: Denial) -> list[Target]:
    people = [person(denial.person)] if denial.person else []
    return people + ([team_target(denial.team)] if denial.team else [])
