"""One person's many questions wait for one another, and for nobody else's patience."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from factories import asked, make_deployment, make_user

from accounts.models import User
from chat import actions, queue, serving
from chat.actions import Refusal
from chat.limits import Crowded
from chat.models import Generation
from chat.writing import LATE
from models_admin import seat
from models_admin.models import Deployment

pytestmark = pytest.mark.usefixtures("clean_redis")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _limited(settings: Any) -> None:
    settings.ANSWERS_AT_ONCE, settings.ANSWERS_WAITING = 2, 10


def states(user: User) -> list[str]:
    return list(
        Generation.objects.for_housekeeping().filter(user=user).order_by("queued_at").values_list("state", flat=True)
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_of_fifty_questions_two_run_ten_wait_and_the_rest_are_told_when_to_ask_again() -> None:
    ada, bob, deployment = make_user(), make_user("bob"), make_deployment()
    client = Client()
    client.force_login(ada, backend=BACKEND)
    told = []
    for n in range(50):
        response = client.post(reverse("chat:begin"), {"text": f"Question {n}", "client_id": str(uuid4())})
        told.append(response.status_code)
        queue.claim(deployment.pk)
    assert told == [302] * 12 + [429] * 38
    assert int(response["Retry-After"]) >= 1
    assert "10 of your questions wait already" in response.text
    assert sorted(states(ada)) == ["queued"] * 10 + ["running"] * 2
    his = asked(bob, deployment=deployment)
    claimed = queue.claim(deployment.pk)
    assert claimed is not None
    assert claimed.pk == his.pk, "somebody else is answered at once"
    assert queue.claim(deployment.pk) is None


@pytest.mark.django_db
def test_when_an_answer_ends_the_next_begins_and_there_is_room_for_another() -> None:
    ada, deployment = make_user(), make_deployment()
    for _ in range(2):
        asked(ada, deployment=deployment)
        claimed = queue.claim(deployment.pk)
    for _ in range(10):
        asked(ada, deployment=deployment)
    with pytest.raises(Crowded, match="stop one"):
        asked(ada, deployment=deployment)
    assert claimed is not None
    queue.finish(claimed.pk, claimed.attempt, state="done", text="Yes.")
    assert queue.claim(deployment.pk) is not None
    asked(ada, deployment=deployment)


@pytest.mark.django_db
def test_an_answer_that_is_to_go_on_needs_a_place_too() -> None:
    ada, deployment = make_user(), make_deployment()
    cut = asked(ada, deployment=deployment)
    actions.stop(cut)
    cut.refresh_from_db()
    for _ in range(10):
        asked(ada, deployment=deployment)
    with pytest.raises(Crowded):
        actions.go_on(cut)


@pytest.mark.django_db(transaction=True)
def test_many_at_the_same_moment_are_counted_exactly() -> None:
    ada, deployment = make_user(), make_deployment()

    def ask(n: int) -> bool:
        try:
            asked(ada, f"{n}", deployment=deployment)
        except Crowded:
            return False
        finally:
            connection.close()
        return True

    def claim(_: int) -> bool:
        try:
            return queue.claim(deployment.pk) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(30))) == 10
        assert sum(pool.map(claim, range(8))) == 2


@pytest.mark.django_db
def test_a_question_that_cannot_fit_is_refused_before_it_waits() -> None:
    ada, deployment = make_user(), make_deployment(context=512)
    with pytest.raises(Refusal, match=r"about 2,048 characters\. Shorten it"):
        asked(ada, "long " * 2000, deployment=deployment)
    assert not Generation.objects.for_housekeeping().exists()


@pytest.mark.slow
@pytest.mark.django_db
def test_an_answer_that_takes_too_long_is_cut_with_the_reason_and_its_words_are_kept(settings: Any) -> None:
    settings.ANSWER_SECONDS = 1.5
    deployment = make_deployment("stub:?words=2000&rate=20&slots=2")
    Deployment.objects.update(max_tokens=5000)
    deployment.refresh_from_db()
    generation = asked(make_user(), deployment=deployment)
    serving.serve(deployment.pk)
    generation.refresh_from_db()
    assert (generation.state, generation.reason) == ("failed", LATE)
    assert len(generation.message.text) > 20
    for one in seat.all_seats():
        one.drop()
    seat._seats.clear()
