"""Words are whole: no half characters, no half stop strings."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from models_admin.engine.prompt import Prompt, TooLong, fit, latest
from models_admin.engine.protocol import Turn
from models_admin.engine.slots import Share, Slot, choose, common_prefix, share_out
from models_admin.engine.text import Words


@given(st.text(), st.integers(min_value=1, max_value=5))
def test_bytes_in_any_pieces_give_the_same_text(text: str, size: int) -> None:
    data = text.encode("utf-8", errors="replace")
    words = Words()
    shown = [words.add(data[n : n + size]) for n in range(0, len(data), size)]
    assert "".join(shown) + words.rest() == data.decode().replace("\0", "")


@given(st.text("abc"), st.sampled_from(["ab", "aab", "cc", "abca"]), st.integers(min_value=1, max_value=4))
def test_a_stop_string_is_found_across_pieces(text: str, stop: str, size: int) -> None:
    words = Words((stop,))
    shown = ""
    for n in range(0, len(text), size):
        shown += words.add(text[n : n + size].encode())
        if words.stopped:
            break
    shown += words.rest()
    assert shown == text.partition(stop)[0]
    assert words.stopped == (stop in text)


def test_a_conversation_returns_to_its_slot_then_an_empty_one_then_the_oldest() -> None:
    slots = [Slot(0, "a", [1], used=5), Slot(1, "b", [2], used=3), Slot(2)]
    assert choose(slots, "b") is slots[1]
    assert choose(slots, "new") is slots[2]
    slots[2].busy = True
    assert choose(slots, "new") is slots[1]
    slots[0].busy = slots[1].busy = True
    assert choose(slots, "a") is None


def test_the_shortest_is_read_first_and_nobody_stands_still() -> None:
    assert share_out([(3, 100), (1, 10), (2, 100)], room=80) == [Share(3, 70), Share(1, 10)]
    assert share_out([(0, 4000), (1, 12)], room=64) == [Share(0, 52), Share(1, 12)]
    assert share_out([(0, 4000), (1, 60)], room=64) == [Share(0, 16), Share(1, 48)]
    assert share_out([(0, 5)], room=0) == []


@given(st.lists(st.integers(min_value=1, max_value=300), max_size=8), st.integers(min_value=0, max_value=512))
def test_no_room_is_left_while_somebody_has_something_to_read(counts: list[int], room: int) -> None:
    shares = {share.index: share.count for share in share_out(list(enumerate(counts)), room=room)}
    assert sum(shares.values()) == min(room, sum(counts))
    assert all(count <= counts[index] for index, count in shares.items())
    if counts and room:
        assert shares[0] >= min(counts[0], room // 4)


def test_a_nul_is_no_word() -> None:
    words = Words()
    assert words.add(b"a\0b") + words.add(b"\0") + words.rest() == "ab"


def test_a_history_that_surely_does_not_fit_is_not_even_counted() -> None:
    turns = [Turn("system", "s"), *[Turn(role, "x" * 10) for _ in range(5) for role in ("user", "assistant")]]
    turns.append(Turn("user", "y" * 10))
    kept, left_out = latest(turns, most=35)
    assert [turn.text[0] for turn in kept] == ["s", "x", "x", "y"]
    assert left_out == 8
    assert latest(turns, most=1000) == (turns, 0)
    assert latest(turns, most=1)[0] == [turns[0], turns[-1]]


def test_common_prefix_counts_from_the_start() -> None:
    assert common_prefix([1, 2, 3], [1, 2, 4]) == 2
    assert common_prefix([1, 2], [1, 2, 3]) == 2
    assert common_prefix([], [1]) == 0


def _count(turns: Sequence[Turn]) -> Prompt:
    return Prompt([0] * sum(len(turn.text) for turn in turns), 0)


@given(st.lists(st.integers(min_value=1, max_value=20), min_size=1, max_size=9), st.integers(min_value=1, max_value=80))
def test_what_fits_is_kept_from_the_end(sizes: list[int], room: int) -> None:
    turns = [Turn("user" if n % 2 == 0 else "assistant", "x" * size) for n, size in enumerate(sizes)]
    starts = list(range(0, len(turns), 2))
    fitting = [n for n in starts if sum(sizes[n:]) <= room]
    try:
        prompt = fit(turns, _count, room=room)
    except TooLong:
        assert not fitting
    else:
        assert prompt.left_out == fitting[0]
        assert len(prompt.tokens) == sum(sizes[fitting[0] :])
