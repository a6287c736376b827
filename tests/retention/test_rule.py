"""The rule of keeping, against a slow twin that looks at every moment, and against what the database finds due."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retention.rule import Cause, Expiry, Facts, Terms, expiry, file_expiry

NOW = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # clocks change in Europe that night
DAY = timedelta(days=1)

periods = st.one_of(st.none(), st.integers(1, 60))
moments = st.one_of(st.none(), st.integers(-80 * 24, 80 * 24).map(lambda hours: NOW + timedelta(hours=hours)))


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    least = draw(st.integers(0, 40))
    most = draw(st.one_of(st.none(), st.integers(max(least, 1), 80)))
    return Terms.within(
        draw(periods),
        least=least,
        most=most,
        file_days=draw(periods),
        grace_days=draw(st.integers(0, 20)),
        pinned_exempt=draw(st.booleans()),
    )


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    deleted = draw(moments)
    return Facts(
        last_activity_at=NOW - timedelta(hours=draw(st.integers(0, 80 * 24))),
        deleted_at=deleted,
        erased_at=draw(moments) if deleted else None,
        temporary_until=draw(moments),
        kept_until=draw(moments),
        pinned=draw(st.booleans()),
        held=draw(st.integers(0, 4)) == 0,
    )


def is_gone(facts: Facts, terms: Terms, at: datetime) -> bool:
    """The reference: is a chat gone at this moment? In the words of the product, from the strongest on."""
    if facts.held:
        return False
    age = at - facts.last_activity_at
    if facts.temporary_until is None and age < terms.least * DAY:
        return False
    if facts.erased_at is not None and at >= facts.erased_at:
        return True
    if facts.deleted_at is not None and at - facts.deleted_at >= terms.grace_days * DAY:
        return True
    if facts.temporary_until is not None:
        return at >= facts.temporary_until
    if facts.pinned and terms.pinned_exempt:
        return False
    over = terms.days is not None and age >= terms.days * DAY
    wish = facts.kept_until is not None and at < facts.kept_until
    too_old = terms.most is not None and age >= terms.most * DAY
    return over and (not wish or too_old)


def reference(facts: Facts, terms: Terms) -> datetime | None:
    """Return the first hour, of those in which anything can change, from which on a chat is gone for good."""
    steps = {facts.last_activity_at + n * DAY for n in (0, terms.least, terms.days, terms.most) if n is not None}
    steps |= {moment for moment in (facts.erased_at, facts.temporary_until, facts.kept_until) if moment}
    if facts.deleted_at:
        steps.add(facts.deleted_at + terms.grace_days * DAY)
    return next((at for at in sorted(steps) if is_gone(facts, terms, at)), None)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
@given(facts(), terms())
def test_the_rule_says_what_the_slow_reference_says(facts: Facts, terms: Terms) -> None:
    assert expiry(facts, terms).at == reference(facts, terms)


@settings(max_examples=300, deadline=None)
@given(facts(), terms())
def test_files_never_outlive_their_chat_nor_leave_before_the_minimum(facts: Facts, terms: Terms) -> None:
    chat, files = expiry(facts, terms), file_expiry(facts, terms)
    assert chat.at is None or (files.at is not None and files.at <= chat.at)
    if files != chat:
        assert files.at is not None
        assert files.at >= facts.last_activity_at + terms.least * DAY


CASES: dict[str, tuple[dict[str, Any], dict[str, Any], Expiry]] = {
    "nothing is set": ({}, {}, Expiry(None, Cause.NOTHING)),
    "the team's period": ({}, {"days": 30}, Expiry(NOW + 30 * DAY, Cause.PERIOD)),
    "a hold beats an erasure": ({"held": True, "deleted_at": NOW, "erased_at": NOW}, {}, Expiry(None, Cause.HOLD)),
    "the minimum beats an erasure": (
        {"deleted_at": NOW, "erased_at": NOW},
        {"least": 10},
        Expiry(NOW + 10 * DAY, Cause.ERASED),
    ),
    "an erasure beats the grace of a delete": (
        {"deleted_at": NOW, "erased_at": NOW},
        {"grace_days": 7},
        Expiry(NOW, Cause.ERASED),
    ),
    "a delete beats the team's period": (
        {"deleted_at": NOW},
        {"grace_days": 7, "days": 30},
        Expiry(NOW + 7 * DAY, Cause.DELETED),
    ),
    "a temporary chat knows no minimum": (
        {"temporary_until": NOW + timedelta(hours=6)},
        {"least": 10, "days": 30},
        Expiry(NOW + timedelta(hours=6), Cause.TEMPORARY),
    ),
    "a granted wish beats the period": (
        {"kept_until": NOW + 50 * DAY},
        {"days": 30},
        Expiry(NOW + 50 * DAY, Cause.PERIOD),
    ),
    "and not the organisation's bound": (
        {"kept_until": NOW + 50 * DAY},
        {"days": 30, "most": 40},
        Expiry(NOW + 40 * DAY, Cause.PERIOD),
    ),
    "a pinned chat stays where they are exempt": (
        {"pinned": True},
        {"days": 30, "pinned_exempt": True},
        Expiry(None, Cause.NOTHING),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_precedence(name: str) -> None:
    known, set_to, says = CASES[name]
    assert expiry(Facts(last_activity_at=NOW, **known), Terms(**set_to)) == says


@pytest.mark.parametrize(
    ("days", "least", "most", "are"),
    [(None, 0, None, None), (None, 0, 90, 90), (5, 10, None, 10), (100, 0, 90, 90), (30, 10, 90, 30)],
)
def test_bounds_hold_for_every_period(days: int | None, least: int, most: int | None, are: int | None) -> None:
    assert Terms.within(days, least=least, most=most).days == are


def test_days_are_24_hours_whatever_clocks_and_calendars_do() -> None:
    leap = datetime(2028, 2, 28, 23, 30, tzinfo=UTC)
    assert expiry(Facts(last_activity_at=leap), Terms(days=2)).at == datetime(2028, 3, 1, 23, 30, tzinfo=UTC)
    assert expiry(Facts(last_activity_at=NOW - DAY / 2), Terms(days=1)).at == NOW + DAY / 2
