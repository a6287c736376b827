"""Whoever opens more than their share is told so, and keeps nobody else out."""

import asyncio
import contextlib
import os
import statistics
import time
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

import pytest
import websockets
from house import House, Person, eventually

from chat.consumers import CROWDED
from chat.places import MOST, sentence
from config.arrivals import SENTENCE as TOO_FAST
from config.meters import STRANGE_SOCKETS
from config.unfinished import CROWDED as TOO_MANY
from config.unfinished import HEADS

SOON = 1.0  # seconds
GREEDY, FAST = "127.0.0.21", "127.0.0.22"


def handshake(house: House, cookie: str = "") -> bytes:
    lines = [
        "GET /ws/ HTTP/1.1",
        f"Host: 127.0.0.1:{house.port}",
        f"Origin: {house.origin}",
        f"Cookie: hearth={cookie}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


async def soon(person: Person) -> float:
    """Return within how many seconds somebody else must be in: one, unless this machine is slow without any flood."""
    return max(SOON, 10 * statistics.mean([await seconds_to_connect(person) for _ in range(5)]))


async def seconds_to_connect(person: Person) -> float:
    began = time.monotonic()
    async with person.socket():
        return time.monotonic() - began


def open_files(house: House) -> int:
    return len(os.listdir(Path(f"/proc/{house.pid('web')}/fd")))


async def test_the_eleventh_socket_of_one_person_is_told_why_it_is_closed(house: House) -> None:
    ada, bob = await house.person("ada"), await house.person("bob")
    async with AsyncExitStack() as tabs:
        first = await tabs.enter_async_context(ada.socket())
        for _ in range(MOST - 1):
            await tabs.enter_async_context(ada.socket())
        for _ in range(2):
            async with ada.socket() as extra:
                with pytest.raises(websockets.ConnectionClosed):
                    await asyncio.wait_for(extra.connection.recv(), 5)
                assert (extra.connection.close_code, extra.connection.close_reason) == (CROWDED, sentence())
        assert await seconds_to_connect(bob) < await soon(bob)
        await first.connection.close()
        await asyncio.sleep(0.2)
        async with ada.socket() as later:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(later.connection.recv(), 0.5)


async def half_open(house: House, source: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port, local_addr=(source, 0))
    writer.write(handshake(house)[:-2])
    return reader, writer


@pytest.mark.slow
async def test_half_open_handshakes_make_room_for_one_another_and_keep_nobody_out(house: House) -> None:
    bob = await house.person("bob")
    most, before = await soon(bob), open_files(house)
    held, waits = [], []
    for number in range(1000):
        held.append(await half_open(house, GREEDY))
        if number % 100 == 99:
            waits.append(await seconds_to_connect(bob))
    assert max(waits) < most, waits
    few = before + HEADS.most_of_one + 20
    await asyncio.to_thread(eventually, lambda: open_files(house) <= few, seconds=15, what="room for others")
    said = await asyncio.wait_for(held[0][0].read(), 5)
    assert said.startswith(f"HTTP/1.1 {TOO_MANY[0]}\r\n".encode())
    assert said.endswith(TOO_MANY[1].encode())
    _, writer = held[-1]
    assert not writer.is_closing()
    for _, writer in held:
        writer.close()


async def one_handshake(house: House, source: str, cookie: str = "") -> bytes:
    """Return the answer to a handshake, or nothing where the connection was cut."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port, local_addr=(source, 0))
    try:
        writer.write(handshake(house, cookie))
        with contextlib.suppress(ConnectionError):
            return await asyncio.wait_for(reader.read(2000), 10)
        return b""
    finally:
        writer.close()


async def flood(house: House, source: str, *, rate: int, seconds: float) -> list[bytes]:
    """Connect so often a second from one address, with sessions that are not there. Return all answers."""
    began, attempts = time.monotonic(), []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        attempts.append(asyncio.create_task(one_handshake(house, source, uuid4().hex)))
    return await asyncio.gather(*attempts)


@pytest.mark.parametrize("seconds", [2.5, pytest.param(30, marks=pytest.mark.prove)])
async def test_three_hundred_handshakes_a_second_keep_nobody_else_out(house: House, seconds: float) -> None:
    bob = await house.person("bob")
    most = await soon(bob)
    rush = asyncio.create_task(flood(house, FAST, rate=300, seconds=seconds))
    waits = []
    while not rush.done():
        waits.append(await seconds_to_connect(bob))
        await asyncio.sleep(0.3)
    answers = await rush
    assert max(waits) < most, waits
    assert {answer[:13] for answer in answers} == {b"HTTP/1.1 429 ", b"HTTP/1.1 403 "}
    refused = [answer for answer in answers if answer.startswith(b"HTTP/1.1 429 ")]
    looked_at = [answer for answer in answers if answer.startswith(b"HTTP/1.1 403 ")]
    assert len(looked_at) <= STRANGE_SOCKETS.burst + STRANGE_SOCKETS.rate * (seconds + 2)
    assert b"\r\nRetry-After: 2\r\n" in refused[0]
    assert refused[0].endswith(TOO_FAST)


async def test_who_is_signed_in_comes_in_beside_a_flood_from_the_same_address(house: House) -> None:
    bob = await house.person("bob")
    await bob.token("/")
    most = await soon(bob)
    rush = asyncio.create_task(flood(house, "127.0.0.1", rate=300, seconds=2))
    await asyncio.sleep(1.5)
    assert await seconds_to_connect(bob) < most
    assert (await bob.http.get("/")).status_code == 200
    assert b"HTTP/1.1 429 " in {answer[:13] for answer in await rush}


async def test_one_session_cannot_open_sockets_without_end(house: House) -> None:
    eve, bob = await house.person("eve"), await house.person("bob")
    await eve.token("/")  # who has loaded a page is known
    cookie = eve.http.cookies["hearth"]
    answers = await asyncio.gather(*(one_handshake(house, "127.0.0.1", cookie) for _ in range(150)))
    kinds = {answer[:12] for answer in answers}
    assert kinds == {b"HTTP/1.1 101", b"HTTP/1.1 429"}
    assert await seconds_to_connect(bob) < await soon(bob)
