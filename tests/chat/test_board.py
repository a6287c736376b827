"""The board shows what models and machines do, to those who keep them, and never who asks or what."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import asked, heard, make_deployment, make_owner, make_user

from chat import board, day
from chat.boards import Boards
from chat.models import Generation
from chat.telling import Teller
from models_admin import live, placing
from models_admin.engine.protocol import Cell, Doing, Ready, Status
from models_admin.hosting import me
from models_admin.models import Deployment, Host
from models_admin.seat import Seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
READY = Ready("Told", "f" * 64, "told", "none", 1000, 2, 1.5, memory=5_000_000, vram=0)
SECRET = "marmalade"


class Standing:
    """An engine that only stands there."""

    ready = READY
    status = Status((Cell(Doing.SAYING, 500), Cell(Doing.NOTHING, 0)), said=30, read=100)

    def close(self) -> None:
        """Nothing to let go of."""


def loaded(deployment: Deployment) -> Seat:
    placing.ready(deployment, READY)
    seat = Seat(deployment.pk)
    seat.engine = Standing()  # type: ignore[assignment]
    return seat


def test_slots_are_cells_and_counts_become_rates() -> None:
    deployment = make_deployment()
    seat, teller = loaded(deployment), Teller()
    teller.facts([seat], 10.0)
    Standing.status = Status(Standing.status.cells, said=50, read=100)
    live.tell(me().pk, teller.facts([seat], 12.0))
    (model,) = board.models()
    (place,) = model.places
    assert [(cell.doing, cell.full) for cell in place.cells] == [("s", 4), ("n", 0)]
    assert (place.said, place.read, place.held, place.room) == (10.0, 0.0, 500, 2000)
    assert place.cells[0].said == "answers, 500 of 1,000 tokens"


def test_figures_are_of_the_queue_and_the_last_quarter_of_an_hour() -> None:
    ada, deployment = make_user(), make_deployment()
    for seconds in (1, 3):
        done = asked(ada, deployment=deployment)
        Generation.objects.for_housekeeping().filter(pk=done.pk).update(
            state="done", ended_at=Now(), first_word_at=Now(), queued_at=Now() - timedelta(seconds=seconds)
        )
    asked(ada, deployment=deployment)
    (model,) = board.models()
    assert (model.figures.waiting, model.figures.running) == (1, 0)
    assert model.figures.usual == pytest.approx(2.0, abs=0.1)
    assert model.figures.slow == pytest.approx(2.9, abs=0.1)
    answers, tokens, first = day.charts([deployment.pk])
    assert (answers.most, tokens.most, first.most) == ("2", "0", "2.9 s")
    assert [bar.value for bar in answers.busy] == ["2"]


def test_the_page_is_for_keepers_and_says_nothing_of_chats(client: Client) -> None:
    asked(make_user(), SECRET)
    heard()
    client.force_login(make_owner(), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("chat:board"))
    assert page.status_code == 200
    assert SECRET not in page.text
    assert "Stub" in page.text
    assert me().name in page.text


def test_a_silent_machine_is_said_to_be_silent() -> None:
    me()
    Host.objects.update(heard_at=Now() - timedelta(seconds=11))
    (machine,) = board.machines()
    assert machine.silent


def test_many_models_cost_no_more_questions() -> None:
    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked_for:
            board.parts()
        return len(asked_for)

    placing.ready(make_deployment(), READY)
    before = questions()
    for n in range(20):
        placing.ready(make_deployment(f"stub:?n={n}", name=f"Stub {n}"), READY)
    assert questions() == before <= 8


async def test_tabs_are_told_what_changed_and_what_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: dict[str, str] = {"a": "one", "b": "two"}
    told: list[dict[str, Any]] = []

    class Tab:
        async def say(self, content: dict[str, Any]) -> None:
            told.append(content)

    boards, tab = Boards(), Tab()
    boards.told[tab] = {}
    await boards._tell(tab, dict(drawn))
    await boards._tell(tab, {"a": "one"})
    await boards._tell(tab, {"a": "other"})
    assert [(one["part"], one["html"]) for one in told] == [("a", "one"), ("b", "two"), ("b", ""), ("a", "other")]
    boards.leave(tab)
    assert not boards.told
