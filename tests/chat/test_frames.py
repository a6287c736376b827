"""Offsets are counted as the browser counts them."""

from hypothesis import given
from hypothesis import strategies as st

from chat.frames import FRAMES, utf16_length, utf16_tail
from chat.stream import joined


def test_every_frame_is_a_noun_and_a_past_participle() -> None:
    assert [frame.type for frame in FRAMES] == [
        "answer.queued",
        "answer.started",
        "answer.grew",
        "answer.ended",
        "conversation.renamed",
        "conversation.removed",
        "conversation.changed",
        "notice.posted",
        "board.drawn",
        "follow.refused",
        "socket.refused",
    ]


def test_an_emoji_counts_twice() -> None:
    assert utf16_length("a🔥é") == 4
    assert utf16_tail("a🔥é", 3) == "é"


@given(st.text(), st.text(), st.integers(min_value=0, max_value=5))
def test_pieces_told_again_change_nothing(text: str, piece: str, overlap: int) -> None:
    back = text[max(0, len(text) - overlap) :]
    at = utf16_length(text) - utf16_length(back)
    assert joined(text, at, back + piece) == text + piece


def test_a_piece_behind_a_gap_changes_nothing() -> None:
    assert joined("abc", 5, "f") == "abc"
