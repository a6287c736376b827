"""How many sockets one person may have, over all web processes.

Each process writes down in Redis how many it holds for a person, beside a sign of its life that ends by itself: what a
process held that has died counts no longer, and one that comes back under its name counts anew. Without Redis each
process counts its own alone.
"""

import asyncio
import socket
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

import redis
import redis.asyncio
import redis.exceptions
from django.conf import settings
from django.utils.translation import gettext as _

MOST = 10
LIFE_SECONDS, BEAT_SECONDS = 6, 2.0
KEPT_SECONDS = 24 * 3600  # Daphne ends a socket after a day
PATIENCE_SECONDS = 0.5  # how long a socket waits for Redis before it goes without
OUTAGE_SECONDS = 2.0
# KEYS: the person's counts. ARGV: this process, its count with the new socket, the most, how long both keys live.
TAKE = """
redis.call('SET', 'web:' .. ARGV[1], '1', 'EX', ARGV[4])
local count = tonumber(ARGV[2])
local held = redis.call('HGETALL', KEYS[1])
for i = 1, #held, 2 do
  if held[i] ~= ARGV[1] then
    if redis.call('EXISTS', 'web:' .. held[i]) == 1 then count = count + tonumber(held[i + 1])
    else redis.call('HDEL', KEYS[1], held[i]) end
  end
end
if count > tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[5])
return 1
"""
# KEYS: the person's counts. ARGV: this process, its count, how long it is kept.
GIVE_BACK = """
if ARGV[2] == '0' then return redis.call('HDEL', KEYS[1], ARGV[1]) end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return redis.call('EXPIRE', KEYS[1], ARGV[3])
"""


def sentence() -> str:
    """Return what whoever has too many is told."""
    words = _("Hearth is open in %(most)s other tabs or windows of yours. Close one of them to use this one.")
    return words % {"most": MOST}


class Places:
    """Counts this process's sockets for each person. Belongs to one event loop."""

    def __init__(self, url: str, process: str) -> None:
        self.process = process
        self.held: Counter[UUID] = Counter()
        # Counts are read when it is their turn, so that a later one never arrives before an earlier one.
        self.turn = asyncio.Lock()
        self.redis: Any = redis.asyncio.Redis.from_url(url, single_connection_client=True, socket_timeout=1)
        self.away_until = 0.0
        self.life: asyncio.Task[None] | None = None

    async def take(self, person: UUID) -> bool:
        """Take a place for one more socket, or return False where the person has no place left."""
        if self.held[person] >= MOST:
            return False
        self.held[person] += 1
        if self.life is None:
            self.life = asyncio.create_task(self._live())
        taken = False
        try:
            async with self.turn:
                words = (self.process, self.held[person], MOST, LIFE_SECONDS, KEPT_SECONDS)
                taken = (await self._ask("EVAL", TAKE, 1, key_of(person), *words)) in (1, None)
        finally:
            if not taken:
                self._drop(person)
        return taken

    async def give_back(self, person: UUID) -> None:
        """A socket that had a place is gone."""
        self._drop(person)
        async with self.turn:
            words = (self.process, self.held[person], KEPT_SECONDS)
            await self._ask("EVAL", GIVE_BACK, 1, key_of(person), *words)

    def _drop(self, person: UUID) -> None:
        self.held[person] -= 1
        if not self.held[person]:
            del self.held[person]
        if not self.held and self.life is not None:
            self.life.cancel()
            self.life = None

    async def _ask(self, *command: Any) -> Any:
        """Return what Redis answers, or None where it is away. Nobody is kept out for that."""
        now = asyncio.get_running_loop().time
        if now() < self.away_until:
            return None
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self.redis.execute_command(*command)
        except (redis.exceptions.RedisError, OSError, TimeoutError):
            self.away_until = now() + OUTAGE_SECONDS
            return None

    async def _live(self) -> None:
        """Say every other second that this process is there."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await self._ask("SET", f"web:{self.process}", "1", "EX", LIFE_SECONDS)


def key_of(person: UUID) -> str:
    """Return the key of a person's counts."""
    return f"sockets:{person}"


@cache
def _connection() -> "redis.Redis[bytes]":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=1, retry=None)


def with_sockets(people: Sequence[UUID]) -> set[UUID]:
    """Return those of some people who may have a socket open: everybody where Redis does not say."""
    pipeline = _connection().pipeline(transaction=False)
    for person in people:
        pipeline.exists(key_of(person))
    try:
        if not people or not _connection().exists(*map(key_of, people)):
            return set()  # as mostly, and by one question
        return {person for person, there in zip(people, pipeline.execute(), strict=True) if there}
    except redis.exceptions.RedisError:
        return set(people)


@cache
def _places_of(loop: asyncio.AbstractEventLoop, port: int) -> Places:
    return Places(settings.REDIS_URL, f"{socket.gethostname()}:{port}")


def places(port: int) -> Places:
    """Return the running loop's places. Host and port name a process, so that it is the same after a crash."""
    return _places_of(asyncio.get_running_loop(), port)
