"""A tab that does not look is not sent more."""

import asyncio

import pytest

from chat.credit import Credit


async def test_credit_runs_out_and_comes_back_with_seen() -> None:
    credit = Credit(limit=10)
    credit.spend("g", "1-0", 6)
    credit.spend("g", "2-0", 6)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(credit.enough.wait(), 0.05)
    credit.seen("g", "1-0")
    await asyncio.wait_for(credit.enough.wait(), 0.05)
    assert credit.unseen == 6


async def test_seen_for_more_than_was_sent_gives_nothing() -> None:
    credit = Credit(limit=10)
    credit.seen("g", "9-0")
    credit.spend("g", "1-0", 6)
    credit.spend("g", "2-0", 6)
    for cursor in ("2-1", "3-0", "9999999999999-0"):
        credit.seen("g", cursor)
    assert (credit.unseen, credit.enough.is_set()) == (12, False)
    for _ in range(3):
        credit.seen("g", "2-0")
    assert credit.unseen == 0
    credit.spend("g", "3-0", 12)
    assert (credit.unseen, credit.enough.is_set()) == (12, False)


async def test_seen_of_an_unknown_answer_gives_nothing() -> None:
    credit = Credit(limit=10)
    credit.spend("g", "1-0", 12)
    credit.seen("other", "9-0")
    assert credit.unseen == 12


async def test_what_is_not_carried_any_more_counts_no_longer() -> None:
    credit = Credit(limit=10)
    credit.spend("a", "1-0", 6)
    credit.spend("b", "1-0", 6)
    credit.forget("a")
    assert credit.unseen == 6
    credit.spend("b", "2-0", 1)
    credit.forget("unknown")
    assert credit.unseen == 7
