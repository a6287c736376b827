"""What goes on each of the coming days, as a small chart."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.models import Team
from retention.kinds import kinds
from retention.terms import in_force
from retention.words import number

DAYS = 90
STEP, WIDTH, HEIGHT = 10, 8, 100  # of a bar, in the units of the drawing


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: how many go, and where it is drawn, from the top."""

    day: date
    count: int
    x: int
    y: float

    @property
    def height(self) -> float:
        return HEIGHT - self.y


@dataclass(frozen=True, slots=True)
class Chart:
    """The coming days, today first. `highest` is the most on one day."""

    bars: list[Bar]
    highest: int
    total: int

    @property
    def width(self) -> int:
        return len(self.bars) * STEP

    @property
    def last(self) -> date:
        return self.bars[-1].day

    @property
    def said(self) -> str:
        said = {
            "chats": number(self.total, "chat"),
            "days": number(len(self.busy), "day"),
            "most": number_format(self.highest, force_grouping=True),
        }
        if len(self.busy) > 1:
            return _("%(chats)s on %(days)s, at most %(most)s on one day") % said
        return _("%(chats)s on %(days)s") % said

    @property
    def busy(self) -> list[Bar]:
        """The days on which something goes."""
        return [bar for bar in self.bars if bar.count]


def coming(team: Team | None = None, *, now: datetime) -> Chart:
    """Return what goes in the next 90 days under the rules in force, of one team or of everybody."""
    rules, counts = in_force(), Counter[date]()
    for kind in kinds():
        counts.update(kind.calendar(rules, days=DAYS, team=team.pk if team else None))
    return drawn(counts, since=now.astimezone(UTC).date())


def drawn(counts: Mapping[date, int], *, since: date) -> Chart:
    """Return the chart of these counts; what is overdue goes today."""
    days = [since + timedelta(days=ahead) for ahead in range(DAYS)]
    overdue = sum(count for day, count in counts.items() if day < since)
    found = [counts.get(day, 0) + (overdue if day == since else 0) for day in days]
    highest = max(found)
    scale = HEIGHT / highest if highest else 0
    bars = [
        Bar(day, count, n * STEP + (STEP - WIDTH) // 2, round(HEIGHT - count * scale, 2))
        for n, (day, count) in enumerate(zip(days, found, strict=True))
    ]
    return Chart(bars, highest, sum(found))
