"""Ten sockets for one person, over all web processes, and nobody kept out by a process that has died."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
import redis
from django.conf import settings
from servers import Servers

from chat.places import MOST, Places, key_of

pytestmark = pytest.mark.usefixtures("clean_redis")


@asynccontextmanager
async def processes(*names: str) -> AsyncIterator[list[Places]]:
    """Web processes, whose connections end with the test."""
    made = [Places(settings.REDIS_URL, name) for name in names]
    yield made
    for one in made:
        if one.life is not None:
            one.life.cancel()
        await one.redis.aclose()


async def test_all_processes_count_together() -> None:
    ada, bob = uuid4(), uuid4()
    async with processes("a:1", "b:1") as (a, b):
        assert [await a.take(ada) for _ in range(6)] == [True] * 6
        assert [await b.take(ada) for _ in range(6)] == [True] * 4 + [False] * 2
        assert not await a.take(ada)
        assert await b.take(bob)
        await a.give_back(ada)
        assert [await b.take(ada), await b.take(ada)] == [True, False]


async def test_many_at_once_are_no_more_than_one_after_another() -> None:
    ada = uuid4()
    async with processes("a:1", "b:1") as (a, b):
        taken = await asyncio.gather(*(one.take(ada) for _ in range(2 * MOST) for one in (a, b)))
        assert taken.count(True) == MOST
        assert a.held[ada] + b.held[ada] == MOST


async def test_who_come_and_go_at_once_leave_no_count_and_every_count_ends_by_itself() -> None:
    ada = uuid4()
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        async with processes("a:1") as (a,):
            for _ in range(50):
                assert all(await asyncio.gather(*(a.take(ada) for _ in range(5))))
                await asyncio.gather(*(a.give_back(ada) for _ in range(3)), a.take(ada))
                assert client.hgetall(key_of(ada)) == {b"a:1": b"3"}
                assert client.ttl(key_of(ada)) > 0
                await asyncio.gather(*(a.give_back(ada) for _ in range(3)))
                assert not client.exists(key_of(ada))


async def test_what_a_dead_process_held_counts_no_longer() -> None:
    ada = uuid4()
    client = redis.Redis.from_url(settings.REDIS_URL)
    async with processes("a:1", "b:1") as (a, b):
        for _ in range(MOST):
            assert await a.take(ada)
        assert not await b.take(ada)
        assert client.pttl("web:a:1") > 0
        client.delete("web:a:1")  # so it ends by itself where nobody says that it lives
        assert await b.take(ada)
        assert client.hgetall(key_of(ada)) == {b"b:1": b"1"}
    client.close()


async def test_a_process_that_comes_back_under_its_name_counts_anew() -> None:
    ada = uuid4()
    async with processes("a:1", "a:1") as (before, after):
        for _ in range(MOST):
            assert await before.take(ada)
        assert [await after.take(ada) for _ in range(MOST + 1)] == [True] * MOST + [False]


async def test_nothing_is_left_of_who_is_gone() -> None:
    ada = uuid4()
    client = redis.Redis.from_url(settings.REDIS_URL)
    async with processes("a:1") as (a,):
        assert await a.take(ada)
        assert await a.take(ada)
        await a.give_back(ada)
        assert a.life is not None
        await a.give_back(ada)
        assert not a.held
        assert a.life is None
        assert client.exists(key_of(ada)) == 0
    client.close()


async def test_while_redis_is_away_each_process_counts_alone(servers: Servers) -> None:
    ada = uuid4()
    async with processes("a:1", "b:1") as (a, b):
        assert await a.take(ada)
        servers.kill_valkey()
        try:
            async with asyncio.timeout(10):
                assert [await a.take(ada) for _ in range(MOST)] == [True] * (MOST - 1) + [False]
                assert await b.take(ada)
                await a.give_back(ada)
                assert await a.take(ada)
        finally:
            servers.start_valkey()
        a.away_until = b.away_until = 0.0
        assert [await b.take(uuid4()), await b.take(ada)] == [True, True]
        await a.give_back(ada)
        await a.take(ada)
        await b.give_back(ada)
        assert not await b.take(ada)
