"""Nobody is served from a database that has again what was deleted: pages answer 503 until deletions are replayed."""

import logging
import time
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from retention import sweeping
from retention.ledger import Torn

log = logging.getLogger(__name__)
SECONDS = 10.0  # how long an answer holds
WORDS = (
    "Hearth does not serve: its database was restored from a backup and has again what was deleted since. "
    "An operator runs `manage.py replay_deletions` first."
)
_seen: dict[str, float | bool] = {"at": -SECONDS, "ahead": False}


def is_shut() -> bool:
    """Whether purges are missing from the database. Read anew every ten seconds; a ledger that is torn shuts too."""
    now = time.monotonic()
    if now - float(_seen["at"]) >= SECONDS:
        try:
            _seen["ahead"] = sweeping.is_ahead()
        except (Torn, OSError):
            log.exception("the tombstones cannot be read")
            _seen["ahead"] = True
        except (DatabaseError, InterfaceError):
            return bool(_seen["ahead"])  # the page that follows says that the database is away
        _seen["at"] = now
    return bool(_seen["ahead"])


async def ais_shut() -> bool:
    """As `is_shut`; only who looks anew waits for a thread."""
    fresh = time.monotonic() - float(_seen["at"]) < SECONDS
    return bool(_seen["ahead"]) if fresh else await sync_to_async(is_shut)()


def look_again() -> None:
    """Forget what was seen."""
    _seen["at"] = -SECONDS


def _refusal() -> HttpResponse:
    return HttpResponse(WORDS, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "60"})


@sync_and_async_middleware
def gate(get_response):  # type: ignore[no-untyped-def]
    """Answer every page with a refusal while the database is behind the tombstones."""
    if iscoroutinefunction(get_response):

        async def amiddleware(request: HttpRequest) -> HttpResponseBase:
            if await ais_shut():
                return _refusal()
            response: HttpResponseBase = await get_response(request)
            return response

        return amiddleware

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return _refusal() if is_shut() else get_response(request)

    return middleware


def no_sockets(routes: Any) -> Any:
    """Wrap an ASGI application: while nobody is served, handshakes are refused."""

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if await ais_shut():
            await send({"type": "websocket.close", "code": 1013})
        else:
            await routes(scope, receive, send)

    return guarded
