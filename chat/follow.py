"""Follow one answer from any point to its end: the stream where there is one, PostgreSQL where it has gaps."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import redis.exceptions
from asgiref.sync import sync_to_async
from django.db import DatabaseError, InterfaceError

from accounts.models import User
from chat.frames import AnswerEnded, AnswerGrew, AnswerQueued, AnswerStarted, Frame, utf16_length, utf16_tail
from chat.models import Generation
from chat.queue import place_of
from chat.stream import START, key_of, read
from chat.tail import tail

LOOK_SECONDS = 1.0  # how long a silent stream is believed before the row is read again
AT_ONCE = 200  # entries
LONGEST = 4_000  # characters in one frame: at most 48,000 bytes of JSON, and Daphne sends 65,536

State = Generation.State


class Follower:
    """Tells one tab one answer of its person.

    `cursor` is the last stream entry told, `told` how far the text is, if known.
    """

    def __init__(self, pk: UUID, after: str, person: User) -> None:
        self.pk = pk
        self.person = person
        self.key = key_of(pk)
        self.cursor = START if after in ("", "0") else after
        # A tab that resumes has everything up to its cursor; one that begins has nothing.
        self.told: int | None = 0 if self.cursor == START else None
        self.before = self.cursor  # what the tab has for certain while one entry is told in several frames
        self.attempt = 0  # whose words were told last; 0: not known
        self.place: AnswerQueued | None = None

    async def frames(self) -> AsyncIterator[Frame]:
        """Yield frames until the answer has ended or is gone."""
        if self.told == 0:
            async for frame in self.from_row():
                yield frame
                if isinstance(frame, AnswerEnded):
                    return
        else:
            self.attempt = await self.attempt_at(self.cursor)
        while True:
            entries = await self.entries()
            for cursor, fields in entries:
                async for frame in self.tell(cursor.decode(), read(fields)):
                    yield frame
                    if isinstance(frame, AnswerEnded):
                        return
            if entries:
                continue
            await tail().wait(self.key, self.cursor, at_most=LOOK_SECONDS)
            async for frame in self.from_row_if_silent():
                yield frame
                if isinstance(frame, AnswerEnded):
                    return

    async def entries(self) -> list[tuple[bytes, dict[bytes, bytes]]]:
        """Return what the stream has behind the cursor; nothing while Redis is away."""
        try:
            return await tail().entries(self.key, self.cursor, AT_ONCE)
        except (redis.exceptions.RedisError, OSError):
            return []

    async def attempt_at(self, cursor: str) -> int:
        """Return whose words the tab has read last; 0 where the stream does not know any more."""
        try:
            found = await tail().entry(self.key, cursor)
        except (redis.exceptions.RedisError, OSError):
            return 0
        return int(read(found)["attempt"]) if found else 0

    async def tell(self, cursor: str, entry: dict[str, Any]) -> AsyncIterator[Frame]:
        """Turn one stream entry into frames. Words of a worker that had been replaced already are no words."""
        self.before, self.cursor, self.place = self.cursor, cursor, None
        if entry["attempt"] < self.attempt:
            return
        replaced = 0 < self.attempt < entry["attempt"]
        self.attempt = entry["attempt"]
        match entry["type"]:
            case "answer.started":
                if replaced and self.told is not None:
                    self.told = min(self.told, entry["at"])  # the tab lets go of what lies behind, with the next words
                yield AnswerStarted(str(self.pk), entry["model"], entry["left_out"])
            case "answer.grew":
                if self.told is not None and entry["at"] > self.told:
                    async for frame in self.from_row():  # the stream has a gap here; the row has the words
                        yield frame
                for grown in self.grown(entry["at"], entry["text"]):
                    yield grown
            case "answer.ended":
                async for frame in self.from_row():
                    yield frame

    def grown(self, at: int, text: str) -> list[AnswerGrew]:
        """Return the frames for words at an offset, less those told already; none when all of them were."""
        end = at + utf16_length(text)
        if self.told is not None:
            if end <= self.told or at > self.told:
                return []
            at, text = self.told, utf16_tail(text, self.told - at)
        self.told = end
        pieces = [text[n : n + LONGEST] for n in range(0, len(text), LONGEST)]
        frames = []
        for number, piece in enumerate(pieces, 1):
            cursor = self.cursor if number == len(pieces) else self.before
            frames.append(AnswerGrew(str(self.pk), cursor, at, piece))
            at += utf16_length(piece)
        return frames

    async def from_row_if_silent(self) -> AsyncIterator[Frame]:
        """The stream said nothing for a while: the row knows whether that is right."""
        if not await self.entries():
            async for frame in self.from_row():
                yield frame

    async def from_row(self) -> AsyncIterator[Frame]:
        """Yield what PostgreSQL knows beyond what was told. Nothing while it is away."""
        try:
            generation = await (
                Generation.objects.of(self.person).select_related("message", "deployment").filter(pk=self.pk).afirst()
            )
            queued = generation is not None and generation.state == State.QUEUED
            place = await sync_to_async(place_of)(generation) if generation and queued else None
        except (DatabaseError, InterfaceError):
            return
        if generation is None:
            yield AnswerEnded(str(self.pk), self.cursor, "removed", "", None, 0, 0, False)
            return
        if generation.is_live:
            if place is not None:
                queued_at = AnswerQueued(str(self.pk), place.ahead, place.wait_seconds)
                if queued_at != self.place:
                    self.place = queued_at
                    yield queued_at
            if self.told is not None:
                for grown in self.grown(0, generation.message.text):
                    yield grown
            return
        for frame in self.last(generation):
            yield frame

    def last(self, generation: Generation) -> list[Frame]:
        """Return the end: the whole text where we do not know what the tab has, then the last fact."""
        text = generation.message.text
        self.told = min(self.told or 0, utf16_length(text))
        grown = self.grown(0, text)
        rate = generation.tokens_per_second
        ended = AnswerEnded(
            str(self.pk),
            self.cursor,
            generation.state,
            generation.reason,
            None if rate is None else round(rate, 1),
            generation.output_tokens,
            utf16_length(text),
            generation.can_continue,
        )
        return [*grown, ended]
