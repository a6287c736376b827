"""Signs of life that went the whole way: beat sends, a queue carries, a worker marks it in Redis.

A process that is there but stands still marks nothing, and neither does one behind a queue that is blocked. All
moments are of Redis's own clock.
"""

from functools import cache

import redis
from django.conf import settings

KEY = "pulses"
BEAT, HOUSEKEEPING, HOSTS = "beat", "housekeeping", "host:"
LIFE_SECONDS = 24 * 3600  # a machine that fell silent is missed for so long
# KEYS: the pulses. ARGV: whose it is, how long one is remembered.
MARK = """
local now = tonumber(redis.call('TIME')[1])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
return redis.call('EXPIRE', KEYS[1], ARGV[2])
"""


@cache
def connection() -> "redis.Redis[bytes]":
    """Return this process's own connections: one that hangs gives up within a second."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, retry=None)


def of_host() -> str:
    """Return under which name this machine's host is known here."""
    return f"{HOSTS}{settings.HOST}"


def mark(whose: str) -> None:
    """A sign of life has just arrived. Raises redis.RedisError."""
    connection().execute_command("EVAL", MARK, 1, KEY, whose, LIFE_SECONDS)


def forget(whose: str) -> None:
    """Somebody has ended in order: nobody misses them. Raises redis.RedisError."""
    connection().zrem(KEY, whose)


def ages() -> dict[str, float]:
    """Return how many seconds ago each was heard last. Raises redis.RedisError."""
    pipeline = connection().pipeline(transaction=False)
    pipeline.time()
    pipeline.zrange(KEY, 0, -1, withscores=True)
    (seconds, micros), marks = pipeline.execute()
    now = seconds + micros / 1_000_000
    return {name.decode(): max(0.0, now - at) for name, at in marks}
