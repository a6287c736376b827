"""Authority that is taken away closes open sockets: by a signal within seconds, without signals by the round."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
import websockets
from aftermath import rows, valkey_of
from breaking import nobody_restarts, second_web
from house import PASSWORD, Asked, House, Person, Tab, eventually

SIGNED_OUT, CHANGED = 4401, 4403
SIGNAL_SECONDS, ROUND_SECONDS = 5, 60
ADMIN = "UPDATE accounts_user SET organisation_role = 'admin' WHERE email = %s"


@pytest.fixture(scope="module")
def slow_house(house: House) -> Iterator[House]:
    """The house by a web process that asks about its sockets once a minute: what happens before was a signal."""
    house.add_people(*(f"victim{n}" for n in range(len(ACTS) + 1)))
    with second_web(house, HEARTH_AUTHORITY_SECONDS=str(ROUND_SECONDS)) as twin:
        yield twin


@dataclass(frozen=True)
class Scene:
    """Ada, who owns the house, and the one whom something is taken from."""

    ada: Person
    victim: Person
    pk: str
    team: str

    async def here(self, path: str, **form: str) -> None:
        """Ada does something to the victim."""
        response = await self.ada.post(f"/people/{self.pk}/{path}/", **form)
        assert response.status_code == 302, response.text[:800]

    async def in_team(self, path: str, **form: str) -> None:
        """Ada changes the victim's part in the team."""
        response = await self.ada.post(f"/teams/{self.team}/people/{self.pk}/{path}/", **form)
        assert response.status_code == 302, response.text[:800]

    async def elsewhere(self, path: str, **form: str) -> None:
        """The victim does something in another browser."""
        other = await self.victim.house.person(self.name)
        assert (await other.post(path, **form)).status_code == 302

    @property
    def name(self) -> str:
        ((email,),) = rows(self.victim.house, "SELECT email FROM accounts_user WHERE id = %s", self.pk)
        return str(email).split("@")[0]


NEW = {"oldpassword": PASSWORD, "password1": "another long passphrase", "password2": "another long passphrase"}
Act = Callable[[Scene], Awaitable[object]]
ACTS: dict[str, tuple[Act, int]] = {
    "signs out": (lambda scene: scene.victim.post("/account/logout/"), SIGNED_OUT),
    "chooses another password": (lambda scene: scene.elsewhere("/account/password/change/", **NEW), SIGNED_OUT),
    "ends the other sessions": (lambda scene: scene.elsewhere("/you/sessions/end-others/"), SIGNED_OUT),
    "is signed out by an administrator": (lambda scene: scene.here("sessions/end"), SIGNED_OUT),
    "is deactivated": (lambda scene: scene.here("leave", to=""), SIGNED_OUT),
    "is demoted": (lambda scene: scene.here("role", role="member"), CHANGED),
    "is made a guest": (lambda scene: scene.in_team("role", role="guest"), CHANGED),
    "is removed from the team": (lambda scene: scene.in_team("remove"), CHANGED),
    "is denied to ask": (lambda scene: scene.here("deny", power="ask", team="", reason="A trial."), CHANGED),
}


async def scene_in(house: House, name: str) -> Scene:
    ada, victim = await house.person("ada"), await house.person(name)
    rows(house, ADMIN, f"{name}@example.org")
    ((pk,),) = rows(house, "SELECT id FROM accounts_user WHERE email = %s", f"{name}@example.org")
    ((team,),) = rows(house, "SELECT id FROM accounts_team LIMIT 1")
    return Scene(ada, victim, str(pk), str(team))


@contextlib.asynccontextmanager
async def streaming(victim: Person) -> AsyncIterator[tuple[Asked, Tab, Tab]]:
    """Let an answer be written: one tab follows it, another is idle."""
    asked = await victim.ask(f"long {uuid4()} [[words=20000]] [[rate=30]]")
    async with victim.socket() as tab, victim.socket() as idle:
        await tab.follow(asked)
        await tab.until_long(20)
        try:
            yield asked, tab, idle
        finally:
            rows(victim.house, "UPDATE chat_generation SET stop_requested = true WHERE id = %s", asked.generation)


async def closed(tab: Tab, seconds: float) -> tuple[int, float]:
    """Return with which code a socket was closed, and after how many seconds."""
    began = time.monotonic()
    with contextlib.suppress(websockets.ConnectionClosed):
        async with asyncio.timeout(seconds):
            while True:
                json.loads(await tab.connection.recv())
    return int(tab.connection.close_code), time.monotonic() - began


async def follows(victim: Person, asked: Asked) -> bool:
    """Whether somebody who comes back is told the answer still."""
    async with victim.socket() as tab:
        await tab.follow(asked)
        frame = await tab.next()
        return str(frame["type"]) != "follow.refused"


@pytest.mark.parametrize("name", ACTS)
async def test_a_socket_hears_at_once_what_its_person_may_no_longer(slow_house: House, name: str) -> None:
    act, code = ACTS[name]
    scene = await scene_in(slow_house, f"victim{list(ACTS).index(name)}")
    async with streaming(scene.victim) as (asked, tab, idle):
        reading = [asyncio.create_task(closed(one, SIGNAL_SECONDS + 20)) for one in (tab, idle)]
        await act(scene)
        done = time.monotonic()
        assert [found[0] for found in await asyncio.gather(*reading)] == [code, code]
        assert time.monotonic() - done <= SIGNAL_SECONDS
        if code == CHANGED:
            assert await follows(scene.victim, asked) == (name != "is removed from the team")


async def cut_and_remove(house: House, scene: Scene, seconds: float) -> None:
    """Take Redis away, and then the team: no signal can come."""
    async with streaming(scene.victim) as (_, tab, idle), nobody_restarts(house):
        house.kill("valkey")
        reading = [asyncio.create_task(closed(one, seconds + 20)) for one in (tab, idle)]
        await scene.in_team("remove")
        done = time.monotonic()
        assert [found[0] for found in await asyncio.gather(*reading)] == [CHANGED, CHANGED]
        assert time.monotonic() - done <= seconds
    await asyncio.to_thread(eventually, lambda: _answers(house), what="the return of Redis")


def _answers(house: House) -> bool:
    with contextlib.suppress(OSError, Exception):
        return bool(valkey_of(house).ping())
    return False


async def test_without_signals_the_round_closes_it(house: House) -> None:
    await cut_and_remove(house, await scene_in(house, "dave"), SIGNAL_SECONDS)
    rows(
        house,
        "INSERT INTO accounts_membership (team_id, user_id, role) SELECT t.id, u.id, 'member' FROM "
        "accounts_team t, accounts_user u WHERE u.email = 'dave@example.org'",
    )
    rows(house, "UPDATE accounts_user SET organisation_role = 'member' WHERE email = 'dave@example.org'")


@pytest.mark.prove
async def test_without_signals_the_slowest_round_closes_it_within_a_minute(slow_house: House) -> None:
    """Runs last in this file."""
    await cut_and_remove(slow_house, await scene_in(slow_house, f"victim{len(ACTS)}"), ROUND_SECONDS)
