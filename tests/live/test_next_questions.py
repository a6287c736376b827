"""Questions that wait behind an answer, on a real house: told so, begun when it ends, and never stuck."""

from uuid import uuid4

import pytest
from aftermath import rows
from house import Asked, House, Person


async def two(ada: Person, *, words: int = 400) -> tuple[Asked, Asked]:
    """Ask a question whose answer takes its time, and the next one while it is written."""
    first = await ada.ask(f"first {uuid4()} [[words={words}]] [[rate=20]]")
    return first, await ada.ask(f"second {uuid4()} [[words=5]] [[rate=100]]", chat=first.chat)


async def test_what_waits_is_told_and_begins_when_the_answer_is_stopped(house: House) -> None:
    ada = await house.person("ada")
    first, second = await two(ada)
    async with ada.socket() as here, ada.socket() as there:
        await here.follow(first)
        await here.until_long(10)
        await there.follow(second)
        assert (await there.until("answer.queued"))["generation"] == second.generation
        await ada.post(f"/generations/{first.generation}/stop/")
        assert (await there.until("answer.ended"))["state"] == "done"
        assert (await here.until("answer.ended"))["state"] == "stopped"


async def test_one_tab_follows_both(house: House) -> None:
    ada = await house.person("ada")
    first, second = await two(ada)
    async with ada.socket() as tab:
        await tab.follow(first)
        await tab.until_long(10)
        await tab.follow(first)  # as the page does, whose thread came anew: it is told from the beginning again
        await tab.follow(second)
        await tab.until("answer.queued")
        await tab.until_long(len(tab.text) + 20)
        await ada.post(f"/generations/{first.generation}/stop/")
        await ada.post(f"/generations/{second.generation}/stop/")


@pytest.mark.parametrize("words", [5, 60])
async def test_the_next_one_begins_within_a_second_of_the_end(house: House, words: int) -> None:
    ada = await house.person("ada")
    first, second = await two(ada, words=words)
    async with ada.socket() as tab:
        await tab.follow(second)
        assert (await tab.until("answer.ended"))["state"] == "done"
    [(pause,)] = rows(
        house,
        "SELECT b.started_at - a.ended_at FROM chat_generation a, chat_generation b WHERE a.id = %s AND b.id = %s",
        first.generation,
        second.generation,
    )
    assert 0 <= pause.total_seconds() < 1
