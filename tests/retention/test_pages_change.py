"""Changing rules: a form that says what is wrong, a preview that counts and stores nothing, and a change."""

from typing import Any

import pytest
from accounts_pages import enter, make_keeper, text
from django.test import Client
from factories import PASSWORD, make_team, make_user
from keeping import DAY, chat_of, set_house, set_team
from retaining import house_form, office, sealed_in, shown

from accounts.models import User
from audit.models import Entry
from retention.models import Change, HouseRules, TeamRules

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]


@pytest.fixture
def olga() -> Client:
    return office()


def nothing_is_stored() -> bool:
    verbs = ("retention.rules_changed", "retention.change_asked")
    return not Change.objects.exists() and not Entry.objects.filter(verb__in=verbs).exists()


def test_a_shortening_is_counted_before_anything_is_stored(olga: Client) -> None:
    legal = make_team("Legal")
    chat_of(make_user(), age=40 * DAY, messages=4), chat_of(make_user("eve@example.org"), age=50 * DAY, team=legal)
    chat_of(make_user("bob@example.org"), age=5 * DAY)
    response = olga.post("/data/rules/", house_form(days=30))
    page = text(response)
    assert "2 chats, 6 messages" in page
    assert "of 2 people" in page
    assert ">Legal</th> <td>1</td> <td>2</td> <td>0</td>" in page
    assert ">Engineering</th> <td>1</td> <td>4</td> <td>0</td>" in page
    assert "24 hours after you confirm it" in page
    assert "<td>without an end</td> <td>for 30 days</td>" in page
    assert nothing_is_stored()


def test_a_confirmed_shortening_waits_for_the_delay(olga: Client) -> None:
    chat_of(make_user(), age=40 * DAY)
    sealed = sealed_in(olga.post("/data/rules/", house_form(days=30)))
    response = olga.post("/data/rules/confirm/", {"sealed": sealed}, follow=True)
    assert response.redirect_chain == [("/data/", 302)]
    assert "The change waits until" in text(response)
    assert "Chats are kept for 30 days instead of without an end" in text(response)
    change = Change.objects.get()
    assert (change.state, change.values, change.chats) == ("waiting", {"days": 30}, 1)
    assert not HouseRules.objects.filter(days=30).exists()
    assert Entry.objects.filter(verb="retention.change_asked").count() == 1


def test_a_longer_period_holds_at_once(olga: Client) -> None:
    set_house(days=30)
    response = olga.post("/data/rules/", house_form(days=60))
    assert "holds <strong>at once</strong>" in text(response)
    saved = olga.post("/data/rules/confirm/", {"sealed": sealed_in(response)}, follow=True)
    assert "The rules hold from now on." in text(saved)
    assert HouseRules.objects.get().days == 60


def test_a_change_is_confirmed_by_who_says_once_more_who_they_are() -> None:
    client = office(again=False)
    sealed = sealed_in(client.post("/data/rules/", house_form(days=30)))
    response = client.post("/data/rules/confirm/", {"sealed": sealed})
    assert response["Location"].startswith("/account/reauthenticate/")
    assert nothing_is_stored()
    form = {"password": PASSWORD, "next": "/data/rules/confirm/"}
    assert client.post("/account/reauthenticate/", form)["Location"] == "/data/"
    assert Change.objects.get().values == {"days": 30}, "what was sent goes on by itself"


@pytest.mark.parametrize(
    ("fresh", "field", "sentence"),
    [
        ({"least": 60, "days": 30}, "days", "The usual time that chats are kept lies outside of its bounds."),
        ({"least": 60, "most": 30}, "most", "The longest time that chats are kept is shorter than the shortest."),
        ({"days": 0}, "days", "Something is kept for a day at least."),
        ({"days": 99999}, "days", "Periods have at most 36,500 days."),
        ({"temporary_hours": 0}, "temporary_hours", "Temporary chats live for 1 hour to 30 days (720 hours)."),
        ({"notice_days": 91}, "notice_days", "At most 90 days."),
        ({"backup_days": 99999}, "backup_days", "Periods have at most 36,500 days."),
        ({"grace_days": ""}, "grace_days", "This field is required."),
        ({"days": "soon"}, "days", "Write a whole number."),
        ({"days": -1}, "days", "Ensure this value is greater than or equal to 0."),
        ({"days": 10**12}, "days", "This is too large."),
        ({"deleting": "everybody"}, "deleting", "There is no such choice."),
    ],
)
def test_a_contradiction_is_told_beside_its_field(
    olga: Client, fresh: dict[str, Any], field: str, sentence: str
) -> None:
    response = olga.post("/data/rules/", house_form(**fresh))
    page = text(response)
    assert response.status_code == 400
    assert f'id="houserulesform_{field}_error">{sentence}' in page
    assert "Yes, change" not in page
    assert nothing_is_stored()


def test_no_change_is_no_change(olga: Client) -> None:
    assert "These are the rules already." in text(olga.post("/data/rules/", house_form()))


def test_one_change_waits_at_a_time(olga: Client) -> None:
    sealed = sealed_in(olga.post("/data/rules/", house_form(days=30)))
    olga.post("/data/rules/confirm/", {"sealed": sealed})
    assert "A change waits already." in text(olga.post("/data/rules/", house_form(days=20)))
    second = olga.post("/data/rules/confirm/", {"sealed": sealed})
    assert (second.status_code, Change.objects.count()) == (409, 1)


def test_what_was_not_previewed_is_not_changed(olga: Client) -> None:
    sealed = sealed_in(olga.post("/data/rules/", house_form(days=30)))
    owner = office(User.Role.OWNER)
    for client, value in ((olga, ""), (olga, f"{sealed}x"), (owner, sealed)):
        response = client.post("/data/rules/confirm/", {"sealed": value})
        assert response.status_code == 409
        assert "Nothing is stored; look at it again." in text(response)
    team = make_team("Legal")
    assert olga.post(f"/data/teams/{team.pk}/rules/confirm/", {"sealed": sealed}).status_code == 409
    assert nothing_is_stored()


def test_a_preview_of_other_rules_than_now_is_too_old(olga: Client) -> None:
    sealed = sealed_in(olga.post("/data/rules/", house_form(days=30)))
    set_house(days=365)
    assert olga.post("/data/rules/confirm/", {"sealed": sealed}).status_code == 409
    assert nothing_is_stored()


def test_a_team_is_shortened_by_its_administrator_within_the_bounds() -> None:
    set_house(days=365, least=30, most=400)
    team, client = make_team(), shown(enter(make_keeper()))
    chat_of(make_user(), age=100 * DAY)
    where = f"/data/teams/{team.pk}/rules/"
    assert "for 30 days at least, and in none longer than 400 days" in text(client.get(where))
    form = {"keeps": "days", "days": "7", "file_days": "", "temporary_hours": ""}
    response = client.post(where, form)
    assert "Your organisation keeps chats for 30 days at least." in text(response)
    preview = client.post(where, form | {"days": "90"})
    assert "<td>as the organisation</td> <td>for 90 days</td>" in text(preview)
    assert "1 chat, 2 messages" in text(preview)
    saved = client.post(f"{where}confirm/", {"sealed": sealed_in(preview)}, follow=True)
    assert saved.redirect_chain == [(f"/data/teams/{team.pk}/", 302)]
    assert "Chats of Engineering are kept for 90 days instead of as the organisation" in text(saved)
    assert Change.objects.get().values == {"keeps": "days", "days": 90}


def test_days_are_not_asked_for_where_a_team_has_none(olga: Client) -> None:
    team = make_team("Legal")
    set_team(team, keeps="days", days=10)
    form = {"keeps": "house", "days": "10", "file_days": "", "temporary_hours": ""}
    preview = olga.post(f"/data/teams/{team.pk}/rules/", form)
    olga.post(f"/data/teams/{team.pk}/rules/confirm/", {"sealed": sealed_in(preview)})
    rules = TeamRules.objects.get()
    assert (rules.keeps, rules.days) == ("house", None), "the organisation keeps them longer, so it holds at once"


def test_auditors_change_nothing() -> None:
    client, team = office(User.Role.AUDITOR), make_team()
    assert client.get("/data/rules/").status_code == 404
    assert client.get(f"/data/teams/{team.pk}/rules/").status_code == 403
    assert client.post(f"/data/teams/{team.pk}/rules/confirm/", {"sealed": "x"}).status_code == 403
