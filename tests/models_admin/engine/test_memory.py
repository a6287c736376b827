"""What is kept of conversations that lost their slot, what is guessed, and how much a step reads. Pure."""

from hypothesis import given
from hypothesis import strategies as st

from models_admin.engine.lookup import Lookup
from models_admin.engine.pacing import SMALLEST, Pace
from models_admin.engine.shelf import Shelf, State


def state(size: int) -> State:
    return State([1], b"", size)


def test_who_was_unused_for_longest_leaves_the_shelf_first() -> None:
    shelf = Shelf(100)
    for name in "abc":
        shelf.put(name, state(30))
    assert shelf.get("a")
    shelf.put("d", state(30))
    assert [name for name in "abcd" if shelf.get(name)] == ["a", "c", "d"]
    assert shelf.used == 90


def test_a_state_larger_than_the_shelf_is_not_kept() -> None:
    shelf = Shelf(100)
    shelf.put("a", state(30))
    shelf.put("b", state(101))
    assert shelf.get("a")
    assert not shelf.get("b")
    shelf.put("a", state(40))
    assert (len(shelf), shelf.used) == (1, 40)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 60)), max_size=40))
def test_the_shelf_never_holds_more_than_its_room(puts: list[tuple[int, int]]) -> None:
    shelf = Shelf(100)
    for name, size in puts:
        shelf.put(name, state(size))
        assert shelf.used <= 100


def test_a_run_that_stood_there_before_is_guessed() -> None:
    lookup = Lookup()
    lookup.add([1, 2, 3, 4, 5, 6, 9, 9, 1, 2, 3])
    assert lookup.guess(3) == [4, 5, 6]
    lookup.add([7])
    assert lookup.guess() == []


def test_bad_luck_pauses_the_guessing() -> None:
    lookup = Lookup()
    lookup.add([1, 2, 3, 4, 1, 2, 3])
    for _ in range(6):
        assert lookup.guess()
        lookup.learn(4, 0)
    assert lookup.guess() == []


def test_a_step_that_took_too_long_reads_less_and_a_quick_one_more() -> None:
    pace = Pace(most=512, target=0.25, budget=64)
    pace.learn(64, 0.5)
    assert pace.budget == 32
    pace.learn(10, 0.01)  # there was little to read: nothing is learnt
    assert pace.budget == 32
    for _ in range(20):
        pace.learn(pace.budget, 0.01)
    assert pace.budget == 512
    for _ in range(20):
        pace.learn(pace.budget, 60)
    assert pace.budget == SMALLEST


def test_a_burst_of_short_questions_is_read_sooner_than_a_long_one() -> None:
    pace = Pace(most=512, budget=64)
    assert pace.room([20, 30, 40], answering=1) == 256
    assert pace.room([20, 30, 40], answering=0) == 512  # nobody has to wait for it
    assert pace.room([20], answering=1) == pace.room([20, 4000], answering=0) == 64
    assert pace.room([4000], answering=0) == 192
