"""One read for all who follow: at the live edge nobody asks Redis, behind it everybody catches up by themselves."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from django.conf import settings

from chat import stream
from chat.tail import AT_ONCE, Ear, Entries, Tail

pytestmark = pytest.mark.usefixtures("clean_redis")


class Counted(Tail):
    """A tail that counts how often it asks for a stream by itself."""

    asked = 0

    async def entries(self, key: str, after: str) -> Entries:
        self.asked += 1
        return await super().entries(key, after)


@pytest_asyncio.fixture
async def tail() -> AsyncIterator[Counted]:
    tail = Counted(settings.REDIS_URL)
    yield tail
    await given_up(tail)


async def given_up(tail: Tail) -> None:
    """End what it has begun."""
    if tail.task:
        tail.task.cancel()
        await asyncio.gather(tail.task, return_exceptions=True)
    await tail.blocking.aclose()  # type: ignore[attr-defined]
    await tail.reading.connection_pool.disconnect()


def say(generation: UUID, *texts: str) -> None:
    stream.add([(generation, {"type": "answer.grew", "attempt": 1, "at": 0, "text": text}) for text in texts])


async def hear(ear: Ear, cursor: str, words: int) -> tuple[list[str], str]:
    """Return so many words behind the cursor, and the cursor then."""
    heard: list[str] = []
    async with asyncio.timeout(5):
        while len(heard) < words:
            for entry, fields in await ear.entries(cursor):
                heard.append(stream.read(fields)["text"])
                cursor = entry.decode()
            if len(heard) < words:
                await ear.wait(at_most=1)
    return heard, cursor


async def test_who_follows_live_asks_redis_for_nothing(tail: Counted) -> None:
    pk = uuid4()
    ear = tail.join(stream.key_of(pk), stream.START)
    cursor, heard = stream.START, []
    for n in range(20):
        await asyncio.to_thread(say, pk, f"word {n}")
        more, cursor = await hear(ear, cursor, 1)
        heard += more
    ear.close()
    assert heard == [f"word {n}" for n in range(20)]
    assert tail.asked == 0


@pytest.mark.slow
async def test_who_comes_late_catches_up_and_is_live_then(tail: Counted) -> None:
    pk = uuid4()
    words = [f"word {n}" for n in range(2 * AT_ONCE + 7)]
    await asyncio.to_thread(say, pk, *words)
    first = tail.join(stream.key_of(pk), stream.START)
    heard, cursor = await hear(first, stream.START, len(words))
    late = tail.join(stream.key_of(pk), stream.START)
    heard_late, cursor_late = await hear(late, stream.START, len(words))
    assert heard == heard_late == words
    asked = tail.asked
    await asyncio.to_thread(say, pk, "live")
    assert (await hear(first, cursor, 1))[0] == (await hear(late, cursor_late, 1))[0] == ["live"]
    assert tail.asked == asked
    first.close()
    await asyncio.to_thread(say, pk, "alone")
    assert (await hear(late, cursor_late, 2))[0] == ["live", "alone"]
    late.close()
    assert tail.edges == {}


async def test_a_cursor_from_the_future_keeps_nobody_else_from_the_words(tail: Counted) -> None:
    pk = uuid4()
    bad = tail.join(stream.key_of(pk), f"{(1 << 64) - 1}-0")
    good = tail.join(stream.key_of(pk), stream.START)
    await asyncio.to_thread(say, pk, "one")
    assert (await hear(good, stream.START, 1))[0] == ["one"]
    assert await bad.entries(f"{(1 << 64) - 1}-0") == []
    bad.close()
    good.close()


async def test_one_who_joins_is_read_along_at_once(tail: Counted) -> None:
    first, second = uuid4(), uuid4()
    a = tail.join(stream.key_of(first), stream.START)
    await asyncio.sleep(0.2)  # the read blocks now, on the first alone
    b = tail.join(stream.key_of(second), stream.START)
    await asyncio.to_thread(say, second, "heard")
    async with asyncio.timeout(0.5):
        await b.news.wait()
    assert not a.news.is_set()
    a.close()
    b.close()


async def test_reading_goes_on_after_it_has_broken(tail: Counted) -> None:
    pk = uuid4()
    ear = tail.join(stream.key_of(pk), stream.START)
    assert tail.task is not None
    tail.task.cancel()
    await asyncio.gather(tail.task, return_exceptions=True)
    await asyncio.to_thread(say, pk, "heard")
    assert (await hear(ear, stream.START, 1))[0] == ["heard"]
    ear.close()


class Wire:
    """A way to Redis that may go dead: what was open then is silent for ever, what is opened later is not."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.carrying: list[asyncio.Task[None]] = []

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one connection on to the server and back."""
        there, back = await asyncio.open_unix_connection(self.path)
        self.carrying += [asyncio.create_task(self.one_way(*way)) for way in ((reader, back), (there, writer))]

    async def one_way(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while said := await reader.read(1 << 16):
            writer.write(said)

    def die(self) -> None:
        for task in self.carrying:
            task.cancel()
        self.carrying.clear()


async def test_a_redis_whose_machine_is_gone_is_not_listened_to_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chat.tail.BLOCK_MILLISECONDS", 200)
    monkeypatch.setattr("chat.tail.SILENT_SECONDS", 0.5)
    real, pk = urlsplit(settings.REDIS_URL), uuid4()
    wire = Wire(real.path)
    server = await asyncio.start_server(wire.carry, "127.0.0.1")
    port = server.sockets[0].getsockname()[1]
    tail = Tail(f"redis://127.0.0.1:{port}?{real.query}")
    ear = tail.join(stream.key_of(pk), stream.START)
    await asyncio.to_thread(say, pk, "one")
    heard, cursor = await hear(ear, stream.START, 1)
    wire.die()
    await asyncio.to_thread(say, pk, "two")
    more, _ = await hear(ear, cursor, 1)
    assert heard + more == ["one", "two"]
    ear.close()
    await given_up(tail)
    server.close()
