"""How long chats live, as their owners are told it: by the rules in force, by holds, and by the database's clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Now
from django.utils.translation import ngettext

from accounts.models import User
from chat.ends import HELD, ends_under, then
from chat.models import Conversation
from chat.queries import conversations_of
from retention.models import HouseRules, TeamRules, Wish
from retention.rule import Cause, Expiry, Facts, Terms, expiry
from retention.terms import InForce, house, terms_of

SWEEP_MINUTES = 5  # what is due goes within these


class State(StrEnum):
    """What a badge says."""

    KEPT = "kept"
    HELD = "held"
    TEMPORARY = "temporary"
    UNTIL = "until"
    DUE = "due"


class Ending(TypedDict):
    """What a row carries that is among those that go: its end."""

    ends: datetime


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from chat.ends import Lived

    Going = WithAnnotations[Conversation, Ending]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules as they are now: the house's own, and the terms of every team."""

    house: HouseRules
    teams: Mapping[UUID, Terms]

    def of(self, team: UUID | None) -> Terms:
        """Return the terms of a team; of none: what holds where a team has set nothing."""
        return (self.teams.get(team) if team else None) or terms_of(self.house, None)


@dataclass(frozen=True, slots=True)
class Lifetime:
    """When a chat goes, and why. `shown_until`: from then on its owner does not see it any more, None: not known."""

    expiry: Expiry
    terms: Terms
    now: datetime
    last_activity_at: datetime
    temporary_until: datetime | None
    kept_until: datetime | None
    pinned: bool
    backup_days: int

    @property
    def state(self) -> State:
        if self.expiry.cause is Cause.HOLD:
            return State.HELD
        if self.expiry.at is None:
            return State.KEPT
        if self.expiry.cause is Cause.TEMPORARY:
            return State.TEMPORARY
        return State.DUE if self.expiry.at <= self.now else State.UNTIL

    @property
    def at(self) -> datetime | None:
        """The moment from which on the next sweep takes it."""
        return self.expiry.at

    @property
    def shown_until(self) -> datetime | None:
        return self.temporary_until or self.expiry.at

    @property
    def seconds_left(self) -> int | None:
        """Seconds until its owner sees it no more, none below zero."""
        if self.shown_until is None:
            return None
        return max(0, round((self.shown_until - self.now).total_seconds()))

    @property
    def is_near(self) -> bool:
        """Whether a day is too coarse to say its end."""
        return self.seconds_left is not None and self.seconds_left < 24 * 3600

    @property
    def left(self) -> str:
        """The same in words, as the page counts it down (life.js)."""
        return left_in_words(self.seconds_left or 0)

    @property
    def out_of_backups(self) -> datetime | None:
        """By when the last backup that may have it is gone too."""
        return self.expiry.at + timedelta(minutes=SWEEP_MINUTES, days=self.backup_days) if self.expiry.at else None

    @property
    def was_granted(self) -> bool:
        """Whether a wish that the team granted decides its end."""
        return self.kept_until is not None and self.expiry.at == self.kept_until

    @property
    def at_most(self) -> bool:
        """Whether the organisation's longest time decides its end, so that no wish moves it."""
        most = self.terms.most
        return most is not None and self.expiry.at == self.last_activity_at + timedelta(days=most)

    @property
    def at_least(self) -> bool:
        """Whether the organisation's shortest time keeps it longer than everything else would."""
        least = self.terms.least
        return bool(least) and self.expiry.at == self.last_activity_at + timedelta(days=least)

    @property
    def sweep_minutes(self) -> int:
        """Within how many minutes what is due goes."""
        return SWEEP_MINUTES

    @property
    def keepable(self) -> bool:
        """Whether asking the team to keep it longer makes sense."""
        return self.state is State.UNTIL and not self.at_most


def left_in_words(seconds: int) -> str:
    """Return a time that is left, as `6 h` or `42 min`."""
    minutes = -(-seconds // 60)
    if minutes < 120:
        return f"{minutes} min"
    hours = round(minutes / 60)
    if hours < 72:
        return f"{hours} h"
    return ngettext("%(n)s day", "%(n)s days", round(hours / 24)) % {"n": round(hours / 24)}


def hours_in_words(hours: int) -> str:
    """Return a temporary chat's time, as `24 hours` or `30 days`."""
    if hours > 48 and hours % 24 == 0:
        return ngettext("%(n)s day", "%(n)s days", hours // 24) % {"n": hours // 24}
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}


def rules_now() -> Rules:
    """Return the rules as they are now. Two queries."""
    own = house()
    return Rules(own, {rules.team_id: terms_of(own, rules) for rules in TeamRules.objects.all()})


def with_holds(rows: QuerySet[Conversation]) -> "QuerySet[Lived]":
    """Add to rows what `told` needs of them beyond their own columns."""
    return rows.annotate(held=HELD, now=Now())


def told(row: "Lived", rules: Rules) -> Lifetime:
    """Return the lifetime of a row that was read `with_holds`. No query."""
    return _lifetime(row, rules, held=row.held, now=row.now)


def lifetime_of(conversation: Conversation, rules: Rules | None = None) -> Lifetime:
    """Return how long a chat lives, by one query beside those for the rules, unless these are in hand."""
    rows = Conversation.objects.within(conversation).annotate(held=HELD, now=Now())
    held, now = rows.values_list("held", "now").get()
    return _lifetime(conversation, rules or rules_now(), held=held, now=now)


def _lifetime(chat: Conversation, rules: Rules, *, held: bool, now: datetime) -> Lifetime:
    terms = rules.of(chat.team_id)
    facts = Facts(
        last_activity_at=chat.last_activity_at,
        deleted_at=chat.deleted_at,
        temporary_until=chat.temporary_until,
        kept_until=chat.kept_until,
        pinned=chat.pinned,
        held=held,
    )
    return Lifetime(
        expiry(facts, terms),
        terms,
        now,
        chat.last_activity_at,
        chat.temporary_until,
        chat.kept_until,
        chat.pinned,
        rules.house.backup_days,
    )


def going(person: User, rules: Rules) -> "QuerySet[Going]":
    """Return the person's chats that go within the days of notice unless something happens, soonest first.

    Temporary ones, which say it themselves, and those under a hold are left out.
    """
    lasting = conversations_of(person).filter(temporary_until=None).exclude(HELD)
    ends = lasting.select_related("team").annotate(ends=ends_under(InForce(rules.of(None), rules.teams)))
    return ends.filter(ends__lte=then(hours=24 * rules.house.notice_days)).order_by("ends", "pk")


@dataclass(frozen=True, slots=True)
class Soon:
    """How many chats go soon, and when the last of them does."""

    count: int
    by: datetime | None


def soon(person: User, rules: Rules) -> Soon:
    """Return what a person hears of chats that go soon. One query, none where no chat ever goes."""
    if all(terms.days is None for terms in (rules.of(None), *rules.teams.values())):
        return Soon(0, None)
    return Soon(**going(person, rules).order_by().aggregate(count=Count("pk"), by=Max("ends")))


def wishes_about(person: User, chats: Iterable[UUID]) -> dict[UUID, Wish]:
    """Return for each chat the latest time that this person asked to keep it longer. One query."""
    found = Wish.objects.filter(person=person, conversation__in=list(chats)).order_by("asked_at")
    return {wish.conversation: wish for wish in found}
