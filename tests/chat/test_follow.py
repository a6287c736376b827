"""What a tab is told, joined as the page joins it, whatever dead and living workers have left in the stream."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from chat import follow, stream
from chat.follow import Follower
from chat.frames import AnswerEnded, AnswerGrew, AnswerStarted, Frame, as_json, utf16_length, utf16_tail
from chat.tail import tail
from config.supervisor.house import MESSAGE_BYTES

pytestmark = pytest.mark.usefixtures("clean_redis")


class Row(Follower):
    """A follower whose row says nothing, so that the stream alone is heard."""

    async def from_row(self) -> AsyncIterator[Frame]:
        nothing: list[Frame] = []
        for frame in nothing:
            yield frame


def room() -> asyncio.Event:
    enough = asyncio.Event()
    enough.set()
    return enough


def entry(kind: str, attempt: int, at: int, text: str = "") -> dict[str, Any]:
    return {"type": f"answer.{kind}", "attempt": attempt, "at": at, "model": "m", "left_out": 0} | (
        {"text": text} if text else {}
    )


ENTRIES = [
    entry("started", 1, 0),
    entry("grew", 1, 0, "one "),
    entry("grew", 1, 4, "zombie "),
    entry("started", 2, 4),
    entry("grew", 1, 11, "zombie "),
    entry("grew", 2, 4, "two "),
    entry("grew", 1, 18, "zombie "),
    entry("grew", 2, 8, "three"),
]


async def told(follower: Follower, text: str = "") -> tuple[str, list[tuple[str, str]]]:
    """Return the text after everything in the stream, and after each frame the cursor with what the page had."""
    steps: list[tuple[str, str]] = []
    frames = follower.frames()
    try:
        while True:
            frame = await asyncio.wait_for(anext(frames), 0.5)
            assert not isinstance(frame, AnswerEnded)
            if isinstance(frame, AnswerGrew):
                assert frame.at <= len(text), "a gap"
                text = text[: frame.at] + frame.text
                steps.append((frame.cursor, text))
            else:
                assert isinstance(frame, AnswerStarted)
    except TimeoutError:
        return text, steps
    finally:
        await frames.aclose()


async def test_a_tab_that_follows_from_the_start_ends_with_the_heirs_words() -> None:
    pk = uuid4()
    await asyncio.to_thread(stream.add, [(pk, one) for one in ENTRIES])
    text, _ = await told(Row(pk, "0", User(), room()))
    assert text == "one two three"


@pytest.mark.slow
async def test_a_tab_that_comes_back_at_any_point_ends_with_the_heirs_words() -> None:
    pk = uuid4()
    await asyncio.to_thread(stream.add, [(pk, one) for one in ENTRIES])
    _, steps = await told(Row(pk, "0", User(), room()))
    assert len(steps) == 4
    for cursor, had in steps:
        text, _ = await told(Row(pk, cursor, User(), room()), had)
        assert text == "one two three"


@given(st.text(alphabet="aé🔥\n", max_size=60), st.integers(min_value=0, max_value=70))
def test_long_words_are_told_in_frames_that_daphne_sends(text: str, told: int) -> None:
    follower = Follower(uuid4(), "0", User(), room())
    follower.told = told = min(told, utf16_length(text))
    with patch.object(follow, "LONGEST", 5):
        frames = list(follower.grown("7-0", 0, text))
    assert "".join(frame.text for frame in frames) == utf16_tail(text, told)
    assert [frame.at for frame in frames] == [
        told + sum(utf16_length(frame.text) for frame in frames[:n]) for n in range(len(frames))
    ]
    # whoever has only the first frames of an entry has not seen its end
    assert [frame.cursor for frame in frames] == ["0-0"] * (len(frames) - 1) + ["7-0"] * bool(frames)


def test_the_longest_frame_is_below_what_daphne_sends() -> None:
    follower = Follower(uuid4(), "0", User(), room())
    frames = list(follower.grown("7-0", 0, "🔥" * 3 * follow.LONGEST))
    assert max(len(json.dumps(as_json(frame))) for frame in frames) < int(MESSAGE_BYTES)


async def test_a_cursor_that_the_stream_has_lost_is_no_error() -> None:
    assert await tail().entry(stream.key_of(uuid4()), "5-0") is None
    text, _ = await told(Row(uuid4(), "5-0", User(), room()), "kept")
    assert text == "kept"
