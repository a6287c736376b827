"""One watch over all sockets: one question a round, the right ones shut out, nothing left behind."""

import asyncio
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
import redis.exceptions
from channels.layers import get_channel_layer
from django.db import OperationalError
from pytest_django import Settings
from servers import Servers

from accounts.authority import Standing
from accounts.models import Membership, User
from chat import watching
from chat.watching import CHANGED, SIGNED_OUT, Door, Watch

pytestmark = pytest.mark.usefixtures("clean_redis")
RENAMED = {"type": "conversation.renamed", "title": "x"}


@dataclass(eq=False)
class Socket:
    user: User
    session_key: str
    heard: list[dict[str, Any]] = field(default_factory=list)
    code: int = 0

    async def say(self, content: dict[str, Any]) -> None:
        self.heard.append(content)

    async def close(self, code: int) -> None:
        self.code = code


class Book:
    """Who holds which session, as the database would say."""

    def __init__(self) -> None:
        self.sessions: dict[str, User] = {}
        self.asked: list[set[str]] = []
        self.fault: Exception | None = None

    def holders_of(self, keys: Collection[str]) -> dict[str, User]:
        self.asked.append(set(keys))
        if self.fault:
            raise self.fault
        return {key: user for key, user in self.sessions.items() if key in keys}

    def socket(self, user: User | None = None) -> Socket:
        user = user or User(pk=uuid4())
        socket = Socket(user, uuid4().hex)
        self.sessions[socket.session_key] = user
        return socket


@pytest.fixture
def book(settings: Settings) -> Iterator[Book]:
    settings.AUTHORITY_SECONDS = 0.2
    book = Book()
    with patch.object(watching, "holders_of", book.holders_of):
        yield book


async def settled(found: Any, seconds: float = 3) -> None:
    async with asyncio.timeout(seconds):
        while not found():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)


async def test_who_comes_while_the_door_asks_is_asked_about_with_the_others(book: Book) -> None:
    door, sockets = Door(), [book.socket() for _ in range(30)]
    first = asyncio.create_task(door.holder_of(sockets[0].session_key))
    await asyncio.sleep(0)
    await asyncio.sleep(0)  # its question is under way
    others = [door.holder_of(socket.session_key) for socket in sockets] + [door.holder_of("nobody's")]
    assert await asyncio.gather(first, *others) == [sockets[0].user, *(socket.user for socket in sockets), None]
    assert book.asked == [{sockets[0].session_key}, {"nobody's", *(socket.session_key for socket in sockets)}]


async def test_who_cannot_be_asked_about_hears_it_and_the_door_goes_on(book: Book) -> None:
    door, socket = Door(), book.socket()
    book.fault = OperationalError("away")
    with pytest.raises(OperationalError):
        await door.holder_of(socket.session_key)
    book.fault = None
    assert await door.holder_of(socket.session_key) == socket.user


async def test_one_question_a_round_is_asked_about_all_sockets(book: Book) -> None:
    watch, sockets = Watch(), [book.socket() for _ in range(20)]
    for socket in sockets:
        await watch.join(socket)
    await settled(lambda: len(book.asked) >= 2)
    assert book.asked[:2] == [{socket.session_key for socket in sockets}] * 2
    for socket in sockets:
        watch.leave(socket)
    assert [socket.code for socket in sockets] == [0] * 20


async def test_whose_session_has_ended_or_is_anothers_is_shut_out_and_nobody_else(book: Book) -> None:
    watch, (gone, taken, stays) = Watch(), [book.socket() for _ in range(3)]
    for socket in (gone, taken, stays):
        await watch.join(socket)
    del book.sessions[gone.session_key]
    book.sessions[taken.session_key] = stays.user
    await settled(lambda: gone.code and taken.code)
    assert (gone.code, taken.code, stays.code) == (SIGNED_OUT, SIGNED_OUT, 0)
    for socket in (gone, taken, stays):
        watch.leave(socket)


@pytest.mark.parametrize("fault", [OperationalError("away"), RuntimeError("unforeseen")])
async def test_while_nothing_is_known_nobody_is_shut_out_and_the_watch_goes_on(book: Book, fault: Exception) -> None:
    watch, socket = Watch(), book.socket()
    await watch.join(socket)
    book.fault = fault
    del book.sessions[socket.session_key]
    await settled(lambda: len(book.asked) >= 2)
    assert socket.code == 0
    book.fault = None
    await settled(lambda: socket.code)
    watch.leave(socket)


async def test_a_signal_is_asked_about_at_once_and_only_its_person(book: Book, settings: Settings) -> None:
    settings.AUTHORITY_SECONDS = 60
    watch, ada, bob = Watch(), book.socket(), book.socket()
    await asyncio.gather(watch.join(ada), watch.join(bob))
    del book.sessions[ada.session_key], book.sessions[bob.session_key]
    await get_channel_layer().group_send(f"user.{ada.user.pk}", {"type": "authority.changed"})
    await settled(lambda: ada.code)
    assert (ada.code, bob.code, book.asked) == (SIGNED_OUT, 0, [{ada.session_key}])
    watch.leave(ada)
    watch.leave(bob)


async def test_every_socket_of_a_person_is_told_and_nobody_elses(book: Book) -> None:
    watch, first, bob = Watch(), book.socket(), book.socket()
    second = book.socket(first.user)
    for socket in (first, second, bob):
        await watch.join(socket)
    await get_channel_layer().group_send(f"user.{first.user.pk}", {"type": "told", "frame": RENAMED})
    await settled(lambda: first.heard and second.heard)
    assert (first.heard, second.heard, bob.heard) == ([RENAMED], [RENAMED], [])
    for socket in (first, second, bob):
        watch.leave(socket)


async def test_one_that_leaves_takes_nothing_from_the_other_and_the_last_leaves_nothing(book: Book) -> None:
    watch, layer, first = Watch(), get_channel_layer(), book.socket()
    second = book.socket(first.user)
    before = set(layer.channels)
    await watch.join(first)
    await watch.join(second)
    assert len(set(layer.channels) - before) == 1
    watch.leave(first)
    await layer.group_send(f"user.{first.user.pk}", {"type": "told", "frame": RENAMED})
    await settled(lambda: second.heard)
    assert first.heard == []
    watch.leave(second)
    await settled(lambda: not layer.groups and set(layer.channels) <= before)
    assert (watch.lines, watch.task) == ({}, None)
    await watch.join(first)
    watch.leave(first)
    await settled(lambda: not layer.groups and set(layer.channels) <= before)


async def test_who_leaves_before_the_line_is_open_leaves_nothing(book: Book) -> None:
    watch, layer, socket = Watch(), get_channel_layer(), book.socket()
    before = set(layer.channels)
    joining = asyncio.create_task(watch.join(socket))
    await asyncio.sleep(0)
    watch.leave(socket)
    await joining
    await settled(lambda: not layer.groups and set(layer.channels) <= before)


class Away:
    """A layer whose Redis is away until it is back."""

    def __init__(self) -> None:
        self.back = False

    async def new_channel(self) -> str:
        if not self.back:
            raise redis.exceptions.ConnectionError
        name: str = await get_channel_layer().new_channel()
        return name

    def __getattr__(self, name: str) -> Any:
        return getattr(get_channel_layer(), name)


async def test_while_redis_is_away_the_clock_is_left_and_later_the_signals_come(book: Book) -> None:
    watch, socket, away = Watch(), book.socket(), Away()
    with (
        patch.object(watching, "get_channel_layer", lambda: away),
        patch.object(watching, "JOIN_SECONDS", 0.05),
        patch.object(watching, "OUTAGE_SECONDS", 0.05),
    ):
        await watch.join(socket)
        await settled(lambda: book.asked)
        away.back = True
        await settled(lambda: watch.lines[socket.user.pk].opened.is_set())
        await away.group_send(f"user.{socket.user.pk}", {"type": "told", "frame": RENAMED})
        await settled(lambda: socket.heard)
        del book.sessions[socket.session_key]
        await settled(lambda: socket.code)
        watch.leave(socket)


async def test_whose_authority_has_changed_comes_back_and_stays(book: Book, settings: Settings) -> None:
    settings.AUTHORITY_SECONDS = 60
    watch, team = Watch(), uuid4()
    member = Standing(True, User.Role.MEMBER, {team: Membership.Role.MEMBER})
    pk = uuid4()

    def read(standing: Standing) -> User:
        user = User(pk=pk)
        user.standing = standing
        return user

    first, bob = book.socket(read(member)), book.socket()
    second = book.socket(read(member))
    for socket in (first, second, bob):
        socket.user = await watch.join(socket)
    for changed in (replace(member, teams={team: Membership.Role.GUEST}), replace(member, teams={})):
        for socket in (first, second):
            socket.code, book.sessions[socket.session_key] = 0, read(changed)
        await get_channel_layer().group_send(f"user.{pk}", {"type": "authority.changed"})
        await settled(lambda: first.code and second.code)
        assert (first.code, second.code, bob.code) == (CHANGED, CHANGED, 0)
        asked = len(book.asked)
        first.code = 0
        await get_channel_layer().group_send(f"user.{pk}", {"type": "authority.changed"})
        await settled(lambda asked=asked: len(book.asked) > asked)
        assert first.code == 0
    for socket in (first, second, bob):
        watch.leave(socket)


async def test_who_leaves_while_redis_is_away_leaves_nothing_once_it_is_back(book: Book, servers: Servers) -> None:
    watch, layer, socket = Watch(), get_channel_layer(), book.socket()
    (shard,) = layer._shards
    before = set(shard._subscribed_to)
    await watch.join(socket)
    assert len(shard._subscribed_to - before) == 2
    with patch.object(watching, "OUTAGE_SECONDS", 0.05):
        servers.kill_valkey()
        watch.leave(socket)
        await asyncio.sleep(0.3)
        await asyncio.to_thread(servers.start_valkey)
        await settled(lambda: shard._subscribed_to <= before, 10)
