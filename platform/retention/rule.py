"""The rule: when something goes, by what is known of it and by the terms of its team. Arithmetic, without a clock.

Legal hold > the organisation's minimum > an erasure request > the user's delete > the team's period > the
organisation's. Days are 24 hours; every moment is UTC, from the database.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds in one team, bounds applied. `days`: how long chats are kept, None for ever; `least` and `most` are
    the organisation's bounds. `file_days`: how long files are kept in chats, None as long as the chat.
    """

    days: int | None = None
    file_days: int | None = None
    least: int = 0
    most: int | None = None
    grace_days: int = 7
    temporary_hours: int = 24
    pinned_exempt: bool = False

    @classmethod
    def within(cls, days: int | None, *, least: int, most: int | None, **others: object) -> "Terms":
        """Return the terms with a period brought within the bounds: None, for ever, is at most `most`."""
        bounded = most if days is None else max(least, days if most is None else min(days, most))
        return cls(days=bounded, least=least, most=most, **others)  # type: ignore[arg-type]


class Cause(StrEnum):
    """Why something goes at that moment, or stays."""

    NOTHING = "nothing"
    HOLD = "hold"
    TEMPORARY = "temporary"
    PERIOD = "period"
    DELETED = "deleted"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one chat. `deleted_at`: its owner's delete; `erased_at`: when its owner asked to be erased.

    `kept_until` is a wish that the team granted: it beats the team's period, not the organisation's bound.
    """

    last_activity_at: datetime
    deleted_at: datetime | None = None
    erased_at: datetime | None = None
    temporary_until: datetime | None = None
    kept_until: datetime | None = None
    pinned: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True)
class Expiry:
    """The moment from which on something is gone with the next sweep, and why. None: it stays."""

    at: datetime | None
    cause: Cause


def expiry(facts: Facts, terms: Terms) -> Expiry:
    """Return when a chat goes. A temporary one has its own end, which no minimum moves: it lives as long as it said."""
    if facts.held:
        return Expiry(None, Cause.HOLD)
    temporary = facts.temporary_until is not None
    own = (facts.temporary_until, Cause.TEMPORARY) if temporary else (_period_end(facts, terms), Cause.PERIOD)
    ends = [own]
    if facts.deleted_at is not None:
        ends.append((facts.deleted_at + timedelta(days=terms.grace_days), Cause.DELETED))
    if facts.erased_at is not None:
        ends.append((facts.erased_at, Cause.ERASED))
    known = [(moment, cause) for moment, cause in ends if moment is not None]
    if not known:
        return Expiry(None, Cause.NOTHING)
    at, cause = min(known, key=lambda end: end[0])
    return Expiry(at if temporary else max(at, facts.last_activity_at + timedelta(days=terms.least)), cause)


def _period_end(facts: Facts, terms: Terms) -> datetime | None:
    """Return when the team's period is over, a granted wish counted. A pinned chat may be exempt."""
    if terms.days is None or (facts.pinned and terms.pinned_exempt):
        return None
    end = facts.last_activity_at + timedelta(days=terms.days)
    if facts.kept_until is not None:
        end = max(end, facts.kept_until)
    return end if terms.most is None else min(end, facts.last_activity_at + timedelta(days=terms.most))


def file_expiry(facts: Facts, terms: Terms) -> Expiry:
    """Return when the files of a chat go: with it at the latest, earlier where files have a period of their own."""
    chat = expiry(facts, terms)
    if facts.held or terms.file_days is None or facts.temporary_until is not None:
        return chat
    end = facts.last_activity_at + timedelta(days=max(terms.file_days, terms.least))
    return Expiry(end, Cause.PERIOD) if chat.at is None or end < chat.at else chat
