"""How fast one address may come with requests and sockets, decided before anything is done for them.

Strangers share what their address may do. Who is signed in and has loaded a page from this process is known by the
session: a neighbour who floods does not keep them out, and only their new sockets are counted. A browser in which
somebody has signed in before is counted by itself: a whole office comes back at once when this process is a new one.
Files that never change cost nothing and are for everybody, and so is the question whether this process answers.
Handshakes are worked off one by one, so few of one origin may be under way: that is what others wait for, however slow
the machine is. What is open and what is sent is counted for the operator as well.
"""

from collections import Counter
from collections.abc import Callable
from time import monotonic
from typing import Any

from daphne import http_protocol
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from django.conf import settings
from django.http import parse_cookie

from accounts.guessing import browser_in
from config.bare import guards
from config.bodies import BoundedRequest
from config.meters import BROWSERS, KNOWN, SOCKETS, STRANGE_SOCKETS, STRANGERS
from config.proxies import FORWARDED_FOR, Proxies, neighbourhood
from health import metrics

SENTENCE = b"Too many requests came from this address at once. Wait a moment and try again."
MOST_UNDER_WAY, MOST_STRANGE_UNDER_WAY = 10, 3
under_way: "Counter[str]" = Counter()  # handshakes, by origin


class CountedRequest(BoundedRequest):
    """A request that is answered at once where too many come."""

    proxies = Proxies()
    origin = ""

    def process(self) -> Any:
        """All of the request is there: a page, a form, or a socket's handshake."""
        if not self.may_pass():
            return self.turn_away()
        if not self.is_handshake:
            return super().process()
        CountedSocket.coming = self.origin
        try:
            return super().process()
        finally:
            CountedSocket.coming = ""

    def turn_away(self) -> None:
        """Answer with the reason."""
        head = [(b"Content-Type", b"text/plain; charset=utf-8"), (b"Content-Length", b"%d" % len(SENTENCE))]
        head += [(b"Retry-After", b"2"), (b"Connection", b"close")]
        head += [(name.encode(), value.encode()) for name, value in guards().items()]
        self.channel.persistent = 0
        self.handle_reply({"type": "http.response.start", "status": 429, "headers": head})
        self.handle_reply({"type": "http.response.body", "body": SENTENCE})

    def may_pass(self) -> bool:
        """Count the request under its session, else under its address."""
        self.is_handshake = self.requestHeaders.hasHeader(b"upgrade")
        if not self.is_handshake and (self.path.startswith(settings.STATIC_URL.encode()) or self.path == b"/healthz"):
            return True
        cookies = parse_cookie(b"; ".join(self.requestHeaders.getRawHeaders(b"cookie", [])).decode("latin1"))
        self.origin = KNOWN.find(cookies.get(settings.SESSION_COOKIE_NAME, ""))
        if self.origin:
            return not self.is_handshake or self.may_begin(SOCKETS.take, MOST_UNDER_WAY)
        self.origin = browser_in(cookies)
        if self.origin and self.is_handshake:
            return self.may_begin(SOCKETS.take, MOST_UNDER_WAY)
        if self.origin:
            return BROWSERS.take(self.origin, monotonic())
        peer = str(getattr(self.client, "host", ""))
        address = self.proxies.client(peer, self.requestHeaders.getRawHeaders(FORWARDED_FOR, []))
        self.origin = neighbourhood(address)
        if self.is_handshake:
            return self.may_begin(STRANGE_SOCKETS.take, MOST_STRANGE_UNDER_WAY)
        return STRANGERS.take(self.origin, monotonic())

    def may_begin(self, take: Callable[[str, float], bool], most: int) -> bool:
        """Return whether one more handshake of this origin may begin."""
        return under_way[self.origin] < most and take(self.origin, monotonic())


class CountedSocket(WebSocketProtocol):  # type: ignore[misc]
    """A socket whose handshake counts until it is accepted, refused or gone."""

    coming = ""  # whose handshake Daphne is just about to hand over
    origin = ""
    is_in = False

    def onConnect(self, request: Any) -> Any:
        """The handshake begins."""
        self.origin = CountedSocket.coming
        under_way[self.origin] += 1
        return super().onConnect(request)

    def arrived(self) -> None:
        """The handshake has ended, one way or another."""
        if self.origin:
            under_way[self.origin] -= 1
            if not under_way[self.origin]:
                del under_way[self.origin]
            self.origin = ""

    def serverAccept(self, subprotocol: str | None = None) -> None:
        """Let it in, unless it has gone meanwhile: Autobahn would open a dead one, and never say that it is closed."""
        if self.state != self.STATE_CONNECTING:
            return
        self.arrived()
        self.is_in = True
        metrics.SOCKETS.inc()
        super().serverAccept(subprotocol)

    def serverReject(self) -> None:
        """Shut it out."""
        self.arrived()
        super().serverReject()

    def serverSend(self, content: str | bytes, binary: bool = False) -> None:
        """Send a frame."""
        super().serverSend(content, binary)
        metrics.FRAMES.inc()

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        """Nobody is there any more."""
        self.arrived()
        if self.is_in:
            self.is_in = False
            metrics.SOCKETS.dec()
        super().onClose(wasClean, code, reason)


def count_arrivals() -> None:
    """Have Daphne count. Bodies are bounded already."""
    CountedRequest.proxies = Proxies(tuple(settings.PROXIES))
    http_protocol.WebRequest = CountedRequest
    WebSocketFactory.protocol = CountedSocket
