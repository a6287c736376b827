"""What has changed is written down by the database's clock, what nobody saw is unknown, turns are entries."""

from datetime import timedelta

import pytest
from django.db.models import F

from audit.models import Entry
from health import history
from health.checks import Found
from health.history import GAP, KEPT, WIDTH
from health.models import Spell

pytestmark = pytest.mark.django_db
State = Spell.State
HOUR = timedelta(hours=1)


def look(*, disk: bool = True, redis: bool = True) -> None:
    history.note([Found("disk", disk, {"full": {}, "least": 1}), Found("redis", redis)])


def spells(name: str) -> list[tuple[str, bool]]:
    """Return the states of a check in their order, each with whether it lasts."""
    rows = Spell.objects.filter(name=name).order_by("since", "pk")
    return [(row.state, row.until is None) for row in rows]


def turns() -> list[tuple[str, list[str]]]:
    rows = Entry.objects.filter(verb__startswith="health.").order_by("seq")
    return list(rows.values_list("verb", "target_ids"))


def later(by: timedelta) -> None:
    """Let everything have happened so much sooner."""
    Spell.objects.update(since=F("since") - by, seen_at=F("seen_at") - by, until=F("until") - by)


def test_only_changes_are_rows_and_turns_are_entries() -> None:
    before = len(turns())
    look()
    look()
    assert (spells("disk"), spells("redis")) == ([(State.OK, True)], [(State.OK, True)])
    assert len(turns()) == before, "what begins well has not turned"
    look(disk=False)
    look(disk=False)
    look()
    assert spells("disk") == [(State.OK, False), (State.FAILING, False), (State.OK, True)]
    assert spells("redis") == [(State.OK, True)]
    assert turns()[before:] == [("health.turned_red", ["disk"]), ("health.turned_green", ["disk"])]


def test_what_is_red_from_the_beginning_has_turned() -> None:
    before = len(turns())
    look(redis=False)
    assert turns()[before:] == [("health.turned_red", ["redis"])]


def test_each_spell_ends_where_the_next_begins() -> None:
    look()
    later(timedelta(minutes=1))
    look(disk=False)
    first, second = Spell.objects.filter(name="disk").order_by("since")
    assert first.until == second.since == second.seen_at
    assert second.until is None


def test_while_nobody_looked_nothing_is_known() -> None:
    look()
    later(GAP + timedelta(minutes=3))
    before = len(turns())
    look(redis=False)
    assert spells("disk") == [(State.OK, False), (State.UNKNOWN, False), (State.OK, True)]
    assert spells("redis") == [(State.OK, False), (State.UNKNOWN, False), (State.FAILING, True)]
    ok, unknown, now = Spell.objects.filter(name="disk").order_by("since", "pk")
    assert (ok.until, unknown.until) == (unknown.since, now.since)
    assert unknown.until is not None
    assert unknown.until - unknown.since >= GAP
    assert turns()[before:] == [("health.turned_red", ["redis"])], "disk is as it was"


def test_a_look_that_is_a_little_late_leaves_no_gap() -> None:
    look()
    later(GAP - timedelta(seconds=20))
    look()
    assert spells("disk") == [(State.OK, True)]


def test_what_ended_a_month_ago_is_forgotten_and_what_lasts_is_not() -> None:
    look()
    later(timedelta(days=40))
    Spell.objects.filter(name="disk").update(until=F("since") + HOUR)
    assert history.forget_old() == 1
    assert spells("disk") == []
    assert spells("redis") == [(State.OK, True)]


def test_a_line_is_drawn_of_thirty_days() -> None:
    look()
    later(timedelta(minutes=1))
    look(disk=False)
    later(timedelta(hours=6))
    Spell.objects.filter(until=None).update(seen_at=history.clock())
    look()
    later(timedelta(hours=18) - timedelta(minutes=1))
    Spell.objects.filter(until=None).update(seen_at=history.clock())
    lines = history.lines(["disk", "redis", "beat"])
    (red,) = lines["disk"].stretches
    assert (red.state, red.unknown) == (State.FAILING, False)
    assert red.x == pytest.approx(WIDTH - 24, abs=0.1)
    assert red.width == pytest.approx(6, abs=0.1)
    assert lines["disk"].percent == "75.00" or lines["disk"].percent.startswith(("74.9", "75.0"))
    assert lines["redis"].percent == "100"
    assert (lines["beat"].percent, lines["beat"].stretches, lines["beat"].begins) == ("", [], WIDTH)


def test_a_moment_of_red_is_seen_and_never_rounded_away() -> None:
    now = history.clock()
    Spell.objects.create(name="disk", state=State.OK, since=now - 2 * KEPT, seen_at=now, until=now - HOUR)
    rest = now - HOUR + timedelta(seconds=1)
    Spell.objects.create(name="disk", state=State.FAILING, since=now - HOUR, seen_at=rest, until=rest)
    Spell.objects.create(name="disk", state=State.OK, since=rest, seen_at=now)
    line = history.lines(["disk"])["disk"]
    assert (line.stretches[0].width, line.percent, line.begins) == (1.0, "99.99", 0.0)
