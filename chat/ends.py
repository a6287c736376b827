"""`retention.rule` for rows: when conversations end, as expressions that the database computes by its own clock."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID

from django.db.models import Case, DateTimeField, Expression, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import Greatest, Least, Now

from chat.models import Conversation
from retention.holding import is_held
from retention.rule import Terms
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


def end_of(terms: Terms) -> Expression:
    """Return `rule.expiry` for rows as one expression; erasures, which have no future, are left out."""
    ever = Now() + EVER
    late: Any = F("last_activity_at") + timedelta(days=terms.days) if terms.days is not None else ever
    if terms.days is not None:
        late = Greatest(late, "kept_until")
    if terms.days is not None and terms.most is not None:
        late = Least(late, F("last_activity_at") + timedelta(days=terms.most))
    if terms.pinned_exempt:
        late = Case(When(pinned=True, then=ever), default=late)
    gone = F("deleted_at") + timedelta(days=terms.grace_days)
    bound = Greatest(Least(late, gone), F("last_activity_at") + timedelta(days=terms.least))
    end = Case(When(temporary_until__isnull=False, then=Least("temporary_until", gone)), default=bound)
    return ExpressionWrapper(end, output_field=DateTimeField())


def ends_under(rules: InForce) -> Expression:
    """Return `end_of` each row by the terms of its own team."""
    groups = [(teams, end_of(terms)) for terms, teams in rules.groups().items()]
    cases = [When(team__in=teams, then=end) for teams, end in groups if teams is not None]
    usual = next((end for teams, end in groups if teams is None), Value(None, output_field=DateTimeField()))
    return Case(*cases, default=usual, output_field=DateTimeField())
