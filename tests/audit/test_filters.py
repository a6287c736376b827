"""Every mix of filters finds the same entries, whichever index leads to them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection, transaction

from audit import queries, verbs
from audit.actions import record
from audit.actor import Actor, Kind
from audit.entry import Result, Target
from audit.models import Entry
from audit.queries import Filter, page_of

pytestmark = pytest.mark.django_db
ODD = '50%_of"a\\b]'  # no id, but nothing that a pattern may stumble over


@pytest.fixture
def floor() -> int:
    """Entries of many kinds. Return the number before the first."""
    before = Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    targets: tuple[list[Target], ...] = (
        [Target("person", "p1")],
        [Target("team", "t1"), Target("person", "p2")],
        [Target("deployment", "p1")],
        [Target("person", ODD), Target("team", "p1")],
        [],
    )
    for n in range(60):
        with transaction.atomic():
            record(
                [verbs.SIGNED_IN, verbs.DEPLOYED, verbs.READ][n % 3],
                by=Actor(Kind.PERSON, f"a{n % 2}") if n % 7 else Actor(Kind.SYSTEM),
                targets=targets[n % 5],
                facts={"id": "p1", "kind": "person", "targets": ["p1", "person"]},
                result=Result.REFUSED if n % 4 == 0 else Result.DONE,
            )
    return before


ASKED: dict[str, list[str]] = {
    "actor": ["a0", "a1"],
    "verb": ["accounts.signed_in", "audit.read"],
    "kind": ["person", "team", "deployment", "message"],
    "target": ["p1", "p2", "t1", ODD, "person"],
    "result": ["done", "refused"],
}


def mixes() -> Iterator[dict[str, Any]]:
    """Yield every filter alone, every two and every three together."""
    for count in (1, 2, 3):
        for names in combinations(ASKED, count):
            yield from ({name: ASKED[name][n % len(ASKED[name])] for name in names} for n in range(5))


def fits(entry: Entry, asked: dict[str, Any], targets: list[tuple[str, str]]) -> bool:
    """Say the same in Python."""
    exact = {"actor": entry.actor_id, "verb": entry.verb, "result": entry.result}
    kind, target = asked.get("kind"), asked.get("target")
    named = not (kind or target) or any(kind in (None, k) and target in (None, pk) for k, pk in targets)
    return named and all(exact[name] == value for name, value in asked.items() if name in exact)


def test_the_newest_and_the_tags_agree_on_every_mix(floor: int) -> None:
    entries = list(Entry.objects.filter(seq__gt=floor).order_by("-seq"))
    shown = {entry.seq: [(target["kind"], target["id"]) for target in body["targets"]] for entry, body in read(entries)}
    for asked in mixes():
        expected = [entry.seq for entry in entries if fits(entry, asked, shown[entry.seq])]
        wish = Filter(**asked)
        for found in (wish.entries(), wish.tagged()):
            assert list(found.filter(seq__gt=floor).values_list("seq", flat=True)) == expected, asked


def read(entries: list[Entry]) -> list[tuple[Entry, Any]]:
    return [(entry, json.loads(entry.body)) for entry in entries]


@pytest.mark.slow
@pytest.mark.parametrize("newest", [1, 10, 5000])
def test_pages_of_what_is_rare_follow_each_other(floor: int, newest: int) -> None:
    with patch.object(queries, "NEWEST", (newest, 2 * newest)):
        for asked in mixes():
            wish = Filter(**asked)
            expected = [entry.seq for entry in wish.entries() if entry.seq > floor]
            found: list[int] = []
            while page := page_of(wish, before=found[-1] if found else None, size=3):
                found += [entry.seq for entry in page]
                if found[-1] <= floor:
                    break
            assert [seq for seq in found if seq > floor] == expected, asked


def test_times_bound_a_mix_as_well(floor: int) -> None:
    moments = list(Entry.objects.filter(seq__gt=floor).order_by("seq").values_list("at", flat=True))
    wish = Filter(kind="person", result="done", since=moments[10], until=moments[50])
    found = [entry.seq - floor - 1 for entry in page_of(wish)]
    assert found == [n for n in range(49, 9, -1) if n % 5 in (0, 1, 3) and n % 4]
    assert page_of(Filter(kind="person", until=moments[0] - timedelta(days=9999))) == []
    assert queries.ends_of(wish) == (floor + 1 + min(found), floor + 1 + max(found))


def test_the_index_of_tags_is_used(floor: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Filter(kind="team", verb="models.deployed").tagged()[:5].explain()
    assert "audit_by_tags" in plan


def test_days_are_counted_from_indexes_alone(floor: int) -> None:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    (counted,) = queries.per_day(since=today, until=today + timedelta(days=1))
    mine = Entry.objects.filter(at__gte=today)
    assert counted == (f"{today:%Y-%m-%d}", mine.count(), mine.filter(result="refused").count())
    assert queries.per_day(since=today + timedelta(days=1), until=today + timedelta(days=3)) == []
