"""How much a socket may owe: what was sent and its browser has not taken off the wire yet.

Daphne has no flow control. `chat.credit` stops reading for tabs that say honestly what they have seen; this is the
limit for those that do not: a socket that takes nothing while more and more is sent to it is dropped. Whoever is
behind it may come back and goes on from the cursor.
"""

from typing import Any

from daphne.ws_protocol import WebSocketProtocol

MOST_BYTES = 2 << 20  # several times the credit of an honest tab
_send = WebSocketProtocol.serverSend


def waiting(transport: Any) -> int:
    """Return how many bytes Twisted holds for a connection because its other end does not take them."""
    return int(len(transport.dataBuffer) - transport.offset + transport._tempDataLen)


def _server_send(self: WebSocketProtocol, content: str | bytes, binary: bool = False) -> None:
    if waiting(self.transport) > MOST_BYTES:
        self.transport.abortConnection()
    else:
        _send(self, content, binary)


def limit() -> None:
    """Drop sockets that owe too much."""
    WebSocketProtocol.serverSend = _server_send
