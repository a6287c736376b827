"""How much a socket may owe and say, below the consumers, which get their turn too late where somebody is faster.

Daphne has no flow control. `chat.credit` stops reading for tabs that say honestly what they have seen, and the
consumer closes who says too much; these are the limits for those that outrun it. What was sent and nobody takes off the
wire, and what is said and nobody has heard yet, would all wait in memory. Whoever is behind such a socket may come back
and goes on from the cursor.
"""

import time
from typing import Any

from daphne.ws_protocol import WebSocketProtocol

MOST_BYTES = 2 << 20  # several times the credit of an honest tab
MOST_WORDS, WORDS_SECONDS = 60, 1.0  # a tab that comes back says all it follows at once; later a few
FLOOD = 1008
LINGER_SECONDS = 1.0  # so long the tab may take to read why
_send = WebSocketProtocol.serverSend
_hear = WebSocketProtocol.onMessage


def waiting(transport: Any) -> int:
    """Return how many bytes Twisted holds for a connection because its other end does not take them."""
    return int(len(transport.dataBuffer) - transport.offset + transport._tempDataLen)


class Meter:
    """Counts what one socket says."""

    def __init__(self) -> None:
        self.since, self.words = 0.0, 0

    def is_flood(self, now: float) -> bool:
        """Count one word. Return whether it is one too many."""
        if now - self.since > WORDS_SECONDS:
            self.since, self.words = now, 0
        self.words += 1
        return self.words > MOST_WORDS


def _server_send(self: WebSocketProtocol, content: str | bytes, binary: bool = False) -> None:
    if waiting(self.transport) > MOST_BYTES:
        self.transport.abortConnection()
    else:
        _send(self, content, binary)


def _on_message(self: WebSocketProtocol, payload: bytes, is_binary: bool) -> None:
    meter = self.__dict__.setdefault("meter", Meter())
    if not meter.is_flood(time.monotonic()):
        _hear(self, payload, is_binary)
    elif meter.words == MOST_WORDS + 1:
        self.sendCloseFrame(code=FLOOD, isReply=False)
        self.transport.pauseProducing()  # nothing more is read: the sender feels it
        self.factory.reactor.callLater(LINGER_SECONDS, self.transport.abortConnection)


def limit() -> None:
    """Drop sockets that owe or say too much."""
    WebSocketProtocol.serverSend = _server_send
    WebSocketProtocol.onMessage = _on_message
