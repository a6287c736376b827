"""Sweeps at the door: the list, a receipt that answers for an id, and one more at once."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from accounts_pages import text
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from factories import make_team, make_user
from keeping import DAY, chat_of, set_house
from retaining import ended, office

from accounts.models import Team, User
from retention import queries, sweeping
from retention.models import Run

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_redis")]


@pytest.fixture
def olga() -> Client:
    return office()


def swept() -> Run:
    run = sweeping.sweep()
    assert run is not None
    run.refresh_from_db()
    return run


def test_a_receipt_says_what_went_in_which_team_and_until_when_backups_have_it(olga: Client) -> None:
    set_house(days=7, backup_days=30)
    chat_of(make_user(), age=8 * DAY, messages=4)
    chat_of(make_user("eve@example.org"), age=8 * DAY, team=make_team("Research"))
    run = swept()
    page = text(olga.get(f"/data/runs/{run.pk}/"))
    assert "This sweep ended well." in page
    assert "Chats: 2 chats, 6 messages" in page
    assert ">Engineering</th> <td>1 chat, 4 messages</td>" in page
    assert ">Research</th> <td>1 chat, 2 messages</td>" in page
    assert run.manifest in page
    assert f"{run.backups_until:%Y-%m-%d}" in page
    assert "2 chats, 6 messages" in text(olga.get("/data/runs/"))


def test_a_receipt_answers_for_an_id_and_for_no_other(olga: Client) -> None:
    set_house(days=7)
    gone, stays = chat_of(make_user(), age=8 * DAY), chat_of(make_user("eve@example.org"))
    for _ in range(5):
        chat_of(make_user(f"{uuid4()}@example.org"), age=8 * DAY)
    run, other = swept(), ended()
    assert "<strong>Yes:</strong>" in text(olga.get(f"/data/runs/{run.pk}/?id={gone.pk}"))
    assert "<strong>Yes:</strong>" in text(olga.get(f"/data/runs/{run.pk}/?id={str(gone.pk).upper()}"))
    for pk, at in ((stays.pk, run), (uuid4(), run), (gone.pk, other)):
        assert "<strong>No:</strong>" in text(olga.get(f"/data/runs/{at.pk}/?id={pk}")), pk
    response = olga.get(f"/data/runs/{run.pk}/?id=the+secret+chat")
    assert (response.status_code, "This is no id." in text(response)) == (400, True)


def test_a_manifest_is_checked_by_the_query_of_the_handbook() -> None:
    set_house(days=7)
    for n in range(3):
        chat_of(make_user(f"{n}@example.org"), age=8 * DAY)
    with patch("chat.retained.Conversations.purge.__kwdefaults__", {"limit": 2}):
        run = swept()
    assert run.chunks.count() == 3
    found = re.search(r"```sql\n(.+?);\n```", (ROOT / "docs/retention.md").read_text(), re.DOTALL)
    assert found
    with connection.cursor() as cursor:
        cursor.execute(found[1].replace("123", str(run.pk)))
        assert cursor.fetchone() == (run.manifest,)


def test_a_team_that_is_gone_is_named_as_such() -> None:
    set_house(days=7)
    chat_of(make_user(), age=8 * DAY)
    run = swept()
    Team.objects.all().delete()
    assert queries.by_team(run)[0][1][0][0].startswith("a team that is gone")


def test_a_failed_sweep_says_what_failed_in_plain_words(olga: Client) -> None:
    with patch("retention.exporting.Exports.purge", side_effect=OSError("/secret/path")):
        run = swept()
    page = text(olga.get(f"/data/runs/{run.pk}/"))
    assert "This sweep failed." in page
    assert "Exports: a file could not be written or removed (OSError)." in page
    assert "/secret/path" not in page
    assert "failed" in text(olga.get("/data/runs/"))


def test_sweeps_without_anything_to_say_are_left_out_until_asked_for(olga: Client) -> None:
    for _ in range(40):
        ended()
    one = ended(counts={"conversations": {"conversations": 3}})
    page = text(olga.get("/data/runs/"))
    assert (page.count('<td> <a href="/data/runs/'), f"/data/runs/{one.pk}/" in page) == (1, True)
    page = text(olga.get("/data/runs/?every"))
    assert page.count('<td> <a href="/data/runs/') == 30
    older = text(olga.get(f"/data/runs/?before={one.pk - 29}&every"))
    assert older.count('<td> <a href="/data/runs/') == 11
    assert olga.get("/data/runs/?before=x").status_code == 404


def test_a_sweep_is_asked_for_once_and_its_progress_is_shown(olga: Client) -> None:
    with patch("accounts.bells.current_app") as celery:
        first = olga.post("/data/runs/ask/")["Location"]
        assert olga.post("/data/runs/ask/")["Location"] == first
    assert celery.send_task.call_args.args == ("retention.sweep",)
    part = {"X-Hearth-Partial": "part"}
    assert "Waiting for housekeeping" in text(olga.get(first, headers=part))
    run = Run.objects.get()
    Run.objects.filter(pk=run.pk).update(state=Run.State.RUNNING, expected=400)
    run.chunks.create(number=1, kind="conversations", counts={}, digests=bytes(32 * 123))
    page = text(olga.get(first, headers=part))
    assert "123 of about 400 are gone" in page
    assert '<progress id="progress" max="400" value="123">' in page
    Run.objects.filter(pk=run.pk).update(state=Run.State.DONE, started_at=Now(), ended_at=Now())
    assert "data-wait" not in text(olga.get(first, headers=part))
    assert 'aria-live="polite"' in text(olga.get(first))


def test_housekeeping_that_is_away_is_said(olga: Client) -> None:
    with patch("accounts.bells.current_app.send_task", side_effect=ConnectionError):
        address = olga.post("/data/runs/ask/")["Location"]
    Run.objects.update(asked_at=Now() - timedelta(seconds=25))
    assert "Housekeeping does not answer" in text(olga.get(address))
    swept()
    assert "This sweep ended well." in text(olga.get(address)), "the next one takes what was asked for"


def test_auditors_read_receipts_and_ask_for_none() -> None:
    auditor, run = office(User.Role.AUDITOR), ended()
    assert auditor.get(f"/data/runs/{run.pk}/").status_code == 200
    assert "Sweep now" not in text(auditor.get("/data/runs/"))
    assert auditor.post("/data/runs/ask/").status_code == 404
    assert Run.objects.count() == 1


def test_a_page_of_sweeps_costs_as_many_queries_as_a_line(olga: Client, django_assert_max_num_queries: Any) -> None:
    for n in range(60):
        ended(counts={"conversations": {"conversations": n + 1}})
    with django_assert_max_num_queries(12):
        assert olga.get("/data/runs/").status_code == 200
