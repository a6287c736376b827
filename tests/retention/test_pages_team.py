"""A team's page of retention: what holds there and why, what was deleted, and wishes to keep a chat."""

from datetime import timedelta
from typing import Any

import pytest
from accounts_pages import enter, make_keeper, text
from django.test import Client
from factories import make_owner, make_team, make_user
from keeping import DAY, chat_of, set_house, set_team
from retaining import office

from accounts.models import Team, User
from audit.models import Entry
from chat.models import Conversation
from retention import changing, holding, sweeping, wishing
from retention.models import Wish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]


@pytest.fixture
def tom() -> Client:
    """The administrator of Engineering."""
    return enter(make_keeper())


def page_of(client: Client, team: Team) -> str:
    return text(client.get(f"/data/teams/{team.pk}/"))


def wished(reason: str = "The case goes on.", *, days: int = 3) -> Wish:
    ada = make_user()
    chat = chat_of(ada, title="Secret plans", age=27 * DAY)
    goes_at = chat.last_activity_at + timedelta(days=27 + days)
    return wishing.ask(ada, team=make_team(), conversation=chat.pk, goes_at=goes_at, reason=reason)


@pytest.mark.parametrize(
    ("house", "team", "said"),
    [
        ({"days": 90}, {}, 'for 90 days <span class="soft">as the organisation sets for everybody'),
        ({"days": 90}, {"keeps": "days", "days": 30}, 'for 30 days <span class="soft">as this team sets'),
        (
            {"days": 90, "most": 100},
            {"keeps": "days", "days": 400},
            'for 100 days <span class="soft">this team sets 400 days, the organisation at most 100 days',
        ),
        (
            {"days": 90, "least": 60},
            {"keeps": "days", "days": 30},
            'for 60 days <span class="soft">this team sets 30 days, the organisation at least 60 days',
        ),
        (
            {"days": 90, "most": 365},
            {"keeps": "ever"},
            'for 365 days <span class="soft">as long as the organisation allows',
        ),
        ({"days": 90}, {"keeps": "ever"}, 'without an end <span class="soft">as this team sets'),
        ({"file_days": 30}, {"file_days": 7}, 'for 7 days <span class="soft">as this team sets'),
    ],
)
def test_what_holds_is_said_with_why(tom: Client, house: dict[str, Any], team: dict[str, Any], said: str) -> None:
    set_house(**house)
    set_team(make_team(), **team)
    assert said in page_of(tom, make_team())


def test_it_is_linked_from_the_team(tom: Client) -> None:
    team = make_team()
    assert f'href="/data/teams/{team.pk}/">See and set…</a>' in text(tom.get(f"/teams/{team.pk}/"))


def test_other_teams_are_not_there(tom: Client) -> None:
    other = make_team("Research")
    for path in ("", "coming/", "rules/"):
        assert tom.get(f"/data/teams/{other.pk}/{path}").status_code == 404, path


def test_a_change_of_the_organisation_is_shown_and_not_for_the_team_to_take_back(tom: Client) -> None:
    change = changing.change(None, {"days": 30}, by=make_owner())
    page = page_of(tom, make_team())
    assert "Chats are kept for 30 days instead of without an end" in page
    assert "Take back" not in page
    assert tom.post(f"/data/changes/{change.pk}/take-back/").status_code == 404


def test_a_team_takes_its_own_change_back(tom: Client) -> None:
    team = make_team()
    change = changing.change(team, {"keeps": "days", "days": 5}, by=User.objects.get(email="tom@example.org"))
    assert "Take back" in page_of(tom, team)
    assert tom.post(f"/data/changes/{change.pk}/take-back/")["Location"] == f"/data/teams/{team.pk}/"
    assert "The change is taken back." in page_of(tom, team)


def test_a_wish_says_who_and_why_and_nothing_of_the_chat(tom: Client) -> None:
    wish = wished()
    page = page_of(tom, make_team())
    assert "<strong>Ada</strong> asks to keep a chat" in page
    assert "The case goes on." in page
    assert f"{wish.goes_at:%Y-%m-%d %H:%M} UTC" in page
    assert "Secret" not in page
    assert str(wish.conversation) not in page


def test_a_wish_is_granted_for_some_days(tom: Client) -> None:
    wish = wished()
    where = f"/data/teams/{make_team().pk}/wishes/{wish.pk}/keep/"
    assert tom.post(where, {"days": "30"})["Location"] == f"/data/teams/{make_team().pk}/"
    wish.refresh_from_db()
    chat = Conversation.objects.for_housekeeping().get(pk=wish.conversation)
    assert (wish.answer, chat.kept_until) == ("kept", wish.until)
    assert "Nobody asks for one." in page_of(tom, make_team())
    assert Entry.objects.filter(verb="retention.keep_decided").count() == 1
    assert tom.post(where, {"days": "30"}).status_code == 409


@pytest.mark.parametrize("days", ["0", "3651", "", "many", "-1", "9" * 30])
def test_a_wish_is_granted_for_a_sensible_time(tom: Client, days: str) -> None:
    wish = wished()
    response = tom.post(f"/data/teams/{make_team().pk}/wishes/{wish.pk}/keep/", {"days": days})
    assert (response.status_code, "kept for 1 to 3,650 days longer" in text(response)) == (409, True)
    assert Wish.objects.get().answer == ""


def test_a_wish_is_refused(tom: Client) -> None:
    wish = wished()
    tom.post(f"/data/teams/{make_team().pk}/wishes/{wish.pk}/refuse/")
    assert "The wish of Ada is refused." in page_of(tom, make_team())
    assert Wish.objects.get().answer == "refused"


def test_a_wish_is_decided_in_its_own_team_alone(tom: Client) -> None:
    wish = wished()
    other = make_team("Research")
    other.memberships.create(user=User.objects.get(email="tom@example.org"), role="admin")
    for step in ("keep", "refuse"):
        assert tom.post(f"/data/teams/{other.pk}/wishes/{wish.pk}/{step}/", {"days": "9"}).status_code == 404
    assert Wish.objects.get().answer == ""


def test_the_last_deletions_are_those_of_this_team(tom: Client, transactional_db: None) -> None:
    set_house(days=7)
    chat_of(make_user(), age=8 * DAY, messages=4)
    chat_of(make_user("eve@example.org"), age=8 * DAY, team=make_team("Research"))
    sweeping.sweep()
    page = page_of(tom, make_team())
    assert "1 chat, 4 messages" in page
    assert "2 chats" not in page
    assert "/data/runs/" not in page, "a team's administrator sees no sweep of everybody's"


def test_a_hold_on_the_team_is_said(tom: Client) -> None:
    holding.place(by=make_owner(), reason="A case at court.", team=make_team())
    page = page_of(tom, make_team())
    assert ("A legal hold is on this team." in page, "A case" in page) == (True, False)


def test_auditors_see_a_team_and_decide_nothing() -> None:
    wish = wished()
    auditor = office(User.Role.AUDITOR)
    page = page_of(auditor, make_team())
    assert "What holds here, and why" in page
    assert ("The case goes on." in page, "Change…" in page) == (False, False)
    assert auditor.post(f"/data/teams/{make_team().pk}/wishes/{wish.pk}/keep/", {"days": "9"}).status_code == 403
    assert Wish.objects.get().answer == ""


def test_what_goes_next_is_counted_for_the_team_alone(tom: Client) -> None:
    set_house(days=30)
    chat_of(make_user(), age=25 * DAY)
    chat_of(make_user("eve@example.org"), age=25 * DAY, team=make_team("Research"))
    assert "1 chat on 1 day, if nobody" in text(tom.get(f"/data/teams/{make_team().pk}/coming/"))
