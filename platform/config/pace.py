"""A long answer goes out as fast as its reader takes it.

Daphne writes whatever an application gives it into the connection's buffer, which has no end: a slow reader of a large
file would have all of it in memory. Here the application waits after each piece until the reader has taken most of
what is there. Who takes nothing for a minute is gone, and an answer that fails in the middle ends its connection: its
reader sees that it is not whole.
"""

import asyncio
import time
from typing import Any

from daphne.http_protocol import WebRequest
from daphne.server import Server

from config.backlog import waiting

MOST_BYTES = 1 << 20
STALLED_SECONDS = 60.0
LOOK_SECONDS = 0.02
_reply = Server.handle_reply
_fail = WebRequest.handle_exception


def owed(request: Any) -> int:
    """Return how many bytes of an answer its reader has not taken; none where nobody is there any more."""
    return waiting(request.channel.transport) if request.channel is not None else 0


async def until_taken(request: Any) -> None:
    """Return once there is room for more."""
    least, since = owed(request), time.monotonic()
    while (now_owed := owed(request)) > MOST_BYTES:
        now = time.monotonic()
        if now_owed < least:
            least, since = now_owed, now
        elif now - since > STALLED_SECONDS:
            request.channel.transport.abortConnection()
            return
        await asyncio.sleep(LOOK_SECONDS)


async def _handle_reply(self: Any, protocol: Any, message: dict[str, Any]) -> None:
    await _reply(self, protocol, message)
    if message.get("more_body") and isinstance(protocol, WebRequest):
        await until_taken(protocol)


def _handle_exception(self: Any, exception: BaseException) -> None:
    if not self._response_started:
        _fail(self, exception)
    elif self.channel is not None:
        self.channel.transport.abortConnection()


def keep_pace() -> None:
    """Have Daphne wait for readers."""
    Server.handle_reply = _handle_reply
    WebRequest.handle_exception = _handle_exception
