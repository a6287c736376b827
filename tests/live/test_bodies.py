"""A body that is too long is refused while it arrives, whoever sends it."""

import asyncio
import contextlib
import os
import time
from pathlib import Path

import httpx
from house import House

CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"


def head(house: House, *headers: str) -> bytes:
    lines = ["POST /account/login/ HTTP/1.1", f"Host: 127.0.0.1:{house.port}", *headers, "", ""]
    return "\r\n".join(lines).encode()


async def sent(house: House, start: bytes, more: bytes, *, most: int) -> tuple[str, int, float]:
    """Send a body until an answer comes, at most so many times. Return the answer, the bytes sent, and the seconds."""
    began = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    answer = asyncio.create_task(reader.readuntil(b"</html>"))
    writer.write(start)
    count = 0
    while count < most and not answer.done():
        writer.write(more)
        count += 1
        await writer.drain()
        await asyncio.sleep(0)
    said = (await asyncio.wait_for(answer, 5)).decode()
    seconds = time.monotonic() - began
    with contextlib.suppress(ConnectionError):
        assert await asyncio.wait_for(reader.read(), 5) == b"\n"
    writer.close()
    return said, count * len(more), seconds


def spooled(house: House) -> int:
    """Return the bytes in the web process's unnamed files."""
    total = 0
    for file in Path(f"/proc/{house.pid('web')}/fd").iterdir():
        with contextlib.suppress(OSError):
            if "(deleted)" in os.readlink(file):
                total += file.stat().st_size
    return total


def check(said: str) -> None:
    assert said.startswith("HTTP/1.1 413 ")
    assert "What was sent is longer than Hearth takes at once. Nothing was stored." in said
    assert "\r\nConnection: close\r\n" in said
    assert "script-src 'self'" in said


async def test_a_long_body_is_refused_by_its_header(house: House) -> None:
    web = house.pid("web")
    said, count, seconds = await sent(house, head(house, "Content-Length: 10000000000"), b"x" * 1000, most=1)
    check(said)
    assert (count, house.pid("web"), spooled(house)) == (1000, web, 0)
    assert seconds < 2


async def test_who_waits_for_leave_to_send_gets_none(house: House) -> None:
    start = head(house, "Content-Length: 10000000000", "Expect: 100-continue")
    said, count, _ = await sent(house, start, b"", most=0)
    check(said)
    assert count == 0


async def test_a_body_in_chunks_is_counted(house: House) -> None:
    web = house.pid("web")
    said, count, seconds = await sent(house, head(house, "Transfer-Encoding: chunked"), CHUNK, most=2000)
    check(said)
    assert count < 2000 * len(CHUNK)
    assert (house.pid("web"), spooled(house)) == (web, 0)
    assert seconds < 5
    async with httpx.AsyncClient(base_url=house.origin) as client:
        assert (await client.get("/account/login/")).status_code == 200


async def test_a_long_body_that_is_all_there_gets_the_sentence_too(house: House) -> None:
    async with httpx.AsyncClient(base_url=house.origin) as client:
        response = await client.post("/account/login/", content=b"x" * 2_600_000)
        assert response.status_code == 413
        assert (await client.get("/account/login/")).status_code == 200
