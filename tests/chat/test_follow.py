"""What a tab is told, joined as the page joins it, whatever dead and living workers have left in the stream."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from chat import stream
from chat.follow import Follower
from chat.frames import AnswerEnded, AnswerGrew, AnswerStarted, Frame
from chat.tail import tail

pytestmark = pytest.mark.usefixtures("clean_redis")


class Row(Follower):
    """A follower whose row says nothing, so that the stream alone is heard."""

    async def from_row(self) -> AsyncIterator[Frame]:
        nothing: list[Frame] = []
        for frame in nothing:
            yield frame


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
        await frames.aclose()  # type: ignore[attr-defined]


async def test_a_tab_that_follows_from_the_start_ends_with_the_heirs_words() -> None:
    pk = uuid4()
    await asyncio.to_thread(stream.add, [(pk, one) for one in ENTRIES])
    text, _ = await told(Row(pk, "0"))
    assert text == "one two three"


async def test_a_tab_that_comes_back_at_any_point_ends_with_the_heirs_words() -> None:
    pk = uuid4()
    await asyncio.to_thread(stream.add, [(pk, one) for one in ENTRIES])
    _, steps = await told(Row(pk, "0"))
    assert len(steps) == 4
    for cursor, had in steps:
        text, _ = await told(Row(pk, cursor), had)
        assert text == "one two three"


async def test_a_cursor_that_the_stream_has_lost_is_no_error() -> None:
    assert await tail().entry(stream.key_of(uuid4()), "5-0") is None
    text, _ = await told(Row(uuid4(), "5-0"), "kept")
    assert text == "kept"
