"""Connections on which no whole request has come yet.

Each holds a file descriptor and says nothing. Twisted waits a minute for the next byte of each, for ever if one comes
now and then. Here a request has so long to be there; where too many wait, those that have waited longest make room, so
that whoever has something to say is always let in: honest requests are whole in a moment. Trusted proxies send for
everybody and may have many.
"""

import resource
from collections import OrderedDict, defaultdict
from contextlib import suppress
from itertools import islice
from typing import Any

from django.conf import settings
from twisted.web import http

from config.bare import guards
from config.proxies import Proxies, neighbourhood

LOOK_SECONDS, AT_ONCE = 0.25, 50  # each one costs a moment in which nobody else is served
GRACE_SECONDS = 1.0
LINGER_SECONDS = 2.0  # so long the other end may take to read why
LATE = ("408 Request Timeout", "The request took too long to arrive.")
CROWDED = ("429 Too Many Requests", "Too many unfinished connections came from this address.")


class Waiting:
    """Connections that wait for something, each under its address, the oldest first.

    In one moment a crowd may come that has sent its requests already: nobody goes before `GRACE_SECONDS`.
    """

    def __init__(self, *, seconds: float, most: int, most_of_one: int) -> None:
        self.seconds, self.most, self.most_of_one = seconds, most, most_of_one
        self.since: OrderedDict[Any, tuple[str, float]] = OrderedDict()
        self.by_address: dict[str, OrderedDict[Any, None]] = defaultdict(OrderedDict)

    def begin(self, connection: Any, address: str, now: float) -> Any:
        """Let a connection wait. Return one that has to go for it where there are too many in all, or None."""
        self.end(connection)
        self.since[connection] = (address, now)
        if address:
            self.by_address[address][connection] = None
        return next(iter(self.since)) if len(self.since) > self.most else None

    def end(self, connection: Any) -> None:
        """A connection waits no longer. One that did not wait is as well."""
        address, _ = self.since.pop(connection, ("", 0.0))
        if address:
            mine = self.by_address[address]
            del mine[connection]
            if not mine:
                del self.by_address[address]

    def too_many(self, now: float) -> list[Any]:
        """Return what addresses have beyond their share, the oldest of each. Without an address nobody is counted."""
        found: list[Any] = []
        for mine in self.by_address.values():
            surplus = list(islice(mine, max(0, len(mine) - self.most_of_one)))
            found += [connection for connection in surplus if now - self.since[connection][1] >= GRACE_SECONDS]
        return found

    def late(self, now: float) -> list[Any]:
        """Return those that have waited too long."""
        found = []
        for connection, (_, since) in self.since.items():
            if now - since < self.seconds:
                break
            found.append(connection)
        return found


MOST = 2_000
HEADS = Waiting(seconds=10, most=MOST, most_of_one=100)
BODIES = Waiting(seconds=120, most=MOST, most_of_one=200)


Channel: Any = http.HTTPChannel  # Twisted says little of its types


class PatientChannel(Channel):  # type: ignore[misc]
    """A connection that is given so long for a request, and no longer."""

    proxies = Proxies()
    is_looked_after = False

    def connectionMade(self) -> None:
        """Somebody has connected and said nothing."""
        super().connectionMade()
        host = str(getattr(self.transport.getPeer(), "host", ""))
        self.address = "" if self.proxies.trust(host) else neighbourhood(host)
        self.wait(HEADS)
        if not PatientChannel.is_looked_after:
            PatientChannel.is_looked_after = True
            look_after(self.factory.reactor)

    def wait(self, waiting: Waiting) -> None:
        """Wait for a head or a body; whoever has waited longest may have to go for that."""
        if goes := waiting.begin(self, self.address, self.factory.reactor.seconds()):
            goes.give_up(*CROWDED)

    def dataReceived(self, data: bytes) -> None:
        """On a connection that is kept, the next request begins with its first bytes."""
        if not self._handlingRequest and self not in HEADS.since and self not in BODIES.since:
            self.wait(HEADS)
        super().dataReceived(data)

    def allHeadersReceived(self) -> None:
        """The head is whole."""
        HEADS.end(self)
        if self.length != 0:
            self.wait(BODIES)
        super().allHeadersReceived()

    def allContentReceived(self) -> None:
        """The request is whole."""
        self.forget()
        super().allContentReceived()

    def connectionLost(self, reason: Any) -> None:
        """Nobody is there any more."""
        self.forget()
        super().connectionLost(reason)

    def forget(self) -> None:
        """Wait no longer."""
        HEADS.end(self)
        BODIES.end(self)

    def give_up(self, status: str, sentence: str) -> None:
        """End a connection. The reason is told, but not to one that is late without having asked for anything."""
        self.forget()
        if status is CROWDED[0] or self.requests:
            self.write(answer(status, sentence))
        self.loseConnection()
        self.callLater(LINGER_SECONDS, self.transport.abortConnection)


def answer(status: str, sentence: str) -> bytes:
    """Return a whole response."""
    headers = {"Content-Type": "text/plain; charset=utf-8", "Connection": "close", **guards()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(sentence)}", "", sentence]).encode()


def look_after(reactor: Any) -> None:
    """Look for those that have to go, now and ever again."""
    now = reactor.seconds()
    for waiting in (HEADS, BODIES):
        for channel in waiting.late(now)[:AT_ONCE]:
            channel.give_up(*LATE)
        for channel in waiting.too_many(now)[:AT_ONCE]:
            channel.give_up(*CROWDED)
    reactor.callLater(LOOK_SECONDS, look_after, reactor)


def bound_waiting() -> None:
    """Have Twisted give requests so long to arrive. As many files may be open as the system allows, half for these."""
    _, files = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    if files != resource.RLIM_INFINITY:
        HEADS.most = BODIES.most = min(MOST, files // 4)
    PatientChannel.proxies = Proxies(tuple(settings.PROXIES))
    http.HTTPChannel = PatientChannel  # type: ignore[misc]
