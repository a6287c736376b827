"""How checks were: housekeeping looks every half minute and writes down what has changed, for 30 days.

While housekeeping or the database stood still nobody looked: what was then is unknown, and said to be.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils.formats import number_format

from health.checks import Found
from health.models import Spell
from health.turning import turned

State = Spell.State
KEPT = timedelta(days=30)
GAP = timedelta(minutes=2)  # four looks that did not happen
MOST = 5000  # spells that a page reads


def clock() -> datetime:
    """Return the database's time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        now: datetime = cursor.fetchone()[0]
    return now


@transaction.atomic
def note(found: Iterable[Found]) -> None:
    """Write down how checks are now, where that has changed, and tell the audit log. Raises Unwritten."""
    now = clock()
    open_ones = {one.name: one for one in Spell.objects.select_for_update().filter(until=None).order_by("name")}
    turns = [(one.name, not one.ok) for one in found if _note(one, open_ones.get(one.name), now)]
    for name, red in turns:
        turned(name, red=red)


def _note(one: Found, spell: Spell | None, now: datetime) -> bool:
    """Continue a check's spell, or begin another. Return whether it has turned."""
    state = State.OK if one.ok else State.FAILING
    same = spell is not None and spell.state == state
    if spell is not None and now - spell.seen_at > GAP:
        _end(spell, spell.seen_at)
        Spell.objects.create(name=one.name, state=State.UNKNOWN, since=spell.seen_at, seen_at=now, until=now)
        Spell.objects.create(name=one.name, state=state, since=now, seen_at=now)
    elif spell is not None and same:
        Spell.objects.filter(pk=spell.pk).update(seen_at=now)
    else:
        if spell is not None:
            _end(spell, now)
        Spell.objects.create(name=one.name, state=state, since=now, seen_at=now)
    return not same and (spell is not None or not one.ok)


def _end(spell: Spell, at: datetime) -> None:
    Spell.objects.filter(pk=spell.pk).update(until=at)


def forget_old() -> int:
    """Forget what ended more than 30 days ago. Return how many spells that were."""
    return Spell.objects.filter(until__lt=clock() - KEPT).delete()[0]


WIDTH = 720  # of the drawing: an hour is one


@dataclass(frozen=True, slots=True)
class Stretch:
    """A spell that was not well, as it is drawn and listed. `until` is none while it lasts."""

    state: str
    since: datetime
    until: datetime | None
    x: float
    width: float

    @property
    def unknown(self) -> bool:
        return self.state == State.UNKNOWN


@dataclass(frozen=True, slots=True)
class Line:
    """Thirty days of one check: what was not well, the oldest first, and how much of the known time was."""

    stretches: list[Stretch]
    begins: float
    well: float | None
    since: datetime | None

    @property
    def percent(self) -> str:
        """How much was well, never rounded up to all of it."""
        if self.well is None:
            return ""
        return "100" if self.well >= 1 else number_format(min(99.99, round(100 * self.well, 2)), 2)


def lines(names: Iterable[str]) -> dict[str, Line]:
    """Return the last 30 days of these checks."""
    now = clock()
    recent = Spell.objects.filter(Q(until=None) | Q(until__gt=now - KEPT)).order_by("-since", "-pk")[:MOST]
    by_name: dict[str, list[Spell]] = {}
    for spell in sorted(recent, key=lambda one: (one.since, one.pk)):
        by_name.setdefault(spell.name, []).append(spell)
    return {name: _line(by_name.get(name, []), now) for name in names}


def _line(spells: Sequence[Spell], now: datetime) -> Line:
    start = now - KEPT
    took = dict.fromkeys(State, 0.0)
    for one in spells:
        took[State(one.state)] += ((one.until or now) - max(one.since, start)).total_seconds()
    known = took[State.OK] + took[State.FAILING]
    return Line(
        stretches=[_stretch(one, now) for one in spells if one.state != State.OK],
        begins=_x(max(spells[0].since, start), now) if spells else WIDTH,
        well=took[State.OK] / known if known else None,
        since=next((one.since for one in reversed(spells) if one.until is None), None),
    )


def _stretch(one: Spell, now: datetime) -> Stretch:
    x, end = _x(max(one.since, now - KEPT), now), _x(one.until or now, now)
    return Stretch(one.state, one.since, one.until, x, round(max(1.0, end - x), 2))


def _x(at: datetime, now: datetime) -> float:
    return round(WIDTH * (1 - (now - at) / KEPT), 2)
