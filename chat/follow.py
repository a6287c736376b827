"""Follow one answer from any point to its end: the stream where there is one, PostgreSQL where it has gaps."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from typing import Any
from uuid import UUID

import redis.exceptions
from asgiref.sync import sync_to_async
from django.db import DatabaseError, InterfaceError

from accounts.models import User
from chat.bites import Reader
from chat.frames import AnswerEnded, AnswerGrew, AnswerQueued, AnswerStarted, Frame, utf16_length, utf16_tail
from chat.models import Generation
from chat.queue import place_of
from chat.stream import START, key_of, read
from chat.tail import Ear, Entries, tail

LOOK_SECONDS = 1.0  # how long a silent stream is believed before the row is read again
LONGEST = 4_000  # characters in one frame: at most 48,000 bytes of JSON, and Daphne sends 65,536

State = Generation.State


class Follower:
    """Tells one tab one answer of its person, as long as there is `room`. While there is none, it holds no text.

    `cursor` is the last stream entry told to its end, `told` how far the text is, if known.
    """

    def __init__(self, pk: UUID, after: str, person: User, room: asyncio.Event) -> None:
        self.pk = pk
        self.room = room
        self.key = key_of(pk)
        self.cursor = START if after in ("", "0") else after
        # A tab that resumes has everything up to its cursor; one that begins has nothing.
        self.told: int | None = 0 if self.cursor == START else None
        self.attempt = 0  # whose words were told last; 0: not known
        self.place: AnswerQueued | None = None
        self.reader = Reader(pk, person)
        self.owes_row = self.told == 0  # the row comes before what the stream still has
        self.gap = ""  # the entry in front of which the row was asked for missing words
        self.is_silent = self.goes_on = False
        self.ear: Ear | None = None  # while it waits for more

    async def frames(self) -> AsyncGenerator[Frame, None]:
        """Yield frames until the answer has ended or is gone. Whoever takes them does not wait with one in hand."""
        if self.told is None:
            self.attempt = await self.attempt_at(self.cursor)
        try:
            async for frame in self.heard():
                yield frame
        finally:
            self.close_ear()

    async def heard(self) -> AsyncIterator[Frame]:
        """Yield what there is to tell."""
        while True:
            if self.owes_row:
                self.owes_row = False
                async for frame in self.from_row():
                    yield frame
                    if isinstance(frame, AnswerEnded):
                        return
            await self.until_room()
            async for frame in self.from_stream():
                yield frame
            if self.is_silent:
                self.ear = self.ear or tail().join(self.key, self.cursor)
                # The stream said nothing for a while: the row knows whether that is right.
                self.owes_row = not await self.ear.wait(at_most=LOOK_SECONDS)

    async def until_room(self) -> None:
        """Return once there is room. Meanwhile nothing is read for this tab."""
        if not self.room.is_set():
            self.close_ear()
            await self.room.wait()

    def close_ear(self) -> None:
        """Listen no longer."""
        if self.ear:
            self.ear.close()
            self.ear = None

    async def entries(self) -> Entries:
        """Return what the stream has behind the cursor; nothing while Redis is away."""
        try:
            return await (self.ear.entries(self.cursor) if self.ear else tail().entries(self.key, self.cursor))
        except (redis.exceptions.RedisError, OSError):
            return []

    async def attempt_at(self, cursor: str) -> int:
        """Return whose words the tab has read last; 0 where the stream does not know any more."""
        try:
            found = await tail().entry(self.key, cursor)
        except (redis.exceptions.RedisError, OSError):
            return 0
        return int(read(found)["attempt"]) if found else 0

    async def from_stream(self) -> AsyncIterator[Frame]:
        """Yield what the stream has, while there is room and no need of the row. What is left will be read again."""
        entries = await self.entries()
        self.is_silent = not entries
        for cursor, fields in entries:
            for frame in self.tell(cursor.decode(), read(fields)):
                yield frame
            if self.owes_row or not self.room.is_set():
                return

    def tell(self, cursor: str, entry: dict[str, Any]) -> Iterator[Frame]:
        """Turn one stream entry into frames. Words of a worker that had been replaced already are no words."""
        self.place = None
        if entry["attempt"] >= self.attempt:
            replaced = 0 < self.attempt < entry["attempt"]
            self.attempt = entry["attempt"]
            match entry["type"]:
                case "answer.started":
                    if replaced and self.told is not None:
                        self.told = min(self.told, entry["at"])  # the tab lets go of what lies behind, with new words
                    yield AnswerStarted(str(self.pk), entry["model"], entry["left_out"])
                case "answer.grew":
                    if self.told is not None and entry["at"] > self.told and self.gap != cursor:
                        self.gap, self.owes_row = cursor, True  # the row has the missing words
                        return
                    for grown in self.grown(cursor, entry["at"], entry["text"]):
                        yield grown
                        if grown.cursor != cursor and not self.room.is_set():
                            return
                case "answer.ended":
                    self.owes_row = True
        self.cursor = cursor

    def grown(self, cursor: str, at: int, text: str) -> Iterator[AnswerGrew]:
        """Yield the frames for words at an offset, less those told already; none for words behind a gap.

        Whoever has all of them has the stream up to `cursor`.
        """
        if self.told is not None:
            if at > self.told:
                return
            text = utf16_tail(text, self.told - at)
        else:
            self.told = at
        for start in range(0, len(text), LONGEST):
            piece, at = text[start : start + LONGEST], self.told
            self.told += utf16_length(piece)
            is_last = start + LONGEST >= len(text)
            yield AnswerGrew(str(self.pk), cursor if is_last else self.cursor, at, piece)

    async def from_row(self) -> AsyncIterator[Frame]:
        """Yield what PostgreSQL knows beyond what was told. Nothing while it is away."""
        self.goes_on = True
        while self.goes_on:
            await self.until_room()
            async for frame in self.from_bite():
                yield frame

    async def from_bite(self) -> AsyncIterator[Frame]:
        """Yield what the next bite of the row has beyond what was told, while there is room, and then the end."""
        self.goes_on = False
        try:
            bite = await self.reader.read(self.told or 0)
            queued = bite is not None and bite.generation.state == State.QUEUED
            place = await sync_to_async(place_of)(bite.generation) if bite and queued else None
        except (DatabaseError, InterfaceError):
            return
        if bite is None:
            yield AnswerEnded(str(self.pk), self.cursor, "removed", "", None, 0, 0, False)
            return
        if place is not None:
            queued_at = AnswerQueued(str(self.pk), place.ahead, place.wait_seconds)
            if queued_at != self.place:
                self.place = queued_at
                yield queued_at
        if bite.generation.is_live and self.told is None:
            return
        self.told = self.told or 0  # at the end the whole text, where we do not know what the tab has
        for grown in self.grown(self.cursor, bite.at, bite.text):
            yield grown
            if not self.room.is_set():
                break
        if self.told >= bite.end:
            self.reader.go_on(bite)
        self.goes_on = self.told < bite.end or not bite.is_last
        if not self.goes_on and not bite.generation.is_live:
            yield self.last(bite.generation, bite.end)

    def last(self, generation: Generation, length: int) -> AnswerEnded:
        """Return the last fact of an answer of so many UTF-16 code units."""
        rate = generation.tokens_per_second
        return AnswerEnded(
            str(self.pk),
            self.cursor,
            generation.state,
            generation.reason,
            None if rate is None else round(rate, 1),
            generation.output_tokens,
            length,
            generation.can_continue,
        )
