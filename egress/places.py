"""Addresses outside that everybody knows, and what happens when this process tries to reach them."""

import queue
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass

from egress.models import Probe

SECONDS = 2.0  # for one address; all are tried at once
GRACE = 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """An address to knock at; without a port it is a name that somebody is asked for."""

    host: str
    port: int | None = None

    def __str__(self) -> str:
        if self.port is None:
            return f"name {self.host}"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


# Name servers that answer from everywhere, at the ports that firewalls forget last, and a name that will stay.
PLACES = (
    Place("1.1.1.1", 443),
    Place("1.1.1.1", 53),
    Place("8.8.8.8", 443),
    Place("9.9.9.9", 53),
    Place("9.9.9.9", 80),
    Place("2606:4700:4700::1111", 443),
    Place("2001:4860:4860::8888", 53),
    Place("example.com"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one knock."""

    place: Place
    outcome: Probe.Outcome
    milliseconds: int


def try_all(places: Iterable[Place], *, seconds: float = SECONDS) -> list[Found]:
    """Knock everywhere at once; `seconds` and a little later all is said. A look-up that hangs counts as silent."""
    asked = list(places)
    said: queue.Queue[Found] = queue.Queue()
    began = time.monotonic()
    for place in asked:
        threading.Thread(target=lambda one=place: said.put(_try(one, seconds)), daemon=True).start()
    heard = {found.place: found for found in _heard(said, len(asked), until=began + seconds + GRACE)}
    late = int(seconds * 1000)
    return [heard.get(place, Found(place, Probe.Outcome.SILENT, late)) for place in asked]


def _heard(said: "queue.Queue[Found]", count: int, *, until: float) -> Iterator[Found]:
    for _ in range(count):
        try:
            yield said.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            return


def _try(place: Place, seconds: float) -> Found:
    began = time.monotonic()
    outcome = _knock(place, seconds)
    return Found(place, outcome, int((time.monotonic() - began) * 1000))


def _knock(place: Place, seconds: float) -> Probe.Outcome:
    """Refused is no proof: a firewall may have said it, or the place itself."""
    try:
        if place.port is None:
            socket.getaddrinfo(place.host, 443, type=socket.SOCK_STREAM)
        else:
            with closing(socket.create_connection((place.host, place.port), timeout=seconds)):
                pass
    except ConnectionRefusedError:
        return Probe.Outcome.REFUSED
    except OSError:
        return Probe.Outcome.SILENT
    return Probe.Outcome.REACHED
