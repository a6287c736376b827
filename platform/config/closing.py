"""Close codes that say what was wrong.

Daphne closes through an interface that takes 1000 and 3000-4999 only, and drops a connection whose frame is too large
or not UTF-8 without a word. RFC 6455 has codes for a server's own reasons (1003, 1007, 1008, 1009): here they are sent,
and the sentence that an application gives with its code as well.
"""

from typing import Any

from daphne.ws_protocol import WebSocketProtocol

_reply = WebSocketProtocol.handle_reply


def _handle_reply(self: WebSocketProtocol, message: dict[str, Any]) -> None:
    self.why = str(message.get("reason") or "")
    _reply(self, message)


def _server_close(self: WebSocketProtocol, code: int | None = None) -> None:
    why = self.__dict__.get("why", "").encode() or None
    self.sendCloseFrame(code=1000 if code is None else code, reasonUtf8=why, isReply=False)


def say_why() -> None:
    """Let Daphne close with any code and a reason, and say 1007 and 1009 before it drops a connection."""
    WebSocketProtocol.handle_reply = _handle_reply
    WebSocketProtocol.serverClose = _server_close
    WebSocketProtocol.failByDrop = False
