"""Close codes that say what was wrong.

Daphne closes through an interface that takes 1000 and 3000-4999 only, and drops a connection whose frame is too large
or not UTF-8 without a word. RFC 6455 has codes for a server's own reasons (1003, 1007, 1008, 1009): here they are sent.
"""

from daphne.ws_protocol import WebSocketProtocol


def _server_close(self: WebSocketProtocol, code: int | None = None) -> None:
    self.sendCloseFrame(code=1000 if code is None else code, isReply=False)


def say_why() -> None:
    """Let Daphne close with any code, and say 1007 and 1009 before it drops a connection."""
    WebSocketProtocol.serverClose = _server_close
    WebSocketProtocol.failByDrop = False
