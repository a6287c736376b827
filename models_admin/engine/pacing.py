"""How many prompt tokens one decode step may read, so that nobody who is being answered waits for long. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

TARGET_SECONDS = 0.25  # a step that reads prompts should take about so long
SMALLEST = 16  # tokens; below it a prompt would never be read
SHORT = 128  # tokens of a short question
BURST = 4
ALONE = 3


@dataclass(slots=True)
class Pace:
    """Learns from each step. `most` is the room of a batch, in tokens; `budget` what the next step may read."""

    most: int
    target: float = TARGET_SECONDS
    budget: int = 0

    def __post_init__(self) -> None:
        self.budget = self.budget or min(self.most, 64)

    def room(self, unread: Sequence[int], *, answering: int) -> int:
        """Return how many tokens of these prompts the next step may read while so many answers are being said.

        A burst of short questions is over soon, and answers that begin together are computed together: it may take
        a few times longer, and as long as it takes while it makes nobody wait. A long prompt alone is read in larger
        pieces, which are cheaper; somebody who comes in between waits for one of them.
        """
        if len(unread) > 1 and max(unread) <= SHORT:
            return min(self.most, self.budget * BURST) if answering else self.most
        return self.budget if answering or len(unread) > 1 else min(self.most, self.budget * ALONE)

    def learn(self, read: int, seconds: float) -> None:
        """A step has read so many prompt tokens in so many seconds."""
        if read == 0:
            return
        factor = self.target / max(seconds, 1e-6)
        if factor < 1:
            fresh = max(read * factor, self.budget * 0.5)
        elif read >= self.budget:
            fresh = self.budget * min(factor, 1.5)
        else:
            return  # there was less to read than allowed: nothing is learnt of more
        self.budget = max(min(SMALLEST, self.most), min(self.most, round(fresh)))
