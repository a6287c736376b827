"""Workers and engines die at random moments; the answer goes on from the words already shown, or says why not."""

import asyncio
import os
import random
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest
from house import Asked, House, Person
from websockets.exceptions import WebSocketException

from models_admin.engine.stub import reference_text

SAVE = "import redis; from django.conf import settings; redis.Redis.from_url(settings.REDIS_URL).save()"


async def end_of(person: Person, asked: Asked, seconds: float = 60) -> tuple[str, str]:
    """Return how the answer ended and its text, coming back when the socket is lost."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                async with person.socket() as tab:
                    await tab.follow(asked)
                    ended = await tab.until("answer.ended", seconds)
                    return ended["state"], tab.text
            except (OSError, WebSocketException):
                await asyncio.sleep(0.25)


def kill(house: House, victim: str) -> None:
    """Kill the model's worker, its engine child, or both."""
    engines = house.engine_pids()
    if victim in ("host", "both"):
        house.kill("host")
    if victim in ("engine", "both"):
        for pid in engines:
            os.kill(pid, signal.SIGKILL)


@pytest.mark.prove
@pytest.mark.parametrize("victim", ["host", "engine", "both"])
@pytest.mark.parametrize("point", range(10))
async def test_killed_at_a_random_point_an_answer_goes_on(house: House, victim: str, point: int) -> None:
    ada = await house.person("ada")
    question = f"{victim} {point} {uuid4()} [[words=120]]"
    asked = await ada.ask(question)
    async with ada.socket() as tab:
        await tab.follow(asked)
        await tab.until_long(random.randint(1, 500))
        kill(house, victim)
        shown, died = len(tab.text), time.monotonic()
        await tab.until_long(shown + 1, 30)
        assert time.monotonic() - died <= 20
        ended = await tab.until("answer.ended", 60)
    assert ended["state"] == "done"
    assert tab.text == reference_text(question, 120)


@asynccontextmanager
async def nobody_restarts(house: House) -> AsyncIterator[None]:
    """For a while what dies stays dead."""
    assert house.process is not None
    house.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        house.process.send_signal(signal.SIGCONT)


async def test_with_no_worker_left_an_answer_is_interrupted_and_goes_on_when_asked(house: House) -> None:
    ada = await house.person("ada")
    question = f"alone {uuid4()} [[words=120]]"
    asked = await ada.ask(question)
    async with ada.socket() as tab:
        await tab.follow(asked)
        await tab.until_long(60)
        async with nobody_restarts(house):
            kill(house, "both")
            shown = len(tab.text)
            ended = await tab.until("answer.ended", 20)
    assert ended["state"] == "interrupted"
    assert reference_text(question, 120).startswith(tab.text)
    assert len(tab.text) >= shown
    page = (await ada.http.get(asked.chat)).text
    assert "data-cut" in page
    assert ended["reason"] in page
    assert (await ada.post(f"/generations/{asked.generation}/continue/")).status_code == 302
    assert await end_of(ada, asked) == ("done", reference_text(question, 120))


async def test_redis_comes_back_with_old_data_and_no_answer_is_lost(house: House) -> None:
    ada = await house.person("ada")
    question = f"stale {uuid4()} [[words=200]]"
    asked = await ada.ask(question)
    async with ada.socket() as tab:
        await tab.follow(asked)
        await tab.until_long(50)
        await asyncio.to_thread(house.run, SAVE)  # what it comes back with ends in the middle of the answer
        await tab.until_long(len(tab.text) + 100)
        house.kill("valkey")
    assert await end_of(ada, asked) == ("done", reference_text(question, 200))
    (house.var / "valkey" / "dump.rdb").unlink()


def strays(house: House) -> list[int]:
    """Return the house's processes whose parent is gone."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            mine = f"HEARTH_VAR={house.var}".encode() in (entry / "environ").read_bytes().split(b"\0")
            if mine and (entry / "stat").read_text().rpartition(")")[2].split()[1] == "1":
                found.append(int(entry.name))
    return found


@pytest.mark.prove
async def test_without_a_worker_no_shown_word_is_lost(house: House) -> None:
    """Reading afresh from PostgreSQL shows at least what the tab had seen, at ten moments between two stores."""
    ada = await house.person("ada")
    for _ in range(10):
        question = f"between {uuid4()} [[words=120]]"
        asked = await ada.ask(question)
        async with ada.socket() as tab:
            await tab.follow(asked)
            await tab.until_long(random.randint(100, 400))
            async with nobody_restarts(house):
                kill(house, "both")
                seen = tab.text
                await tab.until("answer.ended", 20)
        state, text = await end_of(ada, asked)
        assert state == "interrupted"
        assert text.startswith(seen)
        assert reference_text(question, 120).startswith(text)
        await asyncio.sleep(4)


async def test_no_engine_is_left_without_an_owner(house: House) -> None:
    """Runs last in this file."""
    await asyncio.sleep(2)
    assert len(house.engine_pids()) <= 1
    assert strays(house) == []
