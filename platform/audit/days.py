"""Entries per day, as a small chart. Days that are over are counted once: nothing in them changes any more."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.core.cache import cache

from audit import queries

SPANS = (30, 90)
SETTLED = timedelta(hours=1)  # a transaction may end after the day in which its entry was made
KEPT_SECONDS = 6 * 3600
KEY = "audit-entries-per-day"
STEP, WIDTH, HEIGHT = 10, 8, 100  # of a bar, in the units of the drawing


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: its counts, and where it is drawn (from the top, `refused` as the lowest part)."""

    day: date
    entries: int
    refused: int
    x: int
    y: float
    refused_y: float

    @property
    def height(self) -> float:
        return HEIGHT - self.y

    @property
    def refused_height(self) -> float:
        return HEIGHT - self.refused_y

    @property
    def next_day(self) -> date:
        return self.day + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Chart:
    """All days of a span, the oldest first."""

    bars: list[Bar]
    highest: int
    total: int
    refused: int

    @property
    def width(self) -> int:
        return len(self.bars) * STEP


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def counts(days: int, *, now: datetime) -> dict[date, tuple[int, int]]:
    """Return (entries, refused ones) of each of the last days, in UTC, today included."""
    today = now.astimezone(UTC).date()
    span = [today - timedelta(days=back) for back in reversed(range(days))]
    known: dict[date, tuple[int, int]] = cache.get(KEY, {})
    missing = next(day for day in [*span, today] if day not in known or day == today)
    rows = queries.per_day(since=_midnight(missing), until=_midnight(today + timedelta(days=1)))
    fresh = {date.fromisoformat(day): (entries, refused) for day, entries, refused in rows}
    found = {day: known[day] if day < missing else fresh.get(day, (0, 0)) for day in span}
    settled = (now - SETTLED).astimezone(UTC).date()
    cache.set(KEY, known | {day: count for day, count in found.items() if day < settled}, KEPT_SECONDS)
    return found


def chart_of(days: int, *, now: datetime) -> Chart:
    """Return the chart of the last days."""
    found = counts(days, now=now)
    highest = max(entries for entries, _ in found.values())
    scale = HEIGHT / highest if highest else 0

    def bar(n: int, day: date, entries: int, refused: int) -> Bar:
        tops = [round(HEIGHT - count * scale, 2) for count in (entries, refused)]
        return Bar(day, entries, refused, n * STEP + (STEP - WIDTH) // 2, *tops)

    return Chart(
        bars=[bar(n, day, *found[day]) for n, day in enumerate(found)],
        highest=highest,
        total=sum(entries for entries, _ in found.values()),
        refused=sum(refused for _, refused in found.values()),
    )
