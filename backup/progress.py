"""How far a long step is: a line a second at most, and none for what takes less."""

import time
from collections.abc import Callable

from models_admin.models.files import shown_size

EVERY_SECONDS = 1.0
Say = Callable[[str], None]


class Progress:
    """Says how much of a step is done. Without `say` it is silent."""

    def __init__(self, say: Say | None = None) -> None:
        self.say, self.what, self.done, self.total, self.said_at = say, "", 0, 0, 0.0

    def begin(self, what: str, total: int = 0) -> None:
        """Begin a step of so many bytes; 0: nobody knows how many."""
        self.what, self.done, self.total, self.said_at = what, 0, total, time.monotonic()

    def add(self, count: int) -> None:
        """So many bytes more are done."""
        self.reach(self.done + count)

    def reach(self, done: int) -> None:
        """So many bytes are done."""
        self.done, now = done, time.monotonic()
        if self.say and now - self.said_at >= EVERY_SECONDS:
            self.said_at = now
            of = f" of {shown_size(self.total)}" if self.total >= done > 0 else ""
            self.say(f"{self.what}: {shown_size(done)}{of}")
