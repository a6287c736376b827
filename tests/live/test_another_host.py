"""A frozen worker and its heir; the end of everything at once, and the start after it."""

import asyncio
import re
import signal
import time
from collections.abc import Iterator
from uuid import uuid4

import httpx
import psutil
import pytest
from aftermath import processes_of, rows
from breaking import end_of, second_host
from house import House, eventually

from models_admin.engine.stub import reference_text

ATTEMPT = "SELECT attempt FROM chat_generation WHERE id = %s"
TEXT = "SELECT text FROM chat_message m JOIN chat_generation g ON g.message_id = m.id WHERE g.id = %s"
CHILDREN = {"postgres", "valkey", "web", "host", "housekeeping", "beat"}
WARM_SECONDS, GONE_SECONDS, FROZEN_SECONDS = 15, 5, 12


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


def test_a_killed_supervisor_leaves_no_process_behind_and_starts_again_soon(house: House) -> None:
    eventually(house.engine_pids, what="the engine")
    assert house.process is not None
    alive = {process.pid: process for process in processes_of(house)}
    assert {house.pid(name) for name in CHILDREN} | set(house.engine_pids()) <= set(alive)
    house.process.kill()
    house.process.wait()

    def left() -> list[str]:
        dead = (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
        known = [one for one in alive.values() if one.is_running() and one.status() not in dead]
        return [f"{one.pid} {one.name()}" for one in [*known, *processes_of(house)]]

    deadline = time.monotonic() + GONE_SECONDS
    while left() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left() == []
    assert min(started_in(house)) <= WARM_SECONDS


def started_in(house: House) -> Iterator[float]:
    """Start the house over its data, and twice more where a busy machine was slow. Yield the printed seconds."""
    for _ in range(3):
        printed = house.start()
        assert httpx.get(f"{house.origin}/account/login/").status_code == 200
        found = re.search(r"^Hearth +\S+ \(([\d.]+) s\)", printed, re.MULTILINE)
        assert found, printed
        yield (seconds := float(found[1]))
        if seconds <= WARM_SECONDS:
            return
        house.stop()
    house.start()
