"""Two machines serve one model: both answer, and when one dies nothing is lost; settings change under way."""

import asyncio
import os
import signal
from uuid import uuid4

import pytest
from aftermath import rows
from breaking import end_of, second_host
from house import Asked, House, Person, eventually

from models_admin.engine.stub import reference_text

pytestmark = pytest.mark.slow

PEOPLE = ("bob", "carol", "dave", "eve")
BUSY = "SELECT count(*) FROM models_admin_placement WHERE state = 'ready'"
SETTINGS = "UPDATE models_admin_deployment SET slots = %s, revision = revision + 1"
LOADED = "SELECT count(*) FROM models_admin_happening WHERE what = 'loaded'"
STATES = "SELECT state FROM models_admin_placement p JOIN models_admin_host h ON h.id = p.host_id WHERE h.name = %s"
ATTEMPTS = "SELECT count(*) FROM chat_generation WHERE attempt > 1 AND id = ANY(%s::uuid[])"
WORDS = 150


async def asked_by(people: list[Person], each: int) -> list[tuple[Person, str, Asked]]:
    questions = [(one, f"shared {uuid4()} [[words={WORDS}]]") for one in people for _ in range(each)]
    asked = await asyncio.gather(*(one.ask(question) for one, question in questions))
    return [(one, question, it) for (one, question), it in zip(questions, asked, strict=True)]


async def all_whole(asked: list[tuple[Person, str, Asked]]) -> None:
    """Every answer has ended well with exactly its words."""
    ends = await asyncio.gather(*(end_of(person, it) for person, _, it in asked))
    assert ends == [("done", reference_text(question, WORDS)) for _, question, _ in asked]


async def test_two_hosts_share_a_queue_and_one_that_dies_loses_nothing(house: House) -> None:
    people = list(await asyncio.gather(*(house.person(name) for name in PEOPLE)))
    with second_host(house):
        assert rows(house, BUSY) == [(2,)]
        asked = await asked_by(people, 4)  # two machines of eight slots: all at once
        await asyncio.sleep(1.5)
        running = rows(house, "SELECT count(*) FROM chat_generation WHERE state = 'running'")
        assert running == [(16,)]
        engines = house.engine_pids()
        house.kill("host", signal.SIGKILL)
        for pid in engines:
            os.kill(pid, signal.SIGKILL)
        await all_whole(asked)
        again = rows(house, ATTEMPTS, [it.generation for _, _, it in asked])[0][0]
        assert 1 <= again < 16, "those of the other host went on undisturbed"
        eventually(lambda: rows(house, BUSY) == [(2,)], seconds=30, what="the first host is back")
    eventually(lambda: rows(house, STATES, "two") == [("cold",)], seconds=30, what="the second host is missed")


async def test_settings_that_change_under_way_lose_no_answer(house: House) -> None:
    people = list(await asyncio.gather(*(house.person(name) for name in PEOPLE)))
    asked = await asked_by(people, 3)  # eight run, four wait
    await asyncio.sleep(1)
    before = rows(house, LOADED)[0][0]
    rows(house, SETTINGS, 4)
    await all_whole(asked)
    assert rows(house, ATTEMPTS, [it.generation for _, _, it in asked]) == [(0,)], "nothing was cut and tried again"
    eventually(lambda: rows(house, LOADED)[0][0] == before + 1, seconds=20, what="loaded anew")
    rows(house, SETTINGS, 8)
    eventually(lambda: rows(house, LOADED)[0][0] == before + 2, seconds=20, what="as it was")
