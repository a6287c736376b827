"""Asks all checks at once and waits for none of them: what hangs is red after a moment.

Each server is asked in a thread of its own, one question at a time, however many want to know: whoever asks while one
is under way gets its answer, and an answer serves for a second. So a server that hangs costs one thread.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from functools import cache
from typing import Any, Generic, TypeVar

from health import checks
from health.checks import NAMES, Found

log = logging.getLogger(__name__)
T = TypeVar("T")
PATIENCE_SECONDS = 2.0
KEEP_SECONDS = 1.0
LOOK_SECONDS = 0.02
ORDER = ("database", "redis", "beat", "housekeeping", "hosts", "sweeps", "anchors", "deletions", "disk")


class Source(Generic[T]):
    """Something that is asked in a thread of its own."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self.ask = ask
        self.lock = threading.Lock()
        self.future: Future[T] | None = None
        self.began = 0.0

    def begin(self) -> "Future[T]":
        """Return the answer that is under way or a moment old, or begin to ask."""
        with self.lock:
            now = time.monotonic()
            if self.future is None or (self.future.done() and now - self.began >= KEEP_SECONDS):
                self.future, self.began = Future(), now
                threading.Thread(target=self._run, args=(self.future,), name="probe", daemon=True).start()
            return self.future

    def _run(self, future: "Future[T]") -> None:
        try:
            future.set_result(self.ask())
        except Exception as error:
            log.warning("a probe failed", extra={"error": type(error).__name__})
            future.set_exception(error)


def answer_of(future: "Future[T]") -> T | None:
    """Return what was answered; nothing where nobody has answered yet, or with an error."""
    return future.result() if future.done() and future.exception() is None else None


async def until_done(futures: Iterable["Future[Any]"], seconds: float) -> None:
    """Wait until all have answered, for so long at most. Nothing is left behind in what still hangs."""
    deadline = time.monotonic() + seconds
    while not all(future.done() for future in futures) and time.monotonic() < deadline:  # noqa: ASYNC110 - of threads
        await asyncio.sleep(LOOK_SECONDS)


@cache
def sources() -> Mapping[str, Source[list[Found]]]:
    """Return this process's sources of checks."""
    asks = {"database": checks.of_database, "redis": checks.of_redis, "disk": checks.of_disk}
    return {name: Source(ask) for name, ask in asks.items()}


def known(futures: Mapping[str, "Future[list[Found]]"]) -> list[Found]:
    """Return what is known at this moment, in the order of pages; what has not answered is red."""
    found: dict[str, Found] = {}
    for source, future in futures.items():
        answer = answer_of(future)
        away = [Found(name, False, {"away": source}) for name in NAMES[source]]
        found |= {one.name: one for one in (away if answer is None else answer)}
    return [found[name] for name in ORDER]


def look() -> list[Found]:
    """Return how all checks are, within two seconds."""
    futures = {name: source.begin() for name, source in sources().items()}
    wait_for(futures.values(), timeout=PATIENCE_SECONDS)
    return known(futures)


async def alook() -> list[Found]:
    """As `look`, for who serves others meanwhile."""
    futures = {name: source.begin() for name, source in sources().items()}
    await until_done(list(futures.values()), PATIENCE_SECONDS)
    return known(futures)
