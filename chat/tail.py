"""One blocking read per web process, for every answer that any of its sockets follows.

Whoever has read a stream to its end has an ear at it while waiting for more. What the read finds is kept until it finds
more of that stream: who is at the live edge takes it from here and asks Redis for nothing; who is behind asks for
itself. A stream of our own, read along with the others, breaks the block when somebody begins to follow another key.
"""

import asyncio
import contextlib
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import uuid4

import redis.asyncio
import redis.exceptions
from django.conf import settings

BLOCK_MILLISECONDS = 1000
SILENT_SECONDS = 5  # a Redis that says nothing for so long, and a read ends after one, is gone
OUTAGE_SECONDS = 0.5
WAKE_TTL_SECONDS = 60
AT_ONCE = 50  # entries of a stream
CURSOR = re.compile(r"([0-9]{1,20})(?:-([0-9]{1,20}))?")
LARGEST = 1 << 64  # the two halves of a stream id are below it
Entries = list[tuple[bytes, dict[bytes, bytes]]]


@dataclass(slots=True)
class Edge:
    """How far a stream was read, what the last read found behind `before`, and who hears of more."""

    position: str
    before: str = ""
    found: Entries = field(default_factory=list)
    ears: "set[Ear]" = field(default_factory=set)

    def move(self, found: Entries) -> None:
        """Take what was read behind the position."""
        self.before, self.position, self.found = self.position, found[-1][0].decode(), found
        for ear in self.ears:
            ear.news.set()

    def step_back(self, position: str) -> None:
        """Read from an earlier position: there is less than was believed."""
        self.before, self.position, self.found = "", position, []


@dataclass(slots=True, eq=False)
class Ear:
    """One follower's at a stream."""

    tail: "Tail"
    key: str
    edge: Edge
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def entries(self, after: str) -> Entries:
        """Return the next entries behind `after`. Raises redis.exceptions.RedisError."""
        self.news.clear()
        if after == self.edge.position:
            return []
        if after == self.edge.before:
            return self.edge.found
        return await self.tail.entries(self.key, after)

    async def wait(self, *, at_most: float) -> bool:
        """Return whether something is read, since `entries` was asked, within `at_most` seconds."""
        self.tail.go_on()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(at_most):
                return await self.news.wait()
        return False

    def close(self) -> None:
        """Follow no longer."""
        self.edge.ears.discard(self)
        if not self.edge.ears:
            del self.tail.edges[self.key]


class Tail:
    """Reads streams for its ears. Belongs to one event loop."""

    def __init__(self, url: str) -> None:
        # Without a limit, a Redis whose machine is gone would be listened to for ever.
        self.blocking = redis.asyncio.Redis.from_url(url, single_connection_client=True, socket_timeout=SILENT_SECONDS)
        # Who finds all of these busy waits for one: an error here would send every follower to PostgreSQL.
        pool: redis.asyncio.BlockingConnectionPool[Any] = redis.asyncio.BlockingConnectionPool.from_url(
            url, socket_timeout=SILENT_SECONDS, max_connections=4, timeout=5
        )
        self.reading = redis.asyncio.Redis(connection_pool=pool)
        self.wake_key = f"wake:{uuid4()}"
        self.woken = "0-0"
        self.edges: dict[str, Edge] = {}
        self.task: asyncio.Task[None] | None = None
        self.wakes: set[asyncio.Task[None]] = set()

    async def entries(self, key: str, after: str) -> Entries:
        """Return the next entries behind `after`. Raises redis.exceptions.RedisError."""
        found: Entries = await self.reading.xrange(key, f"({after}", "+", count=AT_ONCE)
        return found

    async def entry(self, key: str, cursor: str) -> dict[bytes, bytes] | None:
        """Return the entry at a cursor, if the stream still has it. Raises redis.exceptions.RedisError."""
        found: Entries = await self.reading.xrange(key, cursor, cursor)
        return found[0][1] if found else None

    def join(self, key: str, after: str) -> Ear:
        """Return an ear at a stream in which nothing was found behind `after` just now. It has to be closed."""
        is_new = key not in self.edges
        edge = self.edges.setdefault(key, Edge(after))
        edge.ears.add(ear := Ear(self, key, edge))
        if after == edge.before:
            ear.news.set()
        elif order_of(after) < order_of(edge.position):
            edge.step_back(after)
            is_new = True
        if not self.go_on() and is_new:
            self.wakes.add(wake := asyncio.create_task(self._break_block()))
            wake.add_done_callback(self.wakes.discard)
        return ear

    def go_on(self) -> bool:
        """Begin to read where nobody does. Return whether that was so."""
        if self.task and not self.task.done():
            return False
        self.task = asyncio.create_task(self._run())
        return True

    async def _break_block(self) -> None:
        with contextlib.suppress(redis.exceptions.RedisError, OSError):
            pipeline = self.reading.pipeline(transaction=False)
            pipeline.xadd(self.wake_key, {"k": ""}, maxlen=1)
            pipeline.expire(self.wake_key, WAKE_TTL_SECONDS)
            await pipeline.execute()

    async def _run(self) -> None:
        """Read until nobody follows anything."""
        while self.edges:
            positions = {key: edge.position for key, edge in self.edges.items()}
            try:
                read = await self.blocking.xread(
                    {self.wake_key: self.woken, **positions}, count=AT_ONCE, block=BLOCK_MILLISECONDS
                )
            except (redis.exceptions.RedisError, OSError):
                await asyncio.sleep(OUTAGE_SECONDS)
                continue
            for name, found in read or []:
                key = name.decode()
                if key == self.wake_key:
                    self.woken = found[-1][0].decode()
                elif (edge := self.edges.get(key)) and edge.position == positions[key]:
                    edge.move(found)


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
