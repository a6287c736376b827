"""Workers and engines die at random moments; the answer goes on from the words already shown, or says why not."""

import asyncio
import random
import time
from uuid import uuid4

import pytest
from aftermath import rows, strays
from breaking import end_of, kill, nobody_restarts
from house import Asked, House, Person

from models_admin.engine.stub import reference_text

GIVEN_UP_SECONDS = 20
UNHEARD = "UPDATE models_admin_deployment SET heard_at = now() - interval '10 seconds'"
FATE = "SELECT state, reason, attempt FROM chat_generation WHERE id = %s"


@pytest.fixture(autouse=True)
def _deaths_of_other_tests_do_not_count(house: House) -> None:
    """A model that dies three times in five minutes rests: that is a test of its own."""
    rows(house, "UPDATE models_admin_happening SET at = at - interval '10 minutes'")


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


@pytest.mark.slow
async def test_with_no_worker_left_an_answer_is_interrupted_and_goes_on_when_asked(house: House) -> None:
    ada = await house.person("ada")
    question = f"alone {uuid4()} [[words=120]]"
    asked = await ada.ask(question)
    async with ada.socket() as tab:
        await tab.follow(asked)
        await tab.until_long(60)
        async with nobody_restarts(house):
            kill(house, "both")
            rows(house, UNHEARD)  # the proofs below wait for it
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


async def begun(person: Person, question: str, words: int) -> Asked:
    """Ask, and wait for the first words."""
    asked = await person.ask(f"{question} [[words={words}]]")
    async with person.socket() as tab:
        await tab.follow(asked)
        await tab.until_long(10)
    return asked


@pytest.mark.slow
async def test_an_answer_that_kills_its_engine_is_given_up_and_its_neighbours_are_whole(house: House) -> None:
    """All share one engine: whoever is not to blame loses nothing, however often it dies."""
    ada = await house.person("ada")
    people = await asyncio.gather(*(house.person(name) for name in ("bob", "carol")))
    questions = [f"neighbour {n} {uuid4()}" for n in range(2)]
    near = await asyncio.gather(*(begun(*pair, 90) for pair in zip(people, questions, strict=True)))
    question = f"deadly {uuid4()} [[crash_at=5]]"
    deadly = await ada.ask(question)
    state, text = await end_of(ada, deadly, GIVEN_UP_SECONDS)
    assert state == "failed"
    assert reference_text(question, 5).startswith(text)
    (_, reason, attempts), *_ = rows(house, FATE, deadly.generation)
    assert (bool(reason), attempts) == (True, 3)
    ends = await asyncio.gather(*(end_of(*pair) for pair in zip(people, near, strict=True)))
    assert ends == [("done", reference_text(f"{one} [[words=90]]", 90)) for one in questions]


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
    """An engine looks for its owner once a second. Runs last in this file."""
    await asyncio.sleep(2)
    assert strays(house) == []
