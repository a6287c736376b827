"""Back-pressure: a tab may have only so much unseen; the server stops reading the log until it has looked."""

import asyncio
from collections import deque

from chat.tail import order_of

MOST_UNSEEN = 256 * 1024  # characters sent and not yet seen


class Credit:
    """What one tab has been sent and has not yet seen, over all the answers it follows."""

    def __init__(self, limit: int = MOST_UNSEEN) -> None:
        self.limit = limit
        self.unseen = 0
        self.sent: dict[str, deque[tuple[tuple[int, int], int]]] = {}
        self.enough = asyncio.Event()
        self.enough.set()

    def spend(self, generation: str, cursor: str, size: int) -> None:
        """So many characters are sent. Whoever goes on waits for `enough` first."""
        self.sent.setdefault(generation, deque()).append((order_of(cursor), size))
        self._change(size)

    def seen(self, generation: str, cursor: str) -> None:
        """The tab has applied everything of this answer up to the cursor. Raises ValueError for a malformed one.

        A cursor beyond what it was sent is none that it has seen.
        """
        upto, sent = order_of(cursor), self.sent.get(generation)
        if sent and upto > sent[-1][0]:
            return
        while sent and sent[0][0] <= upto:
            self._change(-sent.popleft()[1])

    def forget(self, generation: str) -> None:
        """This answer is not carried any more: what was sent of it counts no longer."""
        self._change(-sum(size for _, size in self.sent.pop(generation, ())))

    def _change(self, by: int) -> None:
        self.unseen += by
        if self.unseen < self.limit:
            self.enough.set()
        else:
            self.enough.clear()
