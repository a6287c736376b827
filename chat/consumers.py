"""Carries facts to one browser tab. It writes nothing but refusals, and asks again and again what it may carry."""

import asyncio
import contextlib
import time
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from autobahn.exception import Disconnected
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from accounts.queries import session_is_current
from audit import refusals, verbs
from audit.actor import Actor, Kind, digest_of_session
from audit.entry import Target
from chat.credit import Credit
from chat.follow import Follower
from chat.frames import AnswerGrew, FollowRefused, Frame, SocketRefused, as_json
from chat.queries import generations_of
from chat.words import Follow, Malformed, Seen, parse

SIGNED_OUT = 4401
FLOOD = 1008
NOT_TEXT = 1003
MOST_WORDS = 200  # in ten seconds: a tab says a few
MOST_FOLLOWED = 20
MOST_MALFORMED = 10


class TabConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """One tab's socket. Once it is `shut`, nothing more is heard or said: the tab may go on talking for a while."""

    shut = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self.let_go()

    async def connect(self) -> None:
        self.user = self.scope["user"]
        self.session_key: str = self.scope["session"].session_key or ""
        if not self.user.is_authenticated or not await self.is_current():
            await self.close(SIGNED_OUT)
            return
        self.credit = Credit()
        self.following: dict[UUID, asyncio.Task[None]] = {}
        self.words: list[float] = []
        self.malformed = 0
        self.group = f"user.{self.user.pk}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()
        self.watch = asyncio.create_task(self.watch_authority())

    async def close(self, code: Any = None, reason: Any = None) -> None:
        if not self.shut:
            self.shut = True
            await super().close(code, reason)

    async def let_go(self) -> None:
        """End what belongs to this socket, however it has ended."""
        if not hasattr(self, "watch"):
            return
        tasks = [self.watch, *self.following.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        if self.shut:
            return
        if text_data is None:
            await self.close(NOT_TEXT)
        elif self.is_flood():
            await self.close(FLOOD)
        else:
            await self.hear(text_data)

    def is_flood(self) -> bool:
        now = time.monotonic()
        self.words = [moment for moment in self.words[-MOST_WORDS:] if now - moment < 10]
        self.words.append(now)
        return len(self.words) > MOST_WORDS

    async def hear(self, text: str) -> None:
        try:
            word = parse(text)
            if isinstance(word, Seen):
                self.credit.seen(str(word.generation), word.cursor)
            else:
                await self.follow(word)
        except Malformed as complaint:
            self.malformed += 1
            await self.tell(SocketRefused(str(complaint)))
            if self.malformed > MOST_MALFORMED:
                await self.close(FLOOD)

    async def follow(self, word: Follow) -> None:
        """Begin to carry one answer, if it is this person's."""
        self.following = {pk: task for pk, task in self.following.items() if not task.done()}
        if old := self.following.pop(word.generation, None):
            old.cancel()
            await asyncio.gather(old, return_exceptions=True)
        mine = await generations_of(self.user).filter(pk=word.generation).aexists()
        if not mine:
            await sync_to_async(self.note_refusal)(word.generation)
        if not mine or len(self.following) >= MOST_FOLLOWED:
            await self.tell(FollowRefused(str(word.generation)))
            return
        self.following[word.generation] = asyncio.create_task(
            self.carry(Follower(word.generation, word.after, self.user))
        )

    def note_refusal(self, generation: UUID) -> None:
        """Have the audit log count that this person asked for what is not theirs."""
        address = (self.scope.get("client") or [None])[0]
        by = Actor(Kind.PERSON, str(self.user.pk), digest_of_session(self.session_key), address)
        refusals.refused(verbs.ACCESS_REFUSED, by=by, targets=[Target("generation", generation)])

    async def carry(self, follower: Follower) -> None:
        """Carry one answer's frames for as long as the tab keeps looking."""
        try:
            async for frame in follower.frames():
                if isinstance(frame, AnswerGrew):
                    await self.credit.spend(frame.generation, frame.cursor, len(frame.text))
                await self.tell(frame)
        finally:
            self.credit.forget(str(follower.pk))

    async def tell(self, frame: Frame) -> None:
        await self.say(as_json(frame))

    async def say(self, content: dict[str, Any]) -> None:
        """Send, unless the connection is ending: whoever is behind it comes back and asks again."""
        if not self.shut:
            with contextlib.suppress(Disconnected):
                await self.send_json(content)

    async def told(self, event: dict[str, Any]) -> None:
        """Another process has a fact for every tab of this person."""
        await self.say(event["frame"])

    async def authority_changed(self, event: dict[str, Any]) -> None:
        """Somebody signed out or was shut out; ask whether that is us."""
        if not await self.is_current():
            await self.close(SIGNED_OUT)

    async def watch_authority(self) -> None:
        """The safety net for a lost signal."""
        while True:
            await asyncio.sleep(settings.AUTHORITY_SECONDS)
            if not await self.is_current():
                await self.close(SIGNED_OUT)
                return

    async def is_current(self) -> bool:
        """Whether the session is still this person's. While the database is away, what was true stays true."""
        try:
            return await sync_to_async(session_is_current)(self.session_key, self.user.pk)
        except (DatabaseError, InterfaceError):
            return hasattr(self, "watch")
