"""Making an anchor and telling everybody who keeps one; what goes wrong is an entry itself."""

import http.client
import logging
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction

from audit import anchors, syslog, verbs
from audit.actions import record
from audit.anchors import Anchor, CannotAnchor
from audit.entry import Result

log = logging.getLogger(__name__)
SECONDS = 10.0


def anchor(*, now: datetime) -> Anchor | None:
    """Anchor the log, in the file and everywhere else. Return the anchor, or None where there is nothing new."""
    try:
        made = anchors.make(connection, now=now)
    except (CannotAnchor, OSError, ValueError) as error:
        _note("file", str(error))
        return None
    if made is not None:
        for place, reason in _deliver(made, now):
            _note(place, reason)
    return made


def _note(place: str, reason: str) -> None:
    log.error("anchor failed", extra={"place": place, "reason": reason})
    with transaction.atomic():
        record(verbs.ANCHOR_FAILED, facts={"place": place, "reason": reason[:300]}, result=Result.REFUSED)


def _deliver(made: Anchor, now: datetime) -> Iterator[tuple[str, str]]:
    """Send it where the settings say. Yield where that failed, and why."""
    line = made.line().decode()
    if settings.ANCHOR_SYSLOG:
        try:
            syslog.send(settings.ANCHOR_SYSLOG, [syslog.framed("anchor", line, now=now)])
        except (OSError, ValueError) as error:
            yield "syslog", str(error)
    if settings.ANCHOR_HTTPS:
        try:
            post(settings.ANCHOR_HTTPS, made.line())
        except (OSError, ValueError, http.client.HTTPException) as error:
            yield "https", str(error)


def post(address: str, body: bytes) -> None:
    """Send JSON by POST; plain HTTP to this machine alone. Raises OSError, ValueError, HTTPException."""
    url = urlsplit(address)
    host = url.hostname or ""
    if url.scheme == "https":
        there: http.client.HTTPConnection = http.client.HTTPSConnection(host, url.port, timeout=SECONDS)
    elif url.scheme == "http" and host in ("127.0.0.1", "localhost", "::1"):
        there = http.client.HTTPConnection(host, url.port, timeout=SECONDS)
    else:
        raise ValueError("Anchors are sent by HTTPS.")
    try:
        path = url.path + (f"?{url.query}" if url.query else "")
        there.request("POST", path or "/", body, {"Content-Type": "application/json"})
        status = there.getresponse().status
        if not 200 <= status < 300:
            raise ValueError(f"The server answered {status}.")
    finally:
        there.close()
