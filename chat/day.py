"""The last day of all models together or of one, in half hours: how much was answered, how soon, and how fast."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

BINS, MINUTES = 48, 30
STEP, WIDTH, HEIGHT = 10, 8, 100
DAY = """
SELECT greatest(0, floor(extract(epoch FROM now() - ended_at) / %(seconds)s))::int AS bin,
  count(*), coalesce(sum(output_tokens), 0),
  percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM first_word_at - queued_at))
FROM chat_generation
WHERE state = 'done' AND deployment_id = ANY(%(of)s) AND ended_at > now() - interval '1 day'
GROUP BY bin
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """Half an hour: how long ago it began, and where it is drawn."""

    ago: str
    value: str
    x: int
    y: float

    @property
    def height(self) -> float:
        return HEIGHT - self.y


@dataclass(frozen=True, slots=True)
class Chart:
    """One measure over the day, the oldest half hour first."""

    name: str
    most: str
    bars: list[Bar]

    @property
    def width(self) -> int:
        return BINS * STEP

    @property
    def busy(self) -> list[Bar]:
        return [bar for bar in self.bars if bar.height]


def charts(deployments: list[UUID]) -> list[Chart]:
    """Return answers, tokens and the seconds to the first word (95 of 100 are sooner) of these models' last day."""
    with connection.cursor() as cursor:
        cursor.execute(DAY, {"seconds": 60 * MINUTES, "of": deployments})
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    return [
        _chart(_("Answers"), {at: float(row[0]) for at, row in found.items()}, "{:,.0f}"),
        _chart(_("Tokens said"), {at: float(row[1]) for at, row in found.items()}, "{:,.0f}"),
        _chart(_("First word, p95"), {at: float(row[2] or 0) for at, row in found.items()}, "{:,.1f} s"),
    ]


def _chart(name: str, values: dict[int, float], form: str) -> Chart:
    most = max(values.values(), default=0.0)
    bars = []
    for n in range(BINS):
        at = BINS - 1 - n
        value = values.get(at, 0.0)
        y = round(HEIGHT * (1 - value / most), 1) if most else float(HEIGHT)
        bars.append(Bar(_ago(at), form.format(value), n * STEP, y))
    return Chart(name, form.format(most), bars)


def _ago(bins: int) -> str:
    hours, minutes = divmod((bins + 1) * MINUTES, 60)
    return (
        _("%(hours)s h %(minutes)s min ago") % {"hours": hours, "minutes": minutes}
        if minutes
        else _("%(hours)s h ago") % {"hours": hours}
    )
