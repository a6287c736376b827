"""Redis and PostgreSQL go away and come back; no answer is lost, nothing stays stuck."""

import asyncio
import itertools
import signal
import time
from contextlib import suppress
from uuid import uuid4

import pytest
from aftermath import left_in_peace, rows, valkey_of
from breaking import end_of, nobody_restarts
from house import Asked, House, Person, eventually
from websockets.exceptions import WebSocketException

from models_admin.engine.stub import reference_text

RECOVERED_SECONDS = 15
HEALTHY_SECONDS = 10
STATE = "SELECT state FROM chat_generation WHERE id = %s"


async def hears_of_a_new_title(person: Person, asked: Asked) -> None:
    """Rename a chat again and again until a tab of its owner hears of it, a tab that comes back when it is lost."""
    for n in itertools.count():
        with suppress(OSError, WebSocketException):
            async with person.socket() as tab:
                while True:
                    assert (await person.post(f"{asked.chat}rename/", title=f"name {n}")).status_code == 302
                    with suppress(TimeoutError):
                        await tab.until("conversation.renamed", 0.5)
                        return
        await asyncio.sleep(0.25)


@pytest.mark.slow
@pytest.mark.parametrize("data", ["lost", "kept"])
async def test_redis_dies_and_every_tab_goes_on(house: House, data: str) -> None:
    ada = await house.person("ada")
    question = f"redis {data} {uuid4()} [[words=150]]"
    asked = await ada.ask(question)
    dump = house.var / "valkey" / "dump.rdb"
    async with ada.socket() as tab, ada.socket() as idle:
        await tab.follow(asked)
        await tab.until_long(50)
        if data == "kept":
            valkey_of(house).save()  # what it comes back with ends in the middle of the answer
            await tab.until_long(len(tab.text) + 100)
        house.kill("valkey")
        async with asyncio.timeout(RECOVERED_SECONDS):
            await tab.until_long(len(tab.text) + 1, RECOVERED_SECONDS)
            await asyncio.gather(hears_of_a_new_title(ada, asked), idle.until("conversation.renamed"))
    assert await end_of(ada, asked) == ("done", reference_text(question, 150))
    again, began = f"after {uuid4()} [[words=20]]", time.monotonic()
    assert await end_of(ada, await ada.ask(again)) == ("done", reference_text(again, 20))
    assert time.monotonic() - began < 30
    dump.unlink(missing_ok=True)


async def test_a_question_asked_while_redis_is_away_is_answered(house: House) -> None:
    ada = await house.person("ada")
    question = f"no bell {uuid4()} [[words=20]]"
    house.kill("valkey")
    asked = await ada.ask(question)
    assert await end_of(ada, asked, 30) == ("done", reference_text(question, 20))


async def refused_politely(person: Person, seconds: float) -> None:
    """Load a page again and again: each time somebody is told to come back."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        response = await person.http.get("/")
        assert (response.status_code, response.headers.get("Retry-After")) == (503, "5")
        await asyncio.sleep(0.5)


async def healthy(person: Person) -> None:
    """Return once a page is there, and then twenty at once."""
    while (await person.http.get("/")).status_code != 200:
        pass
    pages = await asyncio.gather(*(person.http.get("/") for _ in range(20)))
    assert [page.status_code for page in pages] == [200] * 20


@pytest.mark.parametrize("pause", [5, pytest.param(60, marks=pytest.mark.prove)])
async def test_postgres_is_away_in_the_middle_of_an_answer(house: House, pause: int) -> None:
    ada = await house.person("ada")
    question = f"postgres {uuid4()} [[words=5000]] [[rate=10]]"
    asked = await ada.ask(question)
    async with ada.socket() as tab:
        await tab.follow(asked)
        await tab.until_long(50)
        reading = asyncio.create_task(tab.until("answer.ended", pause + 60))
        async with nobody_restarts(house):
            house.kill("postgres", signal.SIGINT)
            await asyncio.sleep(1)
            await refused_politely(ada, pause - 1)
        async with asyncio.timeout(HEALTHY_SECONDS):
            await healthy(ada)
        assert await asyncio.to_thread(rows, house, STATE, asked.generation) in ([("running",)], [("queued",)])
        shown = len(tab.text)
        await asyncio.to_thread(eventually, lambda: len(tab.text) >= shown + 50, what="more words")
        await ada.post(f"/generations/{asked.generation}/stop/")
        assert (await reading)["state"] == "stopped"
    assert reference_text(question, 5000).startswith(tab.text)
    assert await end_of(ada, asked) == ("stopped", tab.text)


@pytest.mark.prove
async def test_a_minute_later_no_tab_has_left_a_key_behind(house: House) -> None:
    """Runs last in this file."""
    await asyncio.to_thread(left_in_peace, house)
    await asyncio.sleep(61)
    assert list(valkey_of(house).scan_iter("wake:*")) == []
