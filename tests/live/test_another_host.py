"""A frozen worker wakes up beside its heir."""

import asyncio
import signal
import time
from uuid import uuid4

import pytest
from aftermath import rows
from breaking import end_of, second_host
from house import House, eventually

from models_admin.engine.stub import reference_text

ATTEMPT = "SELECT attempt FROM chat_generation WHERE id = %s"
TEXT = "SELECT text FROM chat_message m JOIN chat_generation g ON g.message_id = m.id WHERE g.id = %s"
FROZEN_SECONDS = 12


@pytest.mark.prove
async def test_a_frozen_host_wakes_up_and_its_heir_is_not_disturbed(house: House) -> None:
    """The short form, without processes, stands among the tests of the queue."""
    ada = await house.person("ada")
    words = 700
    question = f"frozen {uuid4()} [[words={words}]] [[rate=25]]"
    asked = await ada.ask(question)
    async with ada.socket() as before, ada.socket() as during:
        await before.follow(asked)
        await before.until_long(30)
        with second_host(house):
            house.kill("host", signal.SIGSTOP)
            frozen = time.monotonic()
            try:
                reading = asyncio.create_task(before.until("answer.ended", 60))
                await asyncio.to_thread(
                    eventually, lambda: rows(house, ATTEMPT, asked.generation) == [(2,)], what="the heir"
                )
                await during.follow(asked)
                await during.until_long(len(before.text) + 50)
                await asyncio.sleep(max(0, frozen + FROZEN_SECONDS - time.monotonic()))
            finally:
                house.kill("host", signal.SIGCONT)
            assert not reading.done()  # both write now
            await asyncio.gather(reading, during.until("answer.ended", 60))
            assert rows(house, ATTEMPT, asked.generation) == [(2,)]
    lines = (house.var / "log" / "host.log").read_text().splitlines()
    assert any('"replaced"' in line and asked.generation in line for line in lines)  # it has noticed, and wrote no more
    whole = reference_text(question, words)
    assert before.text == during.text == whole
    assert await end_of(ada, asked) == ("done", whole)
    assert rows(house, TEXT, asked.generation) == [(whole,)]
