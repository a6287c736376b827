"""How much of what a model reads a chat fills already."""

from collections.abc import Iterable
from dataclasses import dataclass

from chat.models import Generation
from chat.queries import Row


@dataclass(frozen=True, slots=True)
class Gauge:
    """Tokens that the last answer had read and said, of those that its model reads; how many messages were left out."""

    used: int
    context: int
    left_out: int

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.used / self.context))

    @property
    def fill(self) -> int:
        """How full it is drawn, in eighths: a chat that has begun is never empty."""
        return max(1, round(self.percent / 12.5))

    @property
    def is_full(self) -> bool:
        return self.left_out > 0 or self.percent >= 90


def gauge_of(rows: Iterable[Row]) -> Gauge | None:
    """Return the gauge of a branch; nothing before its first answer, or where the model does not say what it reads."""
    counted = [row.generation for row in rows if row.generation and row.generation.prompt_tokens]
    return _of(counted[-1]) if counted else None


def _of(last: Generation) -> Gauge | None:
    context = last.recipe.facts.get("context") if last.recipe else None
    room = int(context or last.deployment.context or 0)
    return Gauge(last.prompt_tokens + last.output_tokens, room, last.left_out) if room else None
