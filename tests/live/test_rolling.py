"""A new version comes while people ask: every process of the compose file is replaced, and no answer is lost (B76)."""

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import suppress
from uuid import uuid4

import httpx
import pytest
from aftermath import LIVE, rows
from breaking import end_of
from coming_back import Reading, read_all
from composed import REPLICAS, Stack, answers, host_stub, in_containers
from house import Asked, Person, eventually

from models_admin.engine.stub import reference_text

STUB = "stub:?words=60&rate=20&slots=8"
PEOPLE = ("ada", "bob", "carol", "dave", "eve", "frank")
WORDS = 120  # six seconds
ASKED = "SELECT count(*) FROM chat_generation"
FATES = "SELECT state, count(*) FROM chat_generation GROUP BY state ORDER BY state"
# As docker compose replaces them: what others need comes first.
ORDER = ("redis", "web1", "web2", "host", "housekeeping", "beat", "edge")

pytestmark = pytest.mark.prove


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Everything that the compose file starts, with the stub."""
    for stack in in_containers(tmp_path_factory.mktemp("stack")):
        host_stub(stack, STUB)
        yield stack


async def asked_again(person: Person, question: str) -> Asked:
    """Ask as the page does: what was refused or cut off is sent again under the same id, and is one question."""
    client_id = str(uuid4())
    async with asyncio.timeout(60):
        while True:
            with suppress(httpx.HTTPError, AssertionError, IndexError):
                return await person.ask(question, client_id=client_id)
            await asyncio.sleep(0.5)


async def asks_until(over: asyncio.Event, person: Person) -> list[tuple[str, Reading]]:
    """Ask one question after another, and read each to its end. Return all of them."""
    told: list[tuple[str, Reading]] = []
    for n in itertools.count():
        if over.is_set():
            return told
        question = f"rolling {n} {uuid4()} [[words={WORDS}]]"
        reading = Reading(person, await asked_again(person, question))
        await read_all([reading], 120)
        told.append((question, reading))
    raise AssertionError


async def replaced(stack: Stack, name: str) -> None:
    """End one and begin it anew, and wait until it is there."""
    await asyncio.to_thread(stack.restart, name)
    if name in REPLICAS:
        there = lambda: answers(REPLICAS[name], stack.web_port)  # noqa: E731
        await asyncio.to_thread(eventually, there, seconds=60, what=name)
    await asyncio.sleep(4)


async def test_every_process_is_replaced_under_load_and_no_answer_is_lost(stack: Stack) -> None:
    people = [await stack.person(name) for name in PEOPLE]
    over = asyncio.Event()
    load = [asyncio.create_task(asks_until(over, person)) for person in people]
    await asyncio.sleep(3)
    for name in ORDER:
        await replaced(stack, name)
    over.set()
    told = [one for each in await asyncio.gather(*load) for one in each]
    ends = [(reading.state, reading.tab.text) for _, reading in told]
    assert ends == [("done", reference_text(question, WORDS)) for question, _ in told]
    assert len(told) >= len(PEOPLE) * 3
    assert rows(stack, ASKED) == [(len(told),)], "a question that was sent twice is one"
    assert rows(stack, FATES) == [("done", len(told))]
    away = [seconds for _, reading in told for seconds in reading.away]
    assert away
    assert max(away) <= 15


async def whole(reading: Reading, question: str) -> None:
    """The answer is whole; or no host was there for too long: then it says so, and goes on when asked."""
    reference = reference_text(question, WORDS)
    if reading.state == "interrupted":
        assert reference.startswith(reading.tab.text)
        page = (await reading.person.http.get(reading.asked.chat)).text
        assert f"/generations/{reading.asked.generation}/continue/" in page
        await reading.person.post(f"/generations/{reading.asked.generation}/continue/")
        assert await end_of(reading.person, reading.asked) == ("done", reference)
    else:
        assert (reading.state, reading.tab.text) == ("done", reference)


async def test_all_at_once_as_compose_does_it(stack: Stack) -> None:
    """`docker compose up -d` ends and begins all of Hearth's together: what was running goes on, what waits is kept."""
    people = [await stack.person(name) for name in PEOPLE]
    questions = [f"together {n} {uuid4()} [[words={WORDS}]]" for n in range(3 * len(people))]  # eight run, ten wait
    asked = [await people[n % len(people)].ask(question) for n, question in enumerate(questions)]
    readings = [Reading(people[n % len(people)], one) for n, one in enumerate(asked)]
    reading = asyncio.create_task(read_all(readings, 120))
    await asyncio.sleep(2)
    names = [name for name in ORDER if name not in ("redis", "edge")]
    await asyncio.gather(*(asyncio.to_thread(stack.restart, name) for name in names))
    for one, question in zip(await reading, questions, strict=True):
        await whole(one, question)
    assert rows(stack, LIVE) == []
