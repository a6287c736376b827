"""Rounds: what should be hosted is loaded, what should not is let go, and no bell is needed for either."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import OperationalError
from django.db.models.functions import Now
from factories import asked, make_deployment, make_user

from chat import reconciling, serving
from chat.models import Generation
from chat.reconciling import Rounds
from models_admin import hosting, placing, seat
from models_admin.engine.protocol import Ready
from models_admin.models import Deployment, Happening, Placement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
State = Deployment.State
READY = Ready("Told", "f" * 64, "told", "none", 4096, 8, 1.5)


@pytest.fixture(autouse=True)
def _in_line(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A thread would not see what the test's transaction has written: whoever is rung serves at once."""

    def ring(one: seat.Seat) -> None:
        one.rung.set()
        serving.keep_serving(one)

    monkeypatch.setattr(reconciling, "ring", ring)
    yield
    for one in seat.all_seats():
        one.drop()
    seat._seats.clear()


@pytest.fixture
def go() -> Callable[[], None]:
    rounds = Rounds(hosting.begin())
    return lambda: rounds.go(time.monotonic())


def state_of(deployment: Deployment) -> str:
    deployment.refresh_from_db()
    return deployment.state


def whats() -> list[str]:
    return [one.what for one in reversed(Happening.objects.all())]


def test_what_is_always_loaded_is_loaded_and_what_is_switched_off_let_go(go: Callable[[], None]) -> None:
    deployment = make_deployment()
    go()
    assert state_of(deployment) == State.READY
    Deployment.objects.update(enabled=False)
    go()
    assert state_of(deployment) == State.COLD
    assert whats() == ["loaded", "unloaded"]
    go()
    assert len(whats()) == 2


def test_what_is_loaded_on_demand_waits_for_somebody_and_goes_when_idle(go: Callable[[], None]) -> None:
    deployment = make_deployment(keeping="demand", idle_minutes=5)
    go()
    assert state_of(deployment) == State.COLD
    generation = asked(make_user(), deployment=deployment)
    go()
    generation.refresh_from_db()
    assert (generation.state, state_of(deployment)) == ("done", State.READY)
    go()
    assert state_of(deployment) == State.READY
    seat.seat_of(deployment.pk).used -= 301
    go()
    assert state_of(deployment) == State.COLD


def test_changed_settings_are_loaded_anew(go: Callable[[], None]) -> None:
    deployment = make_deployment()
    go()
    Deployment.objects.update(slots=2, revision=2)
    go()
    go()
    assert whats() == ["loaded", "unloaded", "loaded"]
    assert Placement.objects.get().revision == 2
    engine = seat.seat_of(deployment.pk).engine
    assert engine is not None


def test_who_waits_for_what_is_switched_off_is_told(go: Callable[[], None]) -> None:
    generation = asked(make_user())
    Deployment.objects.update(enabled=False)
    go()
    generation.refresh_from_db()
    assert (generation.state, generation.reason) == ("failed", serving.GONE)


def test_what_is_refused_is_not_loaded_again_and_again(go: Callable[[], None]) -> None:
    deployment = make_deployment("stub:?refuse=1")
    go()
    go()
    assert (state_of(deployment), whats()) == (State.REFUSED, ["refused"])
    Placement.objects.update(retry_at=Now() - timedelta(seconds=1))
    go()
    assert whats() == ["refused", "refused"]


def test_a_model_that_dies_three_times_rests_its_queue_is_answered_and_one_answer_heals_it(
    go: Callable[[], None],
) -> None:
    deployment = make_deployment("stub:?slots=2&crash_at=3")
    ada = make_user()
    four = [asked(ada, f"{n}", deployment=deployment) for n in range(4)]
    go()
    for one in four:
        one.refresh_from_db()
    assert [one.state for one in four] == ["failed"] * 4
    assert "again and again" in four[-1].reason
    assert state_of(deployment) == State.UNHEALTHY
    refused = asked(ada, "And now?", deployment=deployment)
    go()
    refused.refresh_from_db()
    assert (refused.state, state_of(deployment)) == ("failed", State.UNHEALTHY)
    Deployment.objects.update(path="stub:?slots=2")
    Placement.objects.update(retry_at=Now())
    go()
    assert state_of(deployment) == State.READY
    assert placing.is_on_trial(deployment)
    healing = asked(ada, "Are you well?", deployment=deployment)
    go()
    healing.refresh_from_db()
    assert healing.state == "done"
    assert not placing.is_on_trial(deployment)
    assert whats()[-3:] == ["unhealthy", "loaded", "recovered"]


def test_one_deadly_answer_is_given_up_and_the_model_goes_on(go: Callable[[], None]) -> None:
    deployment = make_deployment()
    deadly = asked(make_user(), "[[crash_at=3]]", deployment=deployment)
    go()
    deadly.refresh_from_db()
    assert deadly.state == Generation.State.FAILED
    go()
    assert state_of(deployment) == State.READY
    assert whats().count("crashed") == 3
    assert "unhealthy" not in whats()


def test_who_was_refused_a_moment_ago_leaves_the_question_to_another_machine(
    go: Callable[[], None], settings: Any
) -> None:
    deployment = make_deployment("stub:?refuse=1")
    here = settings.HOST
    settings.HOST = "other"
    placing.ready(deployment, READY)
    settings.HOST = here
    go()
    waits = asked(make_user(), deployment=deployment)
    go()
    go()
    waits.refresh_from_db()
    assert (waits.state, whats()) == ("queued", ["loaded", "refused"])


def test_rounds_begin_when_the_database_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    def begin() -> object:
        begun.append("tried")
        if len(begun) == 1:
            raise OperationalError("not yet")
        serving.closing.set()
        return hosting.me()

    monkeypatch.setattr(hosting, "begin", begin)
    monkeypatch.setattr(reconciling, "ROUND_SECONDS", 0.01)
    monkeypatch.setattr(reconciling, "connection", Mock())
    try:
        reconciling.go_round()
    finally:
        serving.closing.clear()
    assert begun == ["tried", "tried"]
