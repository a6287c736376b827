"""Sockets of sessions that are ended by hand, by the clock, or for want of a second factor."""

import asyncio
import contextlib
import re

import pytest
import websockets
from aftermath import rows
from house import House, Tab
from websockets.exceptions import InvalidStatus

UNUSED = "UPDATE accounts_session SET seen_at = now() - interval '10 minutes' WHERE session_key = %s"
IDLE = "UPDATE accounts_organisation SET idle_minutes = %s"
ASKED = "UPDATE accounts_organisation SET mfa = %s"


async def closed_with(tab: Tab, seconds: float = 6) -> int:
    with contextlib.suppress(websockets.ConnectionClosed):
        async with asyncio.timeout(seconds):
            while True:
                await tab.connection.recv()
    return int(tab.connection.close_code)


@pytest.mark.slow
async def test_a_session_that_is_ended_elsewhere_loses_its_socket_while_an_answer_streams(house: House) -> None:
    here, there = await house.person("ada"), await house.person("ada")
    asked = await there.ask("ending [[words=500]]")
    async with there.socket() as tab, here.socket() as mine:
        await tab.follow(asked)
        await tab.until_long(5)
        page = (await here.http.get("/you/sessions/")).text
        digests = re.findall(r'name="session" value="(\w{16})"', page)
        assert len(digests) >= 1
        for digest in digests:
            await here.post("/you/sessions/end/", session=digest)
        assert await closed_with(tab) == 4401
        assert (await here.http.get("/")).status_code == 200
        await mine.follow(asked)
        await mine.until_long(5)


async def test_an_unused_session_loses_its_socket_without_any_signal(house: House) -> None:
    ada = await house.person("ada")
    rows(house, IDLE, 5)
    try:
        async with ada.socket() as tab:
            rows(house, UNUSED, ada.http.cookies["hearth"])
            assert await closed_with(tab) == 4401
        with pytest.raises(InvalidStatus):
            async with ada.socket():
                pass
    finally:
        rows(house, IDLE, 0)


async def test_who_owes_a_second_factor_does_not_connect(house: House) -> None:
    ada = await house.person("ada")
    try:
        async with ada.socket() as tab:
            rows(house, ASKED, "everyone")
            assert await closed_with(tab) == 4401
        with pytest.raises(InvalidStatus):
            async with ada.socket():
                pass
    finally:
        rows(house, ASKED, "nobody")
    async with ada.socket():
        pass
