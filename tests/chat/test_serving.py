"""A shift over an engine that does what it is told: nobody waits for ever, and nobody speaks for an heir."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.db.models.functions import Now
from factories import asked, heard, make_deployment, make_user

from chat import actions, queue, serving, stream
from chat.models import CUT, Generation
from chat.serving import Shift
from chat.writing import FULL
from models_admin.engine.protocol import Ended, EndReason, Event, Piece, Ready, Request, Started, Status
from models_admin.models import Deployment
from models_admin.seat import Seat, seat_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
State = Generation.State


class Told:
    """An engine whose every word a test tells."""

    ready = Ready("Told", "f" * 64, "told", "none", 4096, 8, 0.0)
    status = Status(())

    def __init__(self) -> None:
        self.submitted: list[Request] = []
        self.cancelled: list[str] = []
        self.events: list[Event] = []

    def submit(self, request: Request) -> None:
        self.submitted.append(request)
        self.events.append(Started(request.id, 3, 0, 0))

    def cancel(self, id: str) -> None:
        self.cancelled.append(id)

    def poll(self, timeout: float) -> Sequence[Event]:
        events, self.events = self.events, []
        return events

    def close(self) -> None:
        """Nothing to let go of."""


@pytest.fixture
def engine() -> Told:
    return Told()


@pytest.fixture
def shift(engine: Told) -> Shift:
    return Shift(Seat(make_deployment().pk), engine)


def step(shift: Shift, *events: Event, at: float = 0.0) -> None:
    """One turn of the loop at a moment; a whole second apart, texts are stored."""
    shift.claim(at)
    for event in (*shift.engine.poll(0), *events):
        shift.take(event)
    shift.flush(at)


def expire(generation: Generation) -> None:
    """Its lease runs out, and the reaper queues it for another attempt."""
    Generation.objects.for_housekeeping().filter(pk=generation.pk).update(lease_until=Now() - timedelta(seconds=1))
    heard()
    assert queue.reap()["queued"] == 1


def stored(generation: Generation) -> tuple[str, str]:
    generation.refresh_from_db()
    generation.message.refresh_from_db()
    return generation.state, generation.message.text


def test_what_an_earlier_attempt_still_says_is_not_taken_for_its_heirs(shift: Shift, engine: Told) -> None:
    generation = asked(make_user())
    step(shift)
    first = engine.submitted[0].id
    expire(generation)
    step(shift, at=10)  # the same host takes it again, and hears that its first attempt is over
    second = engine.submitted[1].id
    assert first != second
    assert first in engine.cancelled
    step(shift, Piece(first, "old"), Ended(first, EndReason.STOPPED), Piece(second, "new"), at=20)
    assert stored(generation) == (State.RUNNING, "new")
    step(shift, Ended(second, EndReason.DONE), at=30)
    assert stored(generation) == (State.DONE, "new")
    assert shift.writings == {}


def test_an_answer_that_could_not_be_handed_over_is_not_held(
    shift: Shift, engine: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = asked(make_user())

    def away(*args: Any, **kwargs: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(queue, "note", away)
        patch.setattr(serving, "OUTAGE_SECONDS", 0)
        patch.setattr(shift, "outage", lambda: None)
        step(shift)
    assert (engine.submitted, shift.writings) == ([], {})
    expire(generation)
    step(shift, at=10)
    assert len(engine.submitted) == 1


def test_the_third_death_ends_an_answer_and_it_alone(shift: Shift, engine: Told) -> None:
    deadly, innocent = asked(make_user(), "deadly"), asked(make_user("bob@example.org"), "innocent")
    for _ in range(2):
        step(shift)
        shift.give_back(failed=True)
        shift.claimed = 0.0
    step(shift)
    assert len(shift.writings) == 1, "a suspect is written alone"
    assert str(deadly.pk) in next(iter(shift.writings))
    step(shift, Piece(next(iter(shift.writings)), "half"))
    shift.give_back(failed=True)
    assert stored(deadly) == (State.FAILED, "half")
    assert deadly.reason == queue.DEADLY
    step(shift, at=10)
    step(shift, Piece(next(iter(shift.writings)), "whole"), Ended(next(iter(shift.writings)), EndReason.DONE), at=20)
    assert stored(innocent) == (State.DONE, "whole")


def test_nothing_is_claimed_beside_a_suspect(shift: Shift, engine: Told) -> None:
    suspect = asked(make_user(), "suspect")
    Generation.objects.for_housekeeping().filter(pk=suspect.pk).update(failures=queue.MOST_FAILURES - 1)
    asked(make_user("bob@example.org"), "next")
    step(shift)
    step(shift, at=10)
    assert len(engine.submitted) == 1
    step(shift, Ended(engine.submitted[0].id, EndReason.DONE), at=20)
    step(shift, at=30)
    assert len(engine.submitted) == 2


def test_a_deployment_that_is_switched_off_tells_who_waits() -> None:
    generation = asked(make_user())
    Deployment.objects.update(enabled=False)
    serving.serve(generation.deployment_id)
    assert stored(generation)[0] == State.FAILED
    assert generation.reason == serving.GONE
    assert not seat_of(generation.deployment_id).serving.locked()


@pytest.mark.parametrize(("end", "reason", "goes_on"), [(EndReason.LENGTH, CUT, True), (EndReason.FULL, FULL, False)])
def test_a_cut_answer_can_go_on_and_a_full_one_cannot(
    shift: Shift, engine: Told, end: EndReason, reason: str, goes_on: bool
) -> None:
    generation = asked(make_user())
    step(shift)
    step(shift, Piece(engine.submitted[0].id, "words"), Ended(engine.submitted[0].id, end), at=10)
    assert stored(generation) == (State.DONE, "words")
    assert (generation.reason, generation.can_continue) == (reason, goes_on)
    assert Generation.objects.for_housekeeping().filter(Generation.cut(), pk=generation.pk).exists() == goes_on
    if not goes_on:
        with pytest.raises(actions.Refusal):
            actions.go_on(generation)


def entry(kind: str, attempt: int, at: int, text: str = "") -> dict[str, Any]:
    return {"type": f"answer.{kind}", "attempt": attempt, "at": at} | ({"text": text} if text else {})


ZOMBIE_AND_HEIR = [
    entry("started", 1, 0),
    entry("grew", 1, 0, "one "),
    entry("grew", 1, 4, "two "),
    entry("grew", 1, 8, "zombie "),  # said after its heir had begun to read
    entry("started", 2, 8),
    entry("grew", 1, 15, "zombie "),
    entry("grew", 2, 8, "three "),
    entry("grew", 1, 22, "zombie "),
    entry("grew", 2, 14, "four"),
]


@pytest.mark.parametrize("kept", ["", "one two ", "one two three ", "one two three four"])
def test_a_replaced_workers_words_are_left_out(kept: str) -> None:
    assert stream.said_in(ZOMBIE_AND_HEIR, kept) == "one two three four"


def test_what_is_stored_outlives_an_old_stream() -> None:
    old = [entry("started", 1, 0), entry("grew", 1, 0, "one "), entry("started", 2, 14), entry("grew", 2, 14, "four")]
    assert stream.said_in(old, "one two three ") == "one two three four"


def test_the_same_words_twice_in_the_stream_are_said_once() -> None:
    generation = asked(make_user())
    stream.add([(generation.pk, one) for one in ZOMBIE_AND_HEIR])
    assert stream.shown(generation.pk, "one ") == "one two three four"
    assert stream.shown(uuid4(), "one ") == "one "
