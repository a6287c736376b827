"""One blocking read per web process, for every answer that any of its sockets follows.

A socket asks `wait(key, after)` and is woken when the stream has something behind `after`. A stream of our own,
read along with the others, breaks the block when somebody begins to follow another key.
"""

import asyncio
import contextlib
import re
from collections import defaultdict
from functools import cache
from typing import Any
from uuid import uuid4

import redis.asyncio
import redis.exceptions
from django.conf import settings

BLOCK_MILLISECONDS = 1000
OUTAGE_SECONDS = 0.5
WAKE_TTL_SECONDS = 60
CURSOR = re.compile(r"([0-9]{1,20})(?:-([0-9]{1,20}))?")
LARGEST = 1 << 64  # the two halves of a stream id are below it


class Tail:
    """Wakes followers of streams. Belongs to one event loop."""

    def __init__(self, url: str) -> None:
        # No socket timeout: this connection blocks on purpose; a health check finds a dead one.
        self.blocking = redis.asyncio.Redis.from_url(url, single_connection_client=True, health_check_interval=15)
        # Who finds all of these busy waits for one: an error here would send every follower to PostgreSQL.
        pool: redis.asyncio.BlockingConnectionPool[Any] = redis.asyncio.BlockingConnectionPool.from_url(
            url, socket_timeout=5, max_connections=16, timeout=5
        )
        self.reading = redis.asyncio.Redis(connection_pool=pool)
        self.wake_key = f"wake:{uuid4()}"
        self.woken = "0-0"
        self.positions: dict[str, str] = {}
        self.events: dict[str, set[asyncio.Event]] = defaultdict(set)
        self.task: asyncio.Task[None] | None = None

    async def entries(self, key: str, after: str, count: int) -> list[tuple[bytes, dict[bytes, bytes]]]:
        """Return up to `count` entries behind `after`. Raises redis.exceptions.RedisError."""
        found: list[tuple[bytes, dict[bytes, bytes]]] = await self.reading.xrange(key, f"({after}", "+", count=count)
        return found

    async def entry(self, key: str, cursor: str) -> dict[bytes, bytes] | None:
        """Return the entry at a cursor, if the stream still has it. Raises redis.exceptions.RedisError."""
        found: list[tuple[bytes, dict[bytes, bytes]]] = await self.reading.xrange(key, cursor, cursor)
        return found[0][1] if found else None

    async def wait(self, key: str, after: str, *, at_most: float) -> None:
        """Return once the stream may have something behind `after`, or after `at_most` seconds."""
        event = asyncio.Event()
        await self._join(key, after, event)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(at_most):
                    await event.wait()
        finally:
            self._leave(key, event)

    async def _join(self, key: str, after: str, event: asyncio.Event) -> None:
        known = key in self.positions
        self.events[key].add(event)
        if not known or _older(after, self.positions[key]):
            self.positions[key] = after
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._run())
        if not known:
            with contextlib.suppress(redis.exceptions.RedisError, OSError):
                await self.reading.xadd(self.wake_key, {"k": ""}, maxlen=1)
                await self.reading.expire(self.wake_key, WAKE_TTL_SECONDS)

    def _leave(self, key: str, event: asyncio.Event) -> None:
        self.events[key].discard(event)
        if not self.events[key]:
            del self.events[key]
            del self.positions[key]

    async def _run(self) -> None:
        """Read until nobody follows anything."""
        while self.events:
            try:
                found = await self.blocking.xread(
                    {self.wake_key: self.woken, **self.positions}, block=BLOCK_MILLISECONDS
                )
            except (redis.exceptions.RedisError, OSError):
                await asyncio.sleep(OUTAGE_SECONDS)
                continue
            for name, entries in found or []:
                self._wake(name.decode(), entries[-1][0].decode())

    def _wake(self, key: str, last: str) -> None:
        if key == self.wake_key:
            self.woken = last
        elif key in self.positions:
            self.positions[key] = last
            for event in self.events[key]:
                event.set()


def _older(a: str, b: str) -> bool:
    return order_of(a) < order_of(b)


def order_of(cursor: str) -> tuple[int, int]:
    """Return a stream id in the order of time. Raises ValueError for anything that the server would not take."""
    found = CURSOR.fullmatch(cursor)
    order = (int(found[1]), int(found[2] or 0)) if found else (LARGEST, 0)
    if max(order) >= LARGEST:
        raise ValueError("not a cursor")
    return order


@cache
def _tail_of(loop: asyncio.AbstractEventLoop) -> Tail:
    return Tail(settings.REDIS_URL)


def tail() -> Tail:
    """Return the running loop's tail."""
    return _tail_of(asyncio.get_running_loop())
