"""Who may open the socket, what it takes, and when it closes."""

import asyncio
import contextlib
import json
from typing import Any
from uuid import uuid4

import pytest
import websockets
from house import House, Person
from websockets.exceptions import InvalidStatus

SHUT_OUT = (
    "import sys; from accounts.models import User; User.objects.filter(email=sys.argv[1]).update(is_active=False)"
)
LONG = pytest.mark.prove


async def refused(person: Person, **more: object) -> int:
    with pytest.raises(InvalidStatus) as refusal:
        async with person.socket(**more):
            pass
    return refusal.value.response.status_code


async def closed_with(tab: object, seconds: float = 6) -> int:
    connection = tab.connection  # type: ignore[attr-defined]
    with contextlib.suppress(websockets.ConnectionClosed):
        async with asyncio.timeout(seconds):
            while True:
                await connection.recv()
    return int(connection.close_code)


async def test_only_the_exact_origin_may_connect(house: House) -> None:
    ada = await house.person("ada")
    port = house.port
    for origin in (
        "https://evil.example",
        "null",
        None,
        f"http://127.0.0.1:{port + 1}",
        f"https://127.0.0.1:{port}",
        f"http://sub.127.0.0.1:{port}",
        "http://127.0.0.1",
    ):
        assert await refused(ada, origin=origin) == 403, origin
    async with ada.socket():
        pass


async def test_without_a_current_session_there_is_no_socket(house: House) -> None:
    ada = await house.person("leaver")
    assert await refused(ada, headers={"Cookie": ""}) == 403
    assert await refused(ada, headers={"Cookie": f"hearth={uuid4().hex}"}) == 403
    cookie = ada.http.cookies["hearth"]
    house.run(SHUT_OUT, "leaver@example.org")
    assert await refused(ada, headers={"Cookie": f"hearth={cookie}"}) == 403


async def test_signing_in_changes_the_session_and_the_old_cookie_is_useless(house: House) -> None:
    ada = await house.person("ada")
    await ada.http.get("/account/logout/")
    before = ada.http.cookies["hearth"]
    await ada.post("/account/logout/")
    await ada.token("/account/login/")
    anonymous = ada.http.cookies.get("hearth")
    await ada.sign_in("ada@example.org")
    assert ada.http.cookies["hearth"] not in (before, anonymous)
    for old in filter(None, (before, anonymous)):
        assert await refused(ada, headers={"Cookie": f"hearth={old}"}) == 403


async def test_signing_out_closes_the_socket_at_once(house: House) -> None:
    ada = await house.person("ada")
    asked = await ada.ask("closing [[words=500]]")
    async with ada.socket() as tab:
        await tab.follow(asked)
        await tab.until_long(5)
        await ada.post("/account/logout/")
        assert await closed_with(tab) == 4401


async def test_somebody_who_is_shut_out_loses_the_socket(house: House) -> None:
    bob = await house.person("shutout")
    async with bob.socket() as tab:
        house.run(SHUT_OUT, "shutout@example.org")
        assert await closed_with(tab) == 4401  # without any signal: the socket asks by itself


async def test_a_foreign_answer_cannot_be_followed(house: House) -> None:
    ada, bob = await house.person("ada"), await house.person("bob")
    asked = await ada.ask("mine alone")
    async with bob.socket() as tab:
        for generation in (asked.generation, str(uuid4())):
            await tab.say(type="follow", generation=generation, after="0")
            assert await tab.next() == {"type": "follow.refused", "generation": generation}


async def test_a_frame_too_large_closes_with_1009(house: House) -> None:
    ada = await house.person("ada")
    async with ada.socket() as tab:
        await tab.connection.send("x" * (64 * 1024 + 1))
        assert await closed_with(tab) == 1009


async def test_binary_closes_with_1003(house: House) -> None:
    ada = await house.person("ada")
    async with ada.socket() as tab:
        await tab.connection.send(b"\x00\xff")
        assert await closed_with(tab) == 1003


async def test_malformed_frames_get_a_sentence_and_then_the_door(house: House) -> None:
    ada = await house.person("ada")
    async with ada.socket() as tab:
        await tab.connection.send("{")
        assert await tab.next() == {"type": "socket.refused", "reason": "This is not JSON."}
        await tab.connection.send(json.dumps({"type": "write", "text": "x"}))
        assert (await tab.next())["reason"] == "Known words are follow and seen."
        for _ in range(20):
            try:
                await tab.connection.send('{"a":' * 1000 + "1" + "}" * 1000)
            except websockets.ConnectionClosed:
                break
        assert await closed_with(tab) == 1008
    async with ada.socket():
        pass


async def test_five_hundred_fuzzed_frames_leave_the_process_alive(house: House) -> None:
    ada = await house.person("ada")
    web = house.pid("web")
    words: list[Any] = [
        None,
        1,
        "x",
        [],
        {},
        {"type": 1},
        {"type": "follow"},
        {"type": "seen", "generation": [], "cursor": {}},
    ]
    for n in range(50):
        async with ada.socket() as tab:
            for k in range(10):
                await tab.connection.send(json.dumps(words[(n + k) % len(words)]))
                reply = await tab.next()
                assert reply["type"] == "socket.refused"
                assert "Traceback" not in reply["reason"]
    assert house.pid("web") == web


async def test_a_flood_closes_with_1008(house: House) -> None:
    ada = await house.person("ada")
    async with ada.socket() as tab:
        word = json.dumps({"type": "seen", "generation": str(uuid4()), "cursor": "0"})
        with contextlib.suppress(websockets.ConnectionClosed):
            for _ in range(5000):
                await tab.connection.send(word)
                await asyncio.sleep(0)
        assert await closed_with(tab) == 1008


async def test_invalid_utf8_closes_the_socket_and_nothing_else(house: House) -> None:
    ada = await house.person("ada")
    web = house.pid("web")
    async with ada.socket() as tab:
        await tab.connection.send(b"\xff\xfe\xfd", text=True)
        assert await closed_with(tab) in (1002, 1007)
    assert house.pid("web") == web


async def test_compression_is_not_negotiated(house: House) -> None:
    ada = await house.person("ada")
    async with ada.socket(compression="deflate") as tab:
        assert tab.connection.response.headers.get("Sec-WebSocket-Extensions") is None


@pytest.mark.parametrize("seconds", [12, pytest.param(60, marks=LONG), pytest.param(600, marks=LONG)])
async def test_an_idle_socket_stays_open(house: House, seconds: int) -> None:
    ada = await house.person("ada")
    async with ada.socket() as tab:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(tab.connection.recv(), seconds)
        asked = await ada.ask("still there")
        await tab.follow(asked)
        await tab.until("answer.ended")
