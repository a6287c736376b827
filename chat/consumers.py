"""Carries facts to one browser tab. It writes nothing but refusals."""

import asyncio
import contextlib
import time
from collections.abc import Iterable
from functools import cached_property
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from autobahn.exception import Disconnected
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import parse_cookie
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.language import language_for
from accounts.models import User
from accounts.roles import Power
from audit import refusals, verbs
from audit.actor import Actor, Kind, digest_of_session
from audit.entry import Target
from chat.boards import boards
from chat.credit import Credit
from chat.follow import Follower
from chat.frames import AnswerGrew, FollowRefused, Frame, SocketRefused, as_json
from chat.places import places, sentence
from chat.queries import generations_of
from chat.watching import SIGNED_OUT, watch
from chat.words import Follow, Malformed, Seen, Watch, parse

FLOOD = 1008
NOT_TEXT = 1003
CROWDED = 4429
MOST_WORDS = 200  # in ten seconds: a tab says a few
MOST_FOLLOWED = 20
MOST_MALFORMED = 10


class TabConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """One tab's socket. Nothing is said before it is `open`; once it is `shut`, nothing more is heard or said.

    The tab may go on talking for a while.
    """

    open = shut = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Hear the socket. What comes from other processes comes by the watch, so that nothing else waits here."""
        self.scope, self.base_send, self.channel_layer = scope, send, None
        try:
            with contextlib.suppress(StopConsumer):
                while True:
                    await self.dispatch(await receive())
        finally:
            await self.let_go()

    async def connect(self) -> None:
        async with watch().turn:
            await self.come_in()

    async def come_in(self) -> None:
        """Let the holder of the session in. The headers are gone once a socket is open."""
        self.session_key = session_key_in(self.scope["headers"])
        self.tongues = header_in(self.scope["headers"], b"accept-language")
        holder = await self.holder()
        if holder is None:
            await self.close(SIGNED_OUT)
            return
        self.places = places((self.scope.get("server") or ["", 0])[1])
        if not await self.places.take(holder.pk):
            await self.turn_away(holder)
            return
        self.user = holder
        self.following: dict[UUID, asyncio.Task[None]] = {}
        self.words: list[float] = []
        self.malformed = 0
        self.user = await watch().join(self)
        # Once more: a signal may have come before it could be heard.
        if await self.holder() != self.user:
            await self.close(SIGNED_OUT)
        elif not self.shut:
            await self.accept()
            self.open = True

    async def turn_away(self, holder: User) -> None:
        """Say why, then shut the door: a browser cannot read why a handshake fails."""
        await self.accept()
        with translation.override(self.language(holder)):
            await self.close(CROWDED, sentence())

    async def holder(self) -> User | None:
        """Return whose session this is. Nobody comes in while the database is away."""
        if not self.session_key:
            return None  # a stranger costs no question
        try:
            return await watch().door.holder_of(self.session_key)
        except (DatabaseError, InterfaceError):
            return None

    @cached_property
    def credit(self) -> Credit:
        """An idle socket needs none."""
        return Credit()

    async def close(self, code: Any = None, reason: Any = None) -> None:
        if not self.shut:
            self.shut = True
            with contextlib.suppress(Disconnected):
                await super().close(code, reason)

    async def let_go(self) -> None:
        """End what belongs to this socket, however it has ended."""
        if not hasattr(self, "user"):
            return
        watch().leave(self)
        boards().leave(self)
        tasks = list(self.following.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, self.places.give_back(self.user.pk), return_exceptions=True)

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
            match word:
                case Seen():
                    self.credit.seen(str(word.generation), word.cursor)
                case Follow():
                    await self.follow(word)
                case Watch():
                    await self.look_at_board()
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
            self.carry(Follower(word.generation, word.after, self.user, self.credit.enough))
        )

    async def look_at_board(self) -> None:
        """Carry the board of models, if this person keeps them. Whoever loses that loses the socket."""
        standing = self.user.standing
        if standing and standing.somewhere(Power.MANAGE_MODELS):
            boards().watch(self, self.language(self.user))
        else:
            await sync_to_async(self.note_refusal)()
            with translation.override(self.language(self.user)):
                complaint = _("The board is for those who keep the models.")
            await self.tell(SocketRefused(complaint))

    def language(self, holder: User) -> str:
        """Return in which language this tab is spoken to."""
        return language_for(holder, self.tongues)

    def note_refusal(self, generation: UUID | None = None) -> None:
        """Have the audit log count that this person asked for what is not theirs."""
        address = (self.scope.get("client") or [None])[0]
        by = Actor(Kind.PERSON, str(self.user.pk), digest_of_session(self.session_key), address)
        targets = [Target("generation", generation)] if generation else []
        refusals.refused(verbs.ACCESS_REFUSED, by=by, targets=targets)

    async def carry(self, follower: Follower) -> None:
        """Carry one answer's frames for as long as the tab keeps looking."""
        try:
            async with contextlib.aclosing(follower.frames()) as frames:
                async for frame in frames:
                    if isinstance(frame, AnswerGrew):
                        self.credit.spend(frame.generation, frame.cursor, len(frame.text))
                    await self.tell(frame)
        finally:
            self.credit.forget(str(follower.pk))

    async def tell(self, frame: Frame) -> None:
        await self.say(as_json(frame))

    async def say(self, content: dict[str, Any]) -> None:
        """Send, unless the connection is ending: whoever is behind it comes back and asks again."""
        if self.open and not self.shut:
            with contextlib.suppress(Disconnected):
                await self.send_json(content)


def session_key_in(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return what the session's cookie says, or nothing."""
    key: str = parse_cookie(header_in(headers, b"cookie")).get(settings.SESSION_COOKIE_NAME, "")
    return key


def header_in(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> str:
    """Return what the first header of this name says, or nothing."""
    return next((value.decode("latin1") for name, value in headers if name == wanted), "")
