"""Who may open the socket, what it takes, and when it closes."""

import asyncio
import contextlib
import json
import math
from collections.abc import Awaitable
from uuid import uuid4

import pytest
import redis.asyncio
import websockets
from aftermath import rows, subscribed
from house import House, Person, Tab, eventually
from websockets.exceptions import InvalidStatus

from chat.credit import MOST_UNSEEN
from models_admin.engine.stub import reference_text

SHUT_OUT = "UPDATE accounts_user SET is_active = false WHERE email = %s"
EXPIRE = "UPDATE accounts_session SET expire_date = now() - interval '1 second' WHERE session_key = %s RETURNING 1"
END = "the attempt is over"
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
    rows(house, SHUT_OUT, "leaver@example.org")
    assert await refused(ada, headers={"Cookie": f"hearth={cookie}"}) == 403


async def groups_joined(house: House, attempt: Awaitable[object]) -> int:
    """Return how many groups of people were joined in Redis during an attempt."""
    client = redis.asyncio.Redis(unix_socket_path=str(house.var / "run" / "valkey.sock"))
    async with client, client.monitor() as monitor:
        await attempt
        await client.echo(END)
        joined = 0
        while END not in (command := (await monitor.next_command())["command"]):
            joined += command.upper().startswith("SUBSCRIBE") and "__group__user." in command
        return joined


async def connected(person: Person) -> None:
    async with person.socket():
        pass


async def test_an_expired_session_is_refused_before_it_joins_anything(house: House) -> None:
    late = await house.person("late")
    cookie = {"Cookie": f"hearth={late.http.cookies['hearth']}"}
    assert await groups_joined(house, connected(late)) == 1
    assert rows(house, EXPIRE, late.http.cookies["hearth"]) == [(1,)]
    for headers in (cookie, {"Cookie": ""}, {"Cookie": f"hearth={uuid4().hex}"}):
        assert await groups_joined(house, refused(late, headers=headers)) == 0


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
        rows(house, SHUT_OUT, "shutout@example.org")
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
        assert (await tab.next())["reason"] == "Known words are follow, seen and watch."
        for _ in range(20):
            try:
                await tab.connection.send('{"a":' * 1000 + "1" + "}" * 1000)
            except websockets.ConnectionClosed:
                break
        assert await closed_with(tab) == 1008
    async with ada.socket():
        pass


async def until_silent(tab: Tab) -> int:
    """Apply every frame without saying so, until none comes for a while. Return how long the text is."""
    tab.said_at = math.inf
    with contextlib.suppress(TimeoutError):
        while True:
            await tab.next(1.5)
    return len(tab.text)


@pytest.mark.slow
async def test_a_tab_that_says_nothing_of_what_it_saw_is_sent_only_so_much(house: House) -> None:
    ada = await house.person("ada")
    question = f"unseen {uuid4()} [[words=60000]] [[rate=50000]]"
    whole = reference_text(question, 60_000)
    assert MOST_UNSEEN + 50_000 < len(whole) < 2 * MOST_UNSEEN
    asked = await ada.ask(question)
    async with ada.socket() as tab:
        await tab.follow(asked)
        assert MOST_UNSEEN <= await until_silent(tab) < MOST_UNSEEN + 20_000
        await tab.say(type="seen", generation=asked.generation, cursor=tab.cursor)
        await until_silent(tab)
    assert tab.text == whole


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


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [7, pytest.param(60, marks=LONG), pytest.param(600, marks=LONG)])
async def test_an_idle_socket_stays_open(house: House, seconds: int) -> None:
    ada = await house.person(f"idle{seconds}")  # of whom nothing else is told
    async with ada.socket() as tab:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(tab.connection.recv(), seconds)
        asked = await ada.ask("still there [[words=5]]")
        await tab.follow(asked)
        await tab.until("answer.ended")


@pytest.mark.slow
async def test_who_talks_on_after_the_door_has_shut_leaves_nothing_behind(house: House) -> None:
    """A reply that can no longer be sent must not end the socket's care of itself: its group, its watch."""
    eve = await house.person("talker")
    log = house.var / "log" / "web.log"
    quiet, before = log.stat().st_size, subscribed(house)
    for _ in range(5):
        async with eve.socket() as tab:
            for _ in range(100):
                await tab.connection.send("{")
            assert await closed_with(tab) == 1008
    await asyncio.to_thread(eventually, lambda: set(subscribed(house)) <= set(before), seconds=5, what="the end of all")
    assert b"Traceback" not in log.read_bytes()[quiet:]
