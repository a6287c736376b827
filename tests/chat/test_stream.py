"""Words go to Redis fast enough for everybody, over connections that stay."""

import time
from uuid import uuid4

import pytest
import redis
from django.conf import settings

from chat import stream

EVENTS = 10_000
AT_LEAST = 1000  # a second


@pytest.mark.usefixtures("clean_redis")
def test_ten_thousand_events_go_fast_and_over_the_same_connections() -> None:
    client = redis.Redis.from_url(settings.REDIS_URL)
    generations = [uuid4() for _ in range(8)]
    stream.add([(generations[0], {"type": "answer.started", "model": "Stub", "left_out": 0, "attempt": 1, "at": 0})])

    def connections() -> tuple[int, int]:
        return client.info("clients")["connected_clients"], client.info("stats")["total_connections_received"]

    seen, spent = [connections()], 0.0
    for n in range(EVENTS):  # one at a time: the worker has at most as many round trips
        began = time.perf_counter()
        stream.add([(generations[n % 8], {"type": "answer.grew", "attempt": 1, "at": 5 * n, "text": "word "})])
        spent += time.perf_counter() - began
        if n % 1000 == 999:
            seen.append(connections())
    for counts in zip(*seen, strict=True):
        assert max(counts) - min(counts) <= 2, seen
    assert EVENTS / spent >= AT_LEAST
    assert sum(client.xlen(stream.key_of(one)) for one in generations) == EVENTS + 1
    assert all(0 < client.ttl(stream.key_of(one)) <= stream.TTL_SECONDS for one in generations)
    client.close()
