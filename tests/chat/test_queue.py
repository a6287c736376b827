"""The queue is fair, a lease is fenced, and nothing that waits is forgotten."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone
from factories import asked, heard, make_deployment, make_team, make_user
from house import eventually

from chat import actions, queue, stream
from chat.models import Generation
from models_admin import queries
from models_admin.models import Deployment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
State = Generation.State


def claim_next() -> Generation | None:
    return queue.claim(make_deployment().pk)


def expire(generation: Generation) -> None:
    Generation.objects.for_housekeeping().filter(pk=generation.pk).update(lease_until=Now() - timedelta(seconds=1))


def test_a_claim_takes_the_oldest_and_counts_the_attempt() -> None:
    ada = make_user()
    first = asked(ada, "first")
    asked(ada, "second")
    claimed = claim_next()
    assert claimed is not None
    assert (claimed.pk, claimed.state, claimed.attempt) == (first.pk, State.RUNNING, 1)
    assert claimed.lease_until is not None


def test_who_has_nothing_running_comes_before_who_has() -> None:
    ada, bob = make_user(), make_user("bob@example.org")
    for text in ("a1", "a2", "a3"):
        asked(ada, text)
    of_bob = asked(bob, "b1")
    order = [claim_next() for _ in range(3)]
    assert [g.message.parent.text for g in order if g and g.message.parent] == ["a1", "b1", "a2"]
    assert order[1] is not None
    assert order[1].pk == of_bob.pk


def test_a_team_with_less_running_comes_before_one_with_more() -> None:
    sales = make_team("Sales")
    ada, ann = make_user(), make_user("ann@example.org")
    sam = make_user("sam@example.org", team=sales)
    asked(ada, "e1")
    asked(ann, "e2")
    asked(sam, "s1")
    texts = [g.message.parent.text for g in (claim_next(), claim_next()) if g and g.message.parent]
    assert texts == ["e1", "s1"]


def test_nobody_waits_means_no_claim() -> None:
    make_deployment()
    assert claim_next() is None


def test_a_worker_that_was_replaced_writes_nothing() -> None:
    asked(make_user())
    zombie = claim_next()
    assert zombie is not None
    expire(zombie)
    heard()
    assert queue.reap()["queued"] == 1
    heir = claim_next()
    assert heir is not None
    assert (heir.pk, heir.attempt) == (zombie.pk, 2)
    assert queue.keep(zombie.pk, zombie.attempt, text="zombie") is None
    assert queue.finish(zombie.pk, zombie.attempt, state=State.DONE, text="zombie") is False
    assert queue.release(zombie.pk, zombie.attempt, text="zombie") is False
    heir.message.refresh_from_db()
    assert heir.message.text == ""
    assert queue.finish(heir.pk, heir.attempt, state=State.DONE, text="heir") is True
    heir.message.refresh_from_db()
    assert heir.message.text == "heir"


def test_keeping_renews_the_lease_and_hears_of_a_stop() -> None:
    generation = asked(make_user())
    claimed = claim_next()
    assert claimed is not None
    assert queue.keep(claimed.pk, 1, text="so far") is False
    actions.stop(generation)
    assert queue.keep(claimed.pk, 1, text=None) is True
    generation.message.refresh_from_db()
    assert generation.message.text == "so far"


@pytest.mark.parametrize("hours", [1, -1])
def test_a_worker_whose_clock_jumps_takes_nobodys_answer_and_leaves_no_dead_one(hours: int) -> None:
    alive, dead = asked(make_user(), "first"), asked(make_user("bob@example.org"), "second")
    assert {claimed.pk for claimed in (claim_next(), claim_next()) if claimed} == {alive.pk, dead.pk}
    expire(dead)
    with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=False):
        assert queue.keep(alive.pk, 1, text="so far") is False
        queue.reap()
    alive.refresh_from_db()
    dead.refresh_from_db()
    assert (alive.state, alive.attempt) == (State.RUNNING, 1)
    assert dead.state in (State.QUEUED, State.INTERRUPTED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT lease_until - clock_timestamp() FROM chat_generation WHERE id = %s", [alive.pk])
        assert timedelta(0) < cursor.fetchone()[0] <= timedelta(seconds=settings.ANSWER_LEASE_SECONDS)


def test_a_stop_while_waiting_ends_at_once() -> None:
    generation = asked(make_user())
    actions.stop(generation)
    generation.refresh_from_db()
    assert generation.state == State.STOPPED
    assert claim_next() is None


@pytest.fixture
def standing_database() -> None:
    """A database that has been up for long enough that hosts would have spoken."""

    def up() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp() - pg_postmaster_start_time()")
            return bool(cursor.fetchone()[0] > queries.SILENCE)

    eventually(up, what="the database's first seconds")


@pytest.mark.usefixtures("standing_database")
def test_without_any_host_an_orphan_is_interrupted_and_can_go_on() -> None:
    generation = asked(make_user())
    claimed = claim_next()
    assert claimed is not None
    queue.keep(claimed.pk, 1, text="half an answer")
    expire(claimed)
    Deployment.objects.update(heard_at=Now() - timedelta(seconds=30))
    assert queue.reap() == {"stopped": 0, "failed": 0, "queued": 1, "interrupted": 1}
    generation.refresh_from_db()
    generation.message.refresh_from_db()
    assert (generation.state, generation.message.text) == (State.INTERRUPTED, "half an answer")
    assert generation.reason == queue.UNHOSTED
    actions.go_on(generation)
    generation.refresh_from_db()
    assert generation.state == State.QUEUED


def test_after_the_database_was_away_hosts_may_speak_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "SILENCE", timedelta(days=1))  # longer than this database has been up
    generation = asked(make_user())
    claimed = claim_next()
    assert claimed is not None
    expire(claimed)
    Deployment.objects.update(heard_at=Now() - timedelta(days=2))
    assert queue.reap() == {"stopped": 0, "failed": 0, "queued": 1, "interrupted": 0}
    generation.refresh_from_db()
    assert generation.state == State.QUEUED


@pytest.mark.usefixtures("standing_database")
@pytest.mark.parametrize("how", ["interrupted", "stopped by the reaper", "stopped in the queue", "refused"])
def test_an_answer_without_a_worker_keeps_the_words_that_only_the_stream_had(how: str) -> None:
    generation = asked(make_user())
    claimed = claim_next()
    assert claimed is not None
    queue.keep(claimed.pk, 1, text="half")
    half = {"type": "answer.grew", "attempt": 1, "at": 0, "text": "half"}
    frames = [half, {**half, "at": 4, "text": " and more"}]
    stream.add([(claimed.pk, frame) for frame in frames])
    Deployment.objects.update(heard_at=Now() - timedelta(seconds=30 if how == "interrupted" else 0))
    if how == "stopped by the reaper":
        actions.stop(generation)
    expire(claimed)
    queue.reap()
    if how == "stopped in the queue":
        actions.stop(generation)
    elif how == "refused":
        queue.refuse_waiting(generation.deployment_id, "The file is gone.")
    generation.refresh_from_db()
    generation.message.refresh_from_db()
    assert generation.state == how.split()[0].replace("refused", "failed")
    assert generation.message.text == "half and more"
    assert generation.ended_at is not None


def test_asked_to_go_on_an_answer_keeps_its_fence_and_waits_as_a_fresh_question_does() -> None:
    generation = asked(make_user())
    zombie = claim_next()
    assert zombie is not None
    expire(zombie)
    Deployment.objects.update(heard_at=None)
    queue.reap()
    generation.refresh_from_db()
    actions.go_on(generation)
    assert queue.reap()["interrupted"] == 0
    claimed = claim_next()
    assert claimed is not None
    assert queue.keep(zombie.pk, zombie.attempt, text="from the grave") is None
    assert queue.keep(claimed.pk, claimed.attempt, text="alive") is False


def test_a_question_that_never_began_stays_in_the_queue_without_a_host() -> None:
    generation = asked(make_user())
    Deployment.objects.update(heard_at=None)
    assert queue.reap()["interrupted"] == 0
    generation.refresh_from_db()
    assert generation.state == State.QUEUED


def test_an_answer_that_kills_three_workers_is_given_up() -> None:
    generation = asked(make_user())
    heard()
    for _ in range(3):
        claimed = claim_next()
        assert claimed is not None
        expire(claimed)
        queue.reap()
    generation.refresh_from_db()
    assert (generation.state, generation.reason) == (State.FAILED, queue.DEADLY)


def test_a_stop_reaches_an_answer_whose_worker_died() -> None:
    generation = asked(make_user())
    claimed = claim_next()
    assert claimed is not None
    actions.stop(generation)
    expire(claimed)
    assert queue.reap()["stopped"] == 1
    generation.refresh_from_db()
    assert generation.state == State.STOPPED


def test_the_ninth_has_one_ahead_and_the_tenth_two() -> None:
    people = [make_user(f"p{n}@example.org") for n in range(10)]
    generations = [asked(person) for person in people]
    for _ in range(8):
        assert claim_next()
    assert queue.place_of(generations[8]).ahead == 1
    assert queue.place_of(generations[9]).ahead == 2


def test_the_wait_is_known_once_answers_have_ended() -> None:
    ada = make_user()
    generation = asked(ada)
    assert queue.place_of(generation).wait_seconds is None
    done = asked(ada, "done")
    Generation.objects.for_housekeeping().filter(pk=done.pk).update(
        state=State.DONE, started_at=Now() - timedelta(seconds=16), ended_at=Now()
    )
    for n in range(8):
        asked(make_user(f"p{n}@example.org"))
    for _ in range(8):
        claim_next()
    last = asked(make_user("last@example.org"))
    place = queue.place_of(last)
    assert (place.ahead, place.wait_seconds) == (2, 4.0)


def test_waiting_deployments_are_rung_for() -> None:
    assert queue.waiting_deployments() == []
    generation = asked(make_user())
    assert queue.waiting_deployments() == [str(generation.deployment_id)]


def test_the_same_client_id_is_one_question() -> None:
    ada, deployment, client_id = make_user(), make_deployment(), uuid4()
    first = actions.begin(ada, text="once", deployment=deployment, client_id=client_id)
    again = actions.begin(ada, text="once", deployment=deployment, client_id=client_id)
    assert first.pk == again.pk
    assert Generation.objects.for_housekeeping().count() == 1
