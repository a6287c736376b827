"""An answer belongs to the server: whatever happens to tabs and workers, its text equals the reference."""

import asyncio
import os
import random
import signal
from uuid import uuid4

import pytest
from house import Asked, House, Person, Tab
from websockets.exceptions import WebSocketException

from models_admin.engine.stub import reference_text


async def whole(person: Person, asked: Asked) -> str:
    """Follow an answer from its beginning to its end."""
    async with person.socket() as tab:
        await tab.follow(asked)
        await tab.until("answer.ended", 60)
        return tab.text


async def test_words_arrive_before_the_answer_ends(house: House) -> None:
    ada = await house.person("ada")
    asked = await ada.ask("first words")
    async with ada.socket() as tab:
        await tab.follow(asked)
        await tab.until_long(20)
        assert tab.frames[-1]["type"] == "answer.grew"
        ended = await tab.until("answer.ended")
    assert tab.text == reference_text("first words", 60)
    assert ended["state"] == "done"
    assert ended["length"] == len(tab.text.encode("utf-16-le")) // 2


@pytest.mark.slow
async def test_twenty_reloads_each_show_the_whole_prefix(house: House) -> None:
    ada = await house.person("ada")
    question = "reload me [[words=120]]"
    asked = await ada.ask(question)
    reference, longest = reference_text(question, 120), 0
    for _ in range(20):
        async with ada.socket() as tab:
            await tab.follow(asked)
            await tab.until_long(max(1, longest), 1)
            assert reference.startswith(tab.text)
            longest = len(tab.text)
            tab.connection.transport.abort()
        await asyncio.sleep(random.uniform(0, 0.1))
    assert await whole(ada, asked) == reference
    page = await ada.http.get(asked.chat)
    assert page.text.count("data-generation=") == 1


async def test_fifty_dropped_connections_lose_and_double_nothing(house: House) -> None:
    ada = await house.person("ada")
    question = "drop me [[words=150]]"
    asked = await ada.ask(question)
    text, cursor = "", "0"
    for _ in range(50):
        async with ada.socket() as tab:
            tab.text, tab.cursor = text, cursor
            await tab.follow(asked, cursor)
            for _ in range(2):
                if tab.frames and tab.frames[-1]["type"] == "answer.ended":
                    break
                await tab.next()
            tab.connection.transport.abort()
            text, cursor = tab.text, tab.cursor
    async with ada.socket() as tab:
        tab.text = text
        await tab.follow(asked, cursor)
        await tab.until("answer.ended", 60)
    assert tab.text == reference_text(question, 150)


async def test_a_stop_in_one_tab_stops_all(house: House) -> None:
    ada = await house.person("ada")
    question = "stop me [[words=2000]]"
    asked = await ada.ask(question)
    async with ada.socket() as one, ada.socket() as two, ada.socket() as phone:
        for tab in (one, two, phone):
            await tab.follow(asked)
            await tab.until_long(10)
        assert (await ada.post(f"/generations/{asked.generation}/stop/")).status_code == 302
        ends = await asyncio.gather(*(tab.until("answer.ended", 3) for tab in (one, two, phone)))
    assert [end["state"] for end in ends] == ["stopped"] * 3
    assert one.text == two.text == phone.text
    assert one.text
    assert reference_text(question, 2000).startswith(one.text)


async def test_a_double_click_is_one_question(house: House) -> None:
    ada = await house.person("ada")
    client_id = str(uuid4())
    results = await asyncio.gather(*(ada.ask("twice", client_id=client_id) for _ in range(5)))
    assert len(set(results)) == 1


@pytest.mark.slow
async def test_eight_stream_at_once_and_the_ninth_has_one_ahead(house: House) -> None:
    names = [f"person{n}" for n in range(9)]
    await asyncio.to_thread(house.add_people, *names)
    people = await asyncio.gather(*(house.person(name) for name in names))
    asked = [await person.ask(f"together {n} [[words=400]]") for n, person in enumerate(people[:8])]

    async def begin(person: Person, one: Asked) -> str:
        async with person.socket() as tab:
            await tab.follow(one)
            await tab.until_long(5)
            return str(tab.frames[-1]["type"])

    assert await asyncio.gather(*map(begin, people, asked)) == ["answer.grew"] * 8
    ninth = await people[8].ask("the ninth")
    async with people[8].socket() as tab:
        await tab.follow(ninth)
        assert (await tab.until("answer.queued", 5))["ahead"] == 1
        await people[0].post(f"/generations/{asked[0].generation}/stop/")
        await tab.until("answer.ended", 20)
    assert tab.text == reference_text("the ninth", 60)
    for person, one in zip(people[1:8], asked[1:], strict=True):
        await person.post(f"/generations/{one.generation}/stop/")


@pytest.mark.parametrize("victim", ["host", "engine", "web"])
async def test_an_answer_survives_the_death_of(house: House, victim: str) -> None:
    ada = await house.person("ada")
    question = f"survive {victim} {uuid4()} [[words=150]]"
    asked = await ada.ask(question)
    async with ada.socket() as tab:
        await tab.follow(asked)
        await tab.until_long(100)
        text, cursor = tab.text, tab.cursor
        if victim == "engine":
            for pid in house.engine_pids():
                os.kill(pid, signal.SIGKILL)
        else:
            house.kill(victim)
        if victim != "web":
            await tab.until("answer.ended", 60)
            assert tab.text == reference_text(question, 150)
            return
    tab = await resumed(ada, asked, text, cursor)
    assert tab.text == reference_text(question, 150)


async def resumed(person: Person, asked: Asked, text: str, cursor: str) -> Tab:
    """Come back as the page does: again and again until the web process is there."""
    for _ in range(60):
        try:
            async with person.socket() as tab:
                tab.text = text
                await tab.follow(asked, cursor)
                await tab.until("answer.ended", 30)
                return tab
        except (OSError, WebSocketException):
            await asyncio.sleep(0.25)
    raise AssertionError("the web process did not come back")
