"""Redis and PostgreSQL go away and come back; no answer is lost, nothing stays stuck."""

import asyncio
import signal
import time
from uuid import uuid4

import httpx
import pytest
from house import Asked, House, Person, eventually

from models_admin.engine.stub import reference_text

STATES = "from chat.models import Generation; print(*Generation.objects.values_list('state', flat=True).distinct())"
KEYS = "import redis; from django.conf import settings as s; r = redis.Redis.from_url(s.REDIS_URL); "
KEYS += "print([k for k in r.scan_iter('answer:*') if r.ttl(k) < 0])"


async def final_text(person: Person, asked: Asked, seconds: float = 60) -> str:
    """Follow until the end, coming back when the socket is lost."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            async with person.socket() as tab:
                await tab.follow(asked)
                await tab.until("answer.ended", 30)
                return tab.text
        except Exception:
            await asyncio.sleep(0.3)
    raise AssertionError("the answer did not end")


async def test_redis_dies_with_its_data_and_no_answer_is_lost(house: House) -> None:
    ada = await house.person("ada")
    question = f"redis {uuid4()} [[words=200]]"
    asked = await ada.ask(question)
    async with ada.socket() as tab:
        await tab.follow(asked)
        await tab.until_long(50)
        house.kill("valkey")
    assert await final_text(ada, asked) == reference_text(question, 200)
    again = f"after {uuid4()}"
    began = time.monotonic()
    assert await final_text(ada, await ada.ask(again)) == reference_text(again, 60)
    assert time.monotonic() - began < 30


async def test_a_question_asked_while_redis_is_away_is_answered(house: House) -> None:
    ada = await house.person("ada")
    question = f"no bell {uuid4()}"
    house.kill("valkey")
    asked = await ada.ask(question)
    assert await final_text(ada, asked) == reference_text(question, 60)


@pytest.mark.parametrize("pause", [3, pytest.param(60, marks=pytest.mark.prove)])
async def test_postgres_goes_away_and_comes_back(house: House, pause: int) -> None:
    ada = await house.person("ada")
    question = f"postgres {uuid4()} [[words=150]]"
    asked = await ada.ask(question)
    async with ada.socket() as tab:
        await tab.follow(asked)
        await tab.until_long(50)
    supervisor = house.process
    assert supervisor is not None
    supervisor.send_signal(signal.SIGSTOP)  # so that it stays away for as long as we like
    house.kill("postgres", signal.SIGINT)
    await asyncio.sleep(1)
    response = await ada.http.get("/")
    assert (response.status_code, response.headers.get("Retry-After")) == (503, "5")
    await asyncio.sleep(pause - 1)
    supervisor.send_signal(signal.SIGCONT)
    assert await final_text(ada, asked, 90) == reference_text(question, 150)
    assert (await ada.http.get("/")).status_code == 200


async def test_nothing_is_stuck_after_all_this(house: House) -> None:
    """Runs last in this file: no live rows, no keys that never end."""

    def quiet() -> bool:
        return not {"queued", "running"} & set(house.run(STATES).split())

    await asyncio.to_thread(eventually, quiet, seconds=30, what="quiet")
    assert house.run(KEYS).strip() == "[]"
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{house.origin}/account/login/")).status_code == 200
