"""Somebody asks their team to keep a chat longer, before it goes. Who decides never sees what is in it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.authority import require, teams_where
from accounts.models import Team, User
from accounts.refusal import Refusal
from accounts.roles import Power
from audit import verbs
from audit.actions import record
from audit.entry import Target
from retention import order
from retention.kinds import kinds
from retention.models import Wish

MOST_DAYS = 3650


def wishes_for(keeper: User) -> QuerySet[Wish]:
    """Return what waits for this person's decision, what goes first first."""
    teams = teams_where(keeper, Power.SET_TEAM_RETENTION)
    return Wish.objects.filter(answer="", team__in=teams).select_related("person", "team").order_by("goes_at")


def ask(person: User, *, team: Team, conversation: UUID, goes_at: datetime, reason: str) -> Wish:
    """Ask the team to keep one chat longer. The caller has found the chat among the person's own. Raises Refusal."""
    try:
        with transaction.atomic():
            wish = Wish.objects.create(
                person=person, team=team, conversation=conversation, goes_at=goes_at, reason=reason
            )
            record(verbs.KEEP_ASKED, targets=[Target("conversation", conversation), Target("team", team.pk)])
    except IntegrityError:
        raise Refusal(_("You have asked for this already. The team's administrators will answer.")) from None
    return wish


@transaction.atomic
def grant(wish: Wish, *, days: int, by: User) -> None:
    """Keep the chat for some days from now on, at most as long as the organisation allows. Raises Refused, Refusal."""
    require(by, Power.SET_TEAM_RETENTION, wish.team)
    if not 1 <= days <= MOST_DAYS:
        raise Refusal(_("A chat is kept for 1 to %(most_days)s days longer.") % {"most_days": MOST_DAYS})
    order.deciding()
    _decide(wish, Wish.Answer.KEPT, by, until=Now() + timedelta(days=days))
    wish.refresh_from_db(fields=["until"])
    assert wish.until is not None
    if not any(kind.keep(wish.conversation, until=wish.until) for kind in kinds()):
        raise Refusal(_("This chat is gone already."))
    _note(wish, days=days)


@transaction.atomic
def refuse(wish: Wish, *, by: User) -> None:
    """Let the chat go when its time is over. Raises Refused and Refusal."""
    require(by, Power.SET_TEAM_RETENTION, wish.team)
    _decide(wish, Wish.Answer.REFUSED, by)
    _note(wish)


def _decide(wish: Wish, answer: Wish.Answer, by: User, **fields: object) -> None:
    waiting = Wish.objects.filter(pk=wish.pk, answer="")
    if not waiting.update(answer=answer, decided_by=by, decided_at=Now(), **fields):
        raise Refusal(_("This was decided already."))


def _note(wish: Wish, **facts: object) -> None:
    targets = [Target("conversation", wish.conversation), Target("team", wish.team_id)]
    answer = Wish.objects.values_list("answer", flat=True).get(pk=wish.pk)
    record(verbs.KEEP_DECIDED, targets=targets, facts={"answer": answer, **facts})
