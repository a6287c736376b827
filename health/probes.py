"""Three doors for machines, before everything that serves people: /healthz, /readyz and /metrics.

No session, no host name, no redirect and no gate stands before them. `/healthz` asks nobody; `/readyz` says names and
one word each; `/metrics` opens to a token alone.
"""

import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as PROMETHEUS

from health import figures, metrics, probing

log = logging.getLogger(__name__)
TEXT = "text/plain; charset=utf-8"
SCRAPE_SECONDS = 2.5
HEADERS = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Told = tuple[int, str, bytes]  # status, type, body


async def healthz(scope: Scope) -> Told:
    """This process answers. For proxies and containers."""
    return 200, TEXT, b"ok\n"


async def readyz(scope: Scope) -> Told:
    """Everything works, or what does not. For monitoring."""
    found = await probing.alook()
    ready = all(one.ok for one in found)
    body = {"ready": ready, "checks": {one.name: "ok" if one.ok else "failing" for one in found}}
    return 200 if ready else 503, "application/json", json.dumps(body).encode() + b"\n"


async def show_metrics(scope: Scope) -> Told:
    """Figures for Prometheus. Without a token of this installation there is no such door."""
    token = _token()
    if not token:
        return 404, TEXT, b"There are no metrics here: HEARTH_METRICS_TOKEN_FILE names no token.\n"
    said = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    if not hmac.compare_digest(said, b"Bearer " + token):
        return 401, TEXT, b"The token is missing or wrong.\n"
    return 200, PROMETHEUS, await scrape()


def _token() -> bytes:
    """Read the token anew, so that it can be replaced under way."""
    file = settings.METRICS_TOKEN_FILE
    try:
        return file.read_bytes().strip() if file else b""
    except OSError:
        log.warning("the file of the token for metrics cannot be read")
        return b""


async def scrape() -> bytes:
    """Return what this process and the house have counted, within three seconds, whatever hangs."""
    asked = {name: source.begin() for name, source in figures.sources().items()}
    looked = {name: source.begin() for name, source in probing.sources().items()}
    await probing.until_done([*asked.values(), *looked.values()], SCRAPE_SECONDS)
    house = figures.scraped(asked)
    house.metrics.append(figures.of_checks(probing.known(looked)))
    return generate_latest(metrics.REGISTRY) + generate_latest(house)


DOORS: Mapping[str, Callable[[Scope], Awaitable[Told]]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": show_metrics,
}


class Probes:
    """Wraps the application of people."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and (door := DOORS.get(scope["path"])):
            await answer(scope, send, door)
        else:
            await self.application(scope, receive, send)


async def answer(scope: Scope, send: Send, door: Callable[[Scope], Awaitable[Told]]) -> None:
    """Answer a reader; nothing can be sent here."""
    allowed = scope["method"] in ("GET", "HEAD")
    status, kind, body = await door(scope) if allowed else (405, TEXT, b"")
    headers = [*HEADERS, (b"content-type", kind.encode()), (b"content-length", b"%d" % len(body))]
    headers += [(b"allow", b"GET, HEAD")] if status == 405 else []
    headers += [(b"www-authenticate", b"Bearer")] if status == 401 else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
