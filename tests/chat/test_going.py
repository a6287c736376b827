"""Chats that go soon: their owner hears of them in time, and can ask for longer."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from factories import make_owner, make_team, make_user
from keeping import DAY, chat_of, db_now, set_house, set_team

from accounts.models import User
from chat.lifetimes import going, lifetime_of, rules_now, soon
from chat.models import Conversation
from retention import changing, holding, wishing
from retention.models import Change, Wish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
HOUR = timedelta(hours=1)
GOING = "/chats/going/"


@pytest.fixture
def ada() -> User:
    set_house(days=30, notice_days=7)
    return make_user()


@pytest.fixture
def tab(client: Client, ada: User) -> Client:
    client.force_login(ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def keep(tab: Client, chat: Conversation, reason: str = "The audit is in May.", **fields: str) -> Any:
    return tab.post(reverse("chat:keep", args=[chat.pk]), {"reason": reason} | fields)


def test_what_goes_within_the_notice_is_listed_soonest_first(tab: Client, ada: User) -> None:
    later, sooner = chat_of(ada, age=24 * DAY), chat_of(ada, age=29 * DAY)
    chat_of(ada, age=22 * DAY), chat_of(ada, temporary_until=db_now() + HOUR)
    response = tab.get(GOING)
    assert [chat.pk for chat, _, _ in response.context["rows"]] == [sooner.pk, later.pk]
    assert "2 chats go by" in " ".join(response.content.decode().split())


def test_others_chats_and_what_a_hold_keeps_are_not_listed(tab: Client, ada: User) -> None:
    chat_of(make_user("eve@example.org"), age=29 * DAY)
    chat = chat_of(ada, age=29 * DAY)
    assert soon(ada, rules_now()).count == 1
    holding.place(by=make_owner(), reason="A case at court.", conversation=chat.pk)
    assert soon(ada, rules_now()).count == 0


def test_the_list_of_chats_says_how_many_go(tab: Client, ada: User) -> None:
    assert "by <time" not in tab.get("/").content.decode()
    chat_of(ada, age=29 * DAY)
    assert "1 chat goes by" in " ".join(tab.get("/").content.decode().split())


def test_the_list_is_paged(tab: Client, ada: User) -> None:
    for n in range(52):
        chat_of(ada, age=25 * DAY + n * HOUR, messages=0)
    first, second = tab.get(GOING).context, tab.get(GOING + "?page=2").context
    assert (len(first["rows"]), first["next_page"], len(second["rows"]), second["next_page"]) == (50, 2, 2, None)
    assert tab.get(GOING + "?page=x").status_code == 404


@pytest.mark.parametrize(
    "rules",
    [
        {"days": 30},
        {"days": None},
        {"days": 30, "least": 29},
        {"days": 25, "most": 25},
        {"days": 30, "pinned_exempt": True},
        {"days": 30, "most": 40},
    ],
)
def test_the_database_and_the_rule_agree_on_every_end(ada: User, rules: dict[str, Any]) -> None:
    set_house(**{"least": 0, "most": None, "notice_days": 60} | rules)
    set_team(make_team("Short"), keeps="days", days=26)
    now = db_now()
    for team in (make_team(), make_team("Short")):
        for age in (DAY, 20 * DAY, 28 * DAY):
            for fields in ({}, {"pinned": True}, {"kept_until": now + 20 * DAY}, {"kept_until": now - DAY}):
                chat_of(ada, age=age, team=team, messages=0, **fields)
    make_team("Short").memberships.create(user=ada)
    found = {chat.pk: chat.ends for chat in going(ada, rules_now())}
    told = {chat.pk: lifetime_of(chat).at for chat in Conversation.objects.of(ada)}
    limit = db_now() + 60 * DAY
    assert found == {pk: at for pk, at in told.items() if at is not None and at <= limit}


def test_a_wish_is_asked_for_answered_and_shown(tab: Client, ada: User) -> None:
    chat = chat_of(ada, age=29 * DAY)
    assert keep(tab, chat, **{"from": "going"})["Location"] == GOING
    wish = Wish.objects.get()
    assert (wish.conversation, wish.team, wish.reason, wish.goes_at) == (
        chat.pk,
        chat.team,
        "The audit is in May.",
        chat.last_activity_at + 30 * DAY,
    )
    assert "You have asked to keep it longer." in tab.get(GOING).content.decode()
    assert keep(tab, chat).status_code == 409
    wishing.refuse(wish, by=make_owner())
    assert "Your team did not agree to keep it longer." in tab.get(GOING).content.decode()
    keep(tab, chat)
    wishing.grant(Wish.objects.get(answer=""), days=3, by=make_owner())
    assert "its team agreed to keep it so long" in tab.get(GOING).content.decode()
    assert "Its team agreed to keep it so long." in tab.get(chat.get_absolute_url()).content.decode()


def test_the_badge_that_comes_back_says_that_it_was_asked(tab: Client, ada: User) -> None:
    address = reverse("chat:keep", args=[chat_of(ada, age=29 * DAY).pk])
    response = tab.post(address, {"reason": "Please."}, headers={"X-Hearth-Partial": "thread"})
    assert response.status_code == 200
    assert "You have asked to keep it longer." in response.content.decode()


@pytest.mark.parametrize("reason", ["", " ", "x" * 301])
def test_a_wish_without_a_usable_reason_gets_a_sentence(tab: Client, ada: User, reason: str) -> None:
    response = keep(tab, chat_of(ada, age=29 * DAY), reason)
    assert response.status_code == 409
    assert ("Say in a few words why" in response.content.decode()) != (len(reason) > 300)
    assert not Wish.objects.exists()


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"days": 30, "most": 30}, "Your organisation keeps no chat longer than 30 days, whatever a team says."),
        ({"days": None}, "This chat is not one that a team can keep longer"),
    ],
)
def test_where_a_wish_is_useless_it_is_refused(tab: Client, ada: User, rules: dict[str, Any], sentence: str) -> None:
    set_house(**rules)
    response = keep(tab, chat_of(ada, age=DAY))
    assert response.status_code == 409
    assert sentence in response.content.decode()
    assert not Wish.objects.exists()


def test_nobody_asks_for_anothers_chat(tab: Client) -> None:
    chat = chat_of(make_user("eve@example.org"), age=29 * DAY)
    assert keep(tab, chat).status_code == 404
    assert tab.post(reverse("chat:pin", args=[chat.pk]), {"pinned": "on"}).status_code == 404
    chat.refresh_from_db()
    assert (Wish.objects.count(), chat.pinned) == (0, False)


def test_rules_that_become_shorter_are_told_to_whom_they_concern(tab: Client, ada: User) -> None:
    set_house(delay_hours=24)
    for name in ("Legal", "Other"):
        set_team(make_team(name), keeps="days", days=90)
    make_team("Legal").memberships.create(user=ada)
    for name in ("Legal", "Other"):
        changing.change(make_team(name), {"keeps": "days", "days": 30}, by=make_owner())
    for address in ("/", GOING, "/you/"):
        text = " ".join(tab.get(address).content.decode().split())
        assert "on, chats of Legal are kept 30 days instead of 90 days." in text, address
        assert "chats of Other" not in text
    Change.objects.update(state=Change.State.CANCELLED)
    assert "instead of" not in tab.get("/").content.decode()


def test_the_organisations_change_is_told_team_by_team(tab: Client, ada: User) -> None:
    changing.change(None, {"days": 10, "temporary_hours": 5, "grace_days": 1}, by=make_owner())
    said = [one.said for one in tab.get("/").context["shortenings"]()]
    assert said == [
        "chats of Engineering are kept 10 days instead of 30 days",
        "temporary chats of Engineering live 5 h instead of 24 h",
        "deleted chats of Engineering are gone for good after 1 day instead of 7",
    ]
