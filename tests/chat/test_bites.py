"""A long text from the row: exact in browsers' units, as much at once as there is room, and nothing held meanwhile."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from unittest.mock import patch

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from factories import asked, make_user

from accounts.models import User
from chat import bites, follow
from chat.bites import Reader
from chat.follow import Follower
from chat.frames import AnswerEnded, AnswerGrew, Frame, utf16_length
from chat.models import Generation, Message

TEXT = "ash 🔥 ember 🔥🔥 é hearth\n" * 9
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_redis")]


@pytest.fixture(autouse=True)
async def no_connection_stays() -> AsyncIterator[None]:
    yield
    await sync_to_async(connections.close_all)()


def answered(text: str, state: str = Generation.State.DONE) -> tuple[Generation, User]:
    user = make_user()
    generation = asked(user)
    Message.objects.for_hosts().filter(generation=generation).update(text=text)
    Generation.objects.for_hosts().filter(pk=generation.pk).update(state=state)
    return generation, user


def rewrite(generation: Generation, text: str) -> None:
    """As an heir does."""
    Message.objects.for_hosts().filter(generation=generation).update(text=text)
    Generation.objects.for_hosts().filter(pk=generation.pk).update(attempt=generation.attempt + 1)


async def following(text: str) -> Follower:
    generation, user = await sync_to_async(answered)(text)
    return Follower(generation.pk, "0", user, asyncio.Event())


async def given_room(follower: Follower, frames: AsyncIterator[Frame]) -> AsyncIterator[Frame]:
    """Make room for one frame at a time."""
    while True:
        follower.room.set()
        frame = await anext(frames)
        follower.room.clear()
        yield frame
        if isinstance(frame, AnswerEnded):
            return


@pytest.mark.parametrize(("bite", "longest"), [(7, 3), (7, 7), (5, 20), (1000, 1000)])
async def test_a_text_is_told_exactly_a_frame_at_a_time(bite: int, longest: int) -> None:
    follower = await following(TEXT)
    text = ""
    with patch.object(bites, "LONGEST", bite), patch.object(follow, "LONGEST", longest):
        async for frame in given_room(follower, follower.frames()):
            if isinstance(frame, AnswerGrew):
                assert (frame.at, frame.cursor) == (utf16_length(text), "0-0")
                text += frame.text
            else:
                assert isinstance(frame, AnswerEnded)
                assert frame.length == utf16_length(TEXT)
    assert text == TEXT


async def test_a_reader_begins_anew_where_another_attempt_may_have_written_other_words() -> None:
    generation, user = await sync_to_async(answered)("🔥" * 20)
    reader = Reader(generation.pk, user)
    with patch.object(bites, "LONGEST", 5):
        first = await reader.read(0)
        assert first is not None
        reader.go_on(first)
        second = await reader.read(10)
        assert second is not None
        assert (first.at, first.text, second.at, second.text) == (0, "🔥" * 5, 10, "🔥" * 5)
        await sync_to_async(rewrite)(generation, "ash and ember")
        third = await reader.read(10)
        assert third is not None
        assert (third.at, third.text, third.is_last) == (0, "ash a", False)


async def test_a_reader_goes_back_where_less_is_told_than_it_has_read() -> None:
    generation, user = await sync_to_async(answered)("ash and ember")
    reader = Reader(generation.pk, user)
    whole = await reader.read(0)
    assert whole is not None
    assert whole.is_last
    reader.go_on(whole)
    rest = await reader.read(13)
    assert rest is not None
    assert (rest.at, rest.text, rest.is_last) == (13, "", True)
    assert await reader.read(4) == whole


async def test_who_waits_for_room_holds_no_text() -> None:
    follower = await following("x" * 1_000_000)
    followers = [Follower(follower.pk, "0", follower.reader.person, asyncio.Event()) for _ in range(10)]
    await follower.reader.read(0)  # what the first query costs is not meant
    tracemalloc.start()
    streams = [one.frames() for one in followers]
    waiting = []
    for one, frames in zip(followers, streams, strict=True):
        one.room.set()
        await anext(frames)
        one.room.clear()
        waiting.append(asyncio.ensure_future(anext(frames)))
    await asyncio.sleep(0.1)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert not any(task.done() for task in waiting)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert held < 2_000_000  # a bite each and what waiting costs; the texts are ten million letters
