"""What a host tells the board every second of each model that it has in memory."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from models_admin.engine.protocol import Doing, Engine
from models_admin.seat import Seat

SHORT = {Doing.NOTHING: "n", Doing.READING: "r", Doing.SAYING: "s"}


@dataclass(slots=True)
class Teller:
    """Turns an engine's counts into rates: `last` holds what each had counted, and when, by the monotonic clock."""

    last: dict[UUID, tuple[float, int, int]] = field(default_factory=dict)

    def facts(self, seats: list[Seat], now: float) -> dict[str, dict[str, Any]]:
        """Return how each loaded model stands, under its deployment's id."""
        return {str(seat.pk): self._facts(seat.pk, engine, now) for seat in seats if (engine := seat.engine)}

    def _facts(self, pk: UUID, engine: Engine, now: float) -> dict[str, Any]:
        status, ready = engine.status, engine.ready
        then, said, read = self.last.get(pk, (now, status.said, status.read))
        self.last[pk] = (now, status.said, status.read)
        seconds = max(now - then, 0.001)
        cells = [(SHORT[cell.doing], cell.tokens) for cell in status.cells] or [("n", 0)] * ready.slots
        return {
            "cells": cells,
            "context": ready.context,
            "said": round(max(0, status.said - said) / seconds, 1),
            "read": round(max(0, status.read - read) / seconds, 1),
        }
