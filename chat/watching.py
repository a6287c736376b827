"""One watch per web process over all of its open sockets: who may stay, and what other processes tell their people.

With tasks, a channel in Redis and a query a round for each of them, a thousand idle sockets would fill a core.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import cache
from typing import Any, Protocol

import redis.exceptions
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from accounts.models import User
from accounts.queries import holders_of

SIGNED_OUT = 4401
CHANGED = 4403  # the tab comes back and sees what it still may
AT_THE_DOOR = 16  # sockets that come in at the same time: where hundreds come, pages are served between them
JOIN_SECONDS = 2.0  # how long a socket waits for Redis before it goes without: the clock is left
OUTAGE_SECONDS = 2.0
log = logging.getLogger(__name__)


class Tab(Protocol):
    """What the watch knows of a socket."""

    user: User
    session_key: str

    async def say(self, content: dict[str, Any]) -> None: ...
    async def close(self, code: int) -> None: ...


class Line:
    """One person's sockets in this process, and the task that hears what other processes tell that person."""

    def __init__(self, user: User, doubt: Callable[["Line"], None]) -> None:
        self.user, self.group, self.doubt = user, f"user.{user.pk}", doubt
        self.tabs: set[Tab] = set()
        self.opened = asyncio.Event()
        self.task = asyncio.create_task(self._hear())

    def hang_up(self) -> None:
        """Nobody is left. A line that is not open yet finds that out by itself: else its channel would stay."""
        if self.opened.is_set():
            self.task.cancel()

    async def _hear(self) -> None:
        layer = get_channel_layer()
        channel = await self._open(layer)
        if not self.tabs:
            self.task.cancel()
        try:
            while True:
                # The only place where this waits: a receiver that is cancelled here gives its channel back.
                await self._pass_on(await layer.receive(channel))
        finally:
            await self._give_back(layer, channel)

    async def _open(self, layer: Any) -> str:
        """Return the channel on which the person's group is heard, as soon as Redis is there."""
        channel = ""
        while not self.opened.is_set():
            try:
                channel = channel or await layer.new_channel()
                await layer.group_add(self.group, channel)
                self.opened.set()
            except (redis.exceptions.RedisError, OSError):
                await asyncio.sleep(OUTAGE_SECONDS)
        return channel

    async def _give_back(self, layer: Any, channel: str) -> None:
        """Unsubscribe, as soon as Redis is there: while it is away the layer forgets, and subscribes again later."""
        with suppress(redis.exceptions.RedisError, OSError):
            await layer.group_discard(self.group, channel)
        for name in (channel, layer._get_group_channel_name(self.group)):
            while name not in layer.channels and name not in layer.groups:  # else somebody has come back
                try:
                    await layer._get_shard(name).unsubscribe(name)
                    break
                except (redis.exceptions.RedisError, OSError):
                    await asyncio.sleep(OUTAGE_SECONDS)

    async def _pass_on(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case "told":
                for tab in tuple(self.tabs):
                    await tab.say(event["frame"])
            case "authority.changed":
                self.doubt(self)


class Door:
    """Asks whose sessions these are for sockets that come: those that come while it asks are asked about together."""

    def __init__(self) -> None:
        self.waiting: dict[str, asyncio.Future[User | None]] = {}
        self.task: asyncio.Task[None] | None = None

    async def holder_of(self, session_key: str) -> User | None:
        """Return whose session this is, by a question that begins after this one. Raises DatabaseError."""
        answer = self.waiting.setdefault(session_key, asyncio.get_running_loop().create_future())
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._ask())
        return await asyncio.shield(answer)

    async def _ask(self) -> None:
        while self.waiting:
            waiting, self.waiting = self.waiting, {}
            try:
                holders = await database_sync_to_async(holders_of)(waiting.keys())
            except Exception as fault:
                for answer in waiting.values():
                    answer.set_exception(fault)
                    answer.exception()  # nobody may be left to hear it
            else:
                for session_key, answer in waiting.items():
                    answer.set_result(holders.get(session_key))


class Watch:
    """Asks about all sockets together, once a round, and at once where somebody has lost or changed authority."""

    def __init__(self) -> None:
        self.turn = asyncio.Semaphore(AT_THE_DOOR)
        self.door = Door()
        self.lines: dict[object, Line] = {}
        self.doubted: set[Line] = set()
        self.doubts = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    async def join(self, tab: Tab) -> User:
        """Begin to watch a socket. Return its person, one object for all of their sockets.

        What was asked of the database before this has returned may have changed unheard: ask again.
        """
        line = self.lines.get(tab.user.pk)
        if line is None:
            line = self.lines[tab.user.pk] = Line(tab.user, self._doubt)
        line.tabs.add(tab)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._ask())
        with suppress(TimeoutError):
            async with asyncio.timeout(JOIN_SECONDS):
                await line.opened.wait()
        return line.user

    def leave(self, tab: Tab) -> None:
        """Watch a socket no longer."""
        line = self.lines.get(tab.user.pk)
        if line is None:
            return
        line.tabs.discard(tab)
        if not line.tabs:
            del self.lines[tab.user.pk]
            line.hang_up()
        if not self.lines and self.task is not None:
            self.task.cancel()
            self.task = None

    def _doubt(self, line: Line) -> None:
        self.doubted.add(line)
        self.doubts.set()

    async def _ask(self) -> None:
        """Ask about everybody now and then: the safety net for a lost signal. It must not break."""
        now = asyncio.get_running_loop().time
        due = now() + settings.AUTHORITY_SECONDS
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    await self.doubts.wait()
            lines, self.doubted = self.doubted, set()
            self.doubts.clear()
            if now() >= due:
                lines, due = set(self.lines.values()), now() + settings.AUTHORITY_SECONDS
            try:
                await shut_out([tab for line in lines for tab in line.tabs])
            except Exception:
                log.exception("Sockets could not be asked about.")


async def shut_out(tabs: Collection[Tab]) -> None:
    """Close those whose session is no longer theirs, or whose person may other things than before.

    While the database is away, what was true stays true.
    """
    try:
        holders = await database_sync_to_async(holders_of)({tab.session_key for tab in tabs})
    except (DatabaseError, InterfaceError):
        return
    for tab in tabs:
        if holders.get(tab.session_key) != tab.user:
            await tab.close(SIGNED_OUT)
        elif holders[tab.session_key].standing != tab.user.standing:
            await tab.close(CHANGED)
    for tab in tabs:  # one object for all sockets of a person: those that come back share it
        if holders.get(tab.session_key) == tab.user:
            tab.user.standing = holders[tab.session_key].standing


@cache
def _watch_of(loop: asyncio.AbstractEventLoop) -> Watch:
    return Watch()


def watch() -> Watch:
    """Return the running loop's watch."""
    return _watch_of(asyncio.get_running_loop())
