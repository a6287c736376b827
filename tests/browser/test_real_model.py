"""A real, tiny GGUF behind the whole product: what it computes, when it stops, what it refuses."""

import asyncio
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aftermath import rows
from browsing import DEPLOY
from house import Asked, House, Person

pytestmark = pytest.mark.slow

NAMES = ["state", "reason", "prompt_tokens", "prefilled_tokens", "output_tokens"]
NAMES += ["left_out", "model_sha256", "parameters", "seed", "text"]
FACTS = f"""
SELECT {", ".join(NAMES)} FROM chat_generation g JOIN chat_message m ON m.id = g.message_id WHERE g.id = %s
"""
LIMIT = "UPDATE models_admin_deployment SET max_tokens = %s"
IDLE_SECONDS = 2
TICKS = os.sysconf("SC_CLK_TCK")


@pytest.fixture(scope="module")
def house(hearth: House) -> Iterator[House]:
    """The house, with short answers."""
    hearth.people.add("ada")
    rows(hearth, LIMIT, 40)
    yield hearth
    rows(hearth, LIMIT, 1024)


async def told(person: Person, asked: Asked) -> dict[str, Any]:
    """Wait for the end. Return what the row says and the text that the tab made."""
    async with person.socket() as tab:
        await tab.follow(asked)
        await tab.until("answer.ended", 60)
    facts = dict(zip(NAMES, rows(person.house, FACTS, asked.generation)[0], strict=True))
    assert facts["text"] == tab.text
    return facts


def computed(house: House) -> float:
    """Return the seconds of processor time that the engines have used."""
    seconds = 0.0
    for pid in house.engine_pids():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / TICKS
    return seconds


async def test_the_second_turn_reads_only_what_is_new(house: House) -> None:
    ada = await house.person("ada")
    asked = await ada.ask("tell me about the hearth in this house " * 8)
    first = await told(ada, asked)
    assert first["prefilled_tokens"] == first["prompt_tokens"] > 40
    assert first["output_tokens"] == 40
    second = await told(ada, await ada.ask("and more", chat=asked.chat))
    known = first["prompt_tokens"] + first["output_tokens"] - 1  # the last word was said, never read
    assert second["prefilled_tokens"] == second["prompt_tokens"] - known
    assert second["prefilled_tokens"] < first["prefilled_tokens"] / 2


RECIPE = "SELECT facts FROM chat_recipe r JOIN chat_generation g ON g.recipe_id = r.id WHERE g.id = %s"


async def test_an_answer_says_where_it_came_from(house: House) -> None:
    ada = await house.person("ada")
    asked = await ada.ask("who are you")
    facts = await told(ada, asked)
    assert len(facts["model_sha256"]) == 64
    assert facts["parameters"] == {}, "nothing was set for it: the recipe has what holds for all"
    ((recipe,),) = rows(house, RECIPE, asked.generation)
    assert (recipe["sampling"]["temperature"], recipe["sampling"]["max_tokens"]) == (0.7, 40)
    assert recipe["sha256"] == facts["model_sha256"]
    assert facts["state"] == "done"
    assert facts["reason"] == "The answer reached its longest length."


async def idle_since(house: House, stopped: float) -> None:
    """Two seconds after a stop nothing is computed any more."""
    await asyncio.sleep(max(0, stopped + IDLE_SECONDS - time.monotonic()))
    before = await asyncio.to_thread(computed, house)
    await asyncio.sleep(0.5)
    assert await asyncio.to_thread(computed, house) - before < 0.05


async def test_after_a_stop_in_the_middle_nothing_is_computed(house: House) -> None:
    ada = await house.person("ada")
    rows(house, LIMIT, 1500)
    asked = await ada.ask(f"{uuid4()}")
    async with ada.socket() as tab:
        await tab.follow(asked)
        await tab.until_long(30)
        stopped = time.monotonic()
        await ada.post(f"/generations/{asked.generation}/stop/")
        assert (await tab.until("answer.ended", 3))["state"] == "stopped"
    await idle_since(house, stopped)
    facts = await told(ada, asked)
    assert facts["text"] == tab.text
    assert facts["prefilled_tokens"] == facts["prompt_tokens"]
    assert 30 <= facts["output_tokens"] < 1500
    rows(house, LIMIT, 40)


async def test_after_a_stop_before_the_first_word_nothing_is_computed(house: House) -> None:
    """Four long prompts are read at once: the last one is still being read when all are stopped."""
    ada = await house.person("ada")
    asked = [await ada.ask(f"{uuid4()} " + "stop " * 380) for _ in range(4)]
    async with ada.socket() as tab:
        await tab.follow(asked[-1])
        await tab.until("answer.started")
    stopped = time.monotonic()
    for one in reversed(asked):
        await ada.post(f"/generations/{one.generation}/stop/")
    last = await told(ada, asked[-1])
    await idle_since(house, stopped)
    assert (last["state"], last["text"], last["output_tokens"]) == ("stopped", "", 0)
    assert last["prefilled_tokens"] < last["prompt_tokens"]


@pytest.mark.parametrize("times", [1.1, 10])
async def test_a_question_that_cannot_fit_is_refused_with_the_numbers(house: House, times: float) -> None:
    ada = await house.person("ada")
    facts = await told(ada, await ada.ask("x" * int(2048 * times)))  # this model reads letter by letter
    assert facts["state"] == "failed"
    assert facts["text"] == ""
    assert re.fullmatch(r"The question has [\d,]+ tokens; this model reads at most 2,008\.", facts["reason"])
    assert facts["prefilled_tokens"] == facts["output_tokens"] == 0


async def test_the_oldest_turns_are_left_out_and_the_page_says_so(house: House) -> None:
    ada = await house.person("ada")
    asked = await ada.ask("a" * 1200)
    await told(ada, asked)
    second = await ada.ask("b" * 1200, chat=asked.chat)
    facts = await told(ada, second)
    assert facts["left_out"] == 2  # the first question and its answer
    page = (await ada.http.get(asked.chat)).text
    assert "<span data-left-out-count>2</span> oldest messages" in page


async def test_a_bad_model_file_is_refused_in_words_and_the_worker_lives(house: House) -> None:
    ada = await house.person("ada")
    worker = house.pid("host")
    bad = house.var / "bad.gguf"
    bad.write_text("<!doctype html><title>Sign in to download</title>")
    await asyncio.to_thread(house.run, DEPLOY, str(bad), "Bad")
    facts = await told(ada, await ada.ask("are you there"))
    assert facts["state"] == "failed"
    assert "web page" in facts["reason"].lower() or "html" in facts["reason"].lower(), facts["reason"]
    await asyncio.to_thread(house.run, DEPLOY, str(house.var / "tiny.gguf"), "tiny")
    assert (await told(ada, await ada.ask("and now")))["state"] == "done"
    assert house.pid("host") == worker
