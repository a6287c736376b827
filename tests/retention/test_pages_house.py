"""The page of the organisation's rules: whether sweeps go well, what holds, what waits, and for whom it is there."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from accounts_pages import enter, make_keeper, text
from django.db.models.functions import Now
from django.test import Client
from factories import make_owner, make_team, make_user
from keeping import DAY, chat_of, set_house, set_team
from retaining import ended, office, teams_with_rules

from accounts.models import Team, User
from audit.models import Entry
from retention import changing, queries, wishing
from retention.models import Change, Leftover, Run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]


@pytest.fixture
def olga() -> Client:
    return office()


def test_the_office_is_there_for_those_who_hold_one_of_its_powers() -> None:
    for role in (User.Role.OWNER, User.Role.ADMIN, User.Role.AUDITOR):
        client = office(role)
        assert client.get("/data/").status_code == 200
        assert '<a href="/data/"' in text(client.get("/roles/"))
    member = enter(make_user())
    for path in ("", "coming/", "record/", "rules/", "holds/", "holds/place/", "runs/"):
        assert member.get(f"/data/{path}").status_code == 404, path
    assert "/data/" not in text(member.get("/roles/"))


def test_who_keeps_one_team_is_led_to_it_and_who_keeps_some_chooses() -> None:
    tom = make_keeper()
    client, first = enter(tom), make_team()
    assert client.get("/data/")["Location"] == f"/data/teams/{first.pk}/"
    second = make_team("Research")
    second.memberships.create(user=tom, role="admin")
    make_team("Legal")
    page = text(client.get("/data/"))
    assert ("Engineering" in page, "Research" in page, "Legal" in page) == (True, True, False)
    assert "Rules in force" not in page


def test_the_rules_in_force_are_said_in_words(olga: Client) -> None:
    ended()
    set_house(days=90, least=30, most=365, grace_days=0, delay_hours=24)
    page = text(olga.get("/data/"))
    for said in ("for 90 days", "30 days", "365 days", "no time: with the next sweep", "as long as their chat"):
        assert said in page, said
    assert "What is due has gone." in page
    assert "everybody deletes their own chats" in page


def test_without_a_sweep_in_ten_minutes_the_page_is_alarmed(olga: Client) -> None:
    assert "The first sweep is still to come" in text(olga.get("/data/"))
    User.objects.update(created_at=Now() - timedelta(minutes=10, seconds=1))
    assert "No sweep has ended well yet. Is housekeeping running?" in text(olga.get("/data/"))
    ended(minutes=9.5)
    assert queries.health().well
    Run.objects.all().delete()
    ended(minutes=10.5)
    page = text(olga.get("/data/"))
    assert 'class="pulse bad" role="alert"' in page
    assert "No sweep has ended well for more than ten minutes. Is housekeeping running?" in page
    Run.objects.create(state=Run.State.RUNNING, key=b"", expected=1200)
    assert "0 of about 1,200 are gone" in queries.health().sentence


def test_a_failed_sweep_and_copies_that_are_left_alarm_too() -> None:
    ended(minutes=2)
    ended(minutes=1, state=Run.State.FAILED, errors=[{"kind": "files", "error": "OSError"}])
    assert queries.health() == queries.Unwell(
        "The last sweep failed. 1 kind could not be purged whole; look at the run.", Run.objects.get(state="failed")
    )
    ended(minutes=0.5)
    assert queries.health().well
    Leftover.objects.create(what="file", name="x")
    assert queries.health().sentence.startswith("1 copy outside of the database could not be removed yet.")


def test_a_sweep_that_was_broken_off_is_no_alarm_while_the_next_one_is_soon() -> None:
    ended(minutes=3)
    ended(minutes=1, state=Run.State.BROKEN)
    assert queries.health().well


def test_changes_that_wait_are_sentences_and_can_be_taken_back(olga: Client) -> None:
    legal = make_team("Legal")
    set_team(legal, keeps="days", days=90)
    chat_of(make_user(), age=40 * DAY, team=legal)
    change = changing.change(legal, {"days": 30}, by=make_owner())
    page = text(olga.get("/data/"))
    assert "Chats of Legal are kept 30 instead of 90 days" in page
    assert "1 chat goes then." in page
    response = olga.post(f"/data/changes/{change.pk}/take-back/", {"from": "house"})
    assert response["Location"] == "/data/"
    change.refresh_from_db()
    assert change.state == Change.State.CANCELLED
    assert "Chats of Legal" not in text(olga.get("/data/"))
    again = olga.post(f"/data/changes/{change.pk}/take-back/")
    assert (again.status_code, "was taken back" in text(again)) == (409, True)


def test_auditors_see_what_waits_and_cannot_take_it_back() -> None:
    change = changing.change(None, {"days": 30}, by=make_owner())
    auditor = office(User.Role.AUDITOR)
    page = text(auditor.get("/data/"))
    assert "Chats are kept for 30 days instead of without an end" in page
    assert "Take back" not in page
    assert auditor.post(f"/data/changes/{change.pk}/take-back/").status_code == 403
    assert Change.objects.get().state == Change.State.WAITING


def test_teams_with_rules_of_their_own_come_first_and_names_are_searched(olga: Client) -> None:
    make_team("Aardvarks")
    set_team(make_team("Zebras"), keeps="days", days=5)
    set_team(make_team("Bees"), keeps="house")
    page = text(olga.get("/data/"))
    assert page.index("Zebras") < page.index("Aardvarks") < page.index("Bees")
    assert "for 5 days" in page
    part = text(olga.get("/data/?q=zeb", headers={"X-Hearth-Partial": "part"}))
    assert ("Zebras" in part, "Bees" in part) == (True, False)


def test_every_page_of_teams_is_reached(olga: Client) -> None:
    made = {team.name for team in teams_with_rules(120)}
    seen, address = set(), "/data/"
    while address:
        page = text(olga.get(address, headers={"X-Hearth-Partial": "part"}))
        seen |= {name for name in made if f">{name}</a>" in page}
        more = re.search(r'data-more> <a href="([^"]+)"', page)
        address = more[1] if more else ""
    assert seen == made


def test_300_teams_cost_no_more_queries(olga: Client, django_assert_max_num_queries: Any) -> None:
    ended()
    teams_with_rules(300)
    with django_assert_max_num_queries(15):
        assert olga.get("/data/").status_code == 200


def test_what_goes_next_is_drawn_day_by_day(olga: Client) -> None:
    set_house(days=30)
    chat_of(make_user(), age=25 * DAY), chat_of(make_user("eve@example.org"), age=25 * DAY)
    chat_of(make_user("bob@example.org"))
    assert 'data-late="/data/coming/"' in text(olga.get("/data/"))
    part = text(olga.get("/data/coming/", headers={"X-Hearth-Partial": "part"}))
    assert "3 chats on 2 days, at most 2 on one day" in part
    assert "<html" not in part
    assert "3 chats" in text(olga.get("/data/coming/"))


def test_nothing_to_go_is_said(olga: Client) -> None:
    assert "no chat comes to its end by these rules" in text(olga.get("/data/coming/"))


def test_the_rules_are_exported_as_a_page_and_as_a_file_with_an_entry_for_each(olga: Client) -> None:
    set_house(days=90, backup_days=14)
    set_team(make_team("Legal"), keeps="days", days=5)
    page = text(olga.get("/data/record/"))
    assert ("GDPR, article 30" in page, ">Legal</th> <td>5</td>" in page) == (True, True)
    response = olga.post("/data/record/file/")
    said = json.loads(response.content)
    assert (said["usual"]["chats_days"], said["teams"]["Legal"]["chats_days"], said["backups_days"]) == (90, 5, 14)
    assert response["Content-Disposition"].startswith('attachment; filename="hearth-rules-')
    assert response["Cache-Control"] == "no-store"
    assert Entry.objects.filter(verb="retention.rules_exported").count() == 2


def test_wishes_wait_on_the_page_of_who_decides(olga: Client) -> None:
    ada = make_user()
    chat = chat_of(ada, title="Secret plans")
    wish = wishing.ask(ada, team=make_team(), conversation=chat.pk, goes_at=chat.created_at + DAY, reason="A case.")
    page = text(olga.get("/data/"))
    assert ("asks to keep a chat" in page, "A case." in page, "Secret" in page) == (True, True, False)
    where = f"/data/teams/{make_team().pk}/wishes/{wish.pk}/refuse/"
    assert olga.post(where, {"from": "house"})["Location"] == "/data/"
    assert "asks to keep a chat" not in text(office(User.Role.AUDITOR).get("/data/"))


def test_a_team_that_was_deleted_has_no_page(olga: Client) -> None:
    gone = Team.objects.create(name="Gone")
    Team.objects.filter(pk=gone.pk).delete()
    assert olga.get(f"/data/teams/{gone.pk}/").status_code == 404
