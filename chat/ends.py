"""`retention.rule` for rows: when conversations end, as expressions that the database computes by its own clock."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID

from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    Expression,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    JSONField,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Least, Now
from django.db.models.lookups import Exact

from chat.models import Conversation
from retention.holding import is_held
from retention.terms import InForce

HELD = is_held(owner="owner", team="team", conversation="pk")
EVER = timedelta(days=36_500)


class Held(TypedDict):
    """What a row carries whose lifetime is told: whether a hold is on it, and the database's time."""

    held: bool
    now: datetime


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    Lived = WithAnnotations[Conversation, Held]


def then(*, hours: float = 0, days: int = 0) -> Any:
    """Return the moment that lies some hours ahead and some days back, by the database's clock."""
    return Now() + timedelta(hours=hours) - timedelta(days=days)


def in_teams(teams: list[UUID] | None, rules: InForce) -> Q:
    """Return the condition that a conversation is in one of these teams; None: in one without terms of its own."""
    return Q(team__in=teams) if teams is not None else ~Q(team__in=rules.others())


def _days_of_team(rules: InForce) -> Expression:
    """Return how many days a row's team keeps its chats; 0: without an end. One look-up a row, for any number of teams.

    Everything else in the terms is the organisation's, and the same for all.
    """
    others = Value({str(team): terms.days or 0 for team, terms in rules.teams.items()}, output_field=JSONField())
    team = Cast("team", TextField())
    own = Func(others, team, function="jsonb_extract_path_text", output_field=TextField())
    return Coalesce(Cast(own, IntegerField()), Value(rules.usual.days or 0), output_field=IntegerField())


def ends_under(rules: InForce) -> Expression:
    """Return `rule.expiry` for rows as one expression; erasures, which have no future, are left out."""
    terms, ever = rules.usual, Now() + EVER
    days = _days_of_team(rules)
    period = Func(days, template="make_interval(days => %(expressions)s)", output_field=DurationField())
    late: Any = Greatest(F("last_activity_at") + period, "kept_until", output_field=DateTimeField())
    if terms.most is not None:
        late = Least(late, F("last_activity_at") + timedelta(days=terms.most))
    late = Case(When(Exact(days, 0), then=ever), default=late, output_field=DateTimeField())
    if terms.pinned_exempt:
        late = Case(When(pinned=True, then=ever), default=late, output_field=DateTimeField())
    gone = F("deleted_at") + timedelta(days=terms.grace_days)
    bound = Greatest(Least(late, gone), F("last_activity_at") + timedelta(days=terms.least))
    end = Case(When(temporary_until__isnull=False, then=Least("temporary_until", gone)), default=bound)
    return ExpressionWrapper(end, output_field=DateTimeField())
