"""What an owner is told of how long a chat lives: badges, the list, deletes, and pages that no cache keeps."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from factories import asked, make_owner, make_team, make_user
from keeping import DAY, chat_of, set_house, set_team

from accounts.models import User
from chat.lifetimes import State, hours_in_words, left_in_words, lifetime_of, rules_now
from chat.models import Conversation
from retention import holding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
HOUR = timedelta(hours=1)
PART = {"X-Hearth-Partial": "life"}


@pytest.fixture
def ada() -> User:
    return make_user()


@pytest.fixture
def tab(client: Client, ada: User) -> Client:
    client.force_login(ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def badge(tab: Client, chat: Conversation) -> str:
    response = tab.get(reverse("chat:lifetime", args=[chat.pk]), headers=PART)
    assert response.status_code == 200
    summary = response.content.decode().split("</summary>")[0].rpartition("<span>")[2]
    for tag in ("<span data-left-words>", "</span>", "</time>"):
        summary = summary.replace(tag, "")
    return " ".join(summary.split("<time")[0].split() + summary.rpartition(">")[2].split() * ("<time" in summary))


def test_without_a_rule_a_chat_is_kept(tab: Client, ada: User) -> None:
    chat = chat_of(ada, age=400 * DAY)
    assert (badge(tab, chat), lifetime_of(chat).state) == ("Kept", State.KEPT)


def test_a_badge_says_the_day_by_the_rules_of_the_team(tab: Client, ada: User) -> None:
    set_house(days=30)
    set_team(make_team("Short"), keeps="days", days=7)
    usual, short = chat_of(ada, age=DAY), chat_of(ada, age=DAY, team=make_team("Short"))
    assert lifetime_of(usual).at == usual.last_activity_at + 30 * DAY
    assert lifetime_of(short).at == short.last_activity_at + 7 * DAY
    end = usual.last_activity_at + 30 * DAY
    assert badge(tab, usual) == f"Kept until {end:%b} {end.year}".replace("until ", f"until {end.day} ")


def test_a_hold_is_said(tab: Client, ada: User) -> None:
    set_house(days=30)
    chat = chat_of(ada)
    holding.place(by=make_owner(), reason="A case at court.", conversation=chat.pk)
    assert (badge(tab, chat), lifetime_of(chat).at) == ("Held", None)


def test_a_temporary_chat_says_what_is_left_of_it(tab: Client, ada: User) -> None:
    chat = chat_of(ada, temporary_until=chat_of(ada).created_at + 6 * HOUR)
    assert badge(tab, chat) == "Temporary: 6 h left"
    assert 5.99 * 3600 < (lifetime_of(chat).seconds_left or 0) <= 6 * 3600


def test_a_chat_whose_time_is_over_says_that_it_goes(tab: Client, ada: User) -> None:
    set_house(days=30)
    chat = chat_of(ada, age=30 * DAY)
    assert (badge(tab, chat), lifetime_of(chat).seconds_left) == ("Goes now", 0)


def test_a_pin_keeps_where_the_rules_say_so(tab: Client, ada: User) -> None:
    set_house(days=30)
    chat = chat_of(ada)
    assert tab.post(reverse("chat:pin", args=[chat.pk]), {"pinned": "on"}).status_code == 302
    chat.refresh_from_db()
    assert (chat.pinned, lifetime_of(chat).state) == (True, State.UNTIL)
    set_house(pinned_exempt=True)
    assert lifetime_of(chat).state == State.KEPT
    tab.post(reverse("chat:pin", args=[chat.pk]), {"pinned": ""})
    chat.refresh_from_db()
    assert (chat.pinned, lifetime_of(chat).state) == (False, State.UNTIL)


def test_pinned_chats_stand_first_in_the_list(tab: Client, ada: User) -> None:
    old, fresh = chat_of(ada, age=90 * DAY, pinned=True), chat_of(ada)
    groups = tab.get(reverse("chat:home")).context["groups"]
    assert [(label, [row.pk for row, _ in rows]) for label, rows in groups] == [
        ("Pinned", [old.pk]),
        ("Today", [fresh.pk]),
    ]


def test_the_popover_says_which_rule_and_when_it_is_out_of_the_backups(tab: Client, ada: User) -> None:
    set_house(days=30, backup_days=14)
    text = " ".join(tab.get(chat_of(ada).get_absolute_url()).content.decode().split())
    assert "30 days after its last activity, by the rules for Engineering" in text
    assert "the last question, or the end of the last answer" in text
    assert "Within 5 minutes after that it is deleted" in text
    life = lifetime_of(Conversation.objects.of(ada).get())
    assert life.at is not None
    assert life.out_of_backups == life.at + 14 * DAY + timedelta(minutes=5)


def test_what_the_organisation_ends_no_team_keeps_longer(tab: Client, ada: User) -> None:
    set_house(days=30, most=30)
    chat = chat_of(ada, age=DAY)
    life = lifetime_of(chat)
    assert (life.at_most, life.keepable) == (True, False)
    text = tab.get(chat.get_absolute_url()).content.decode()
    assert "Your team cannot keep it longer" in text
    assert "Keep longer…" not in text


def test_a_list_of_any_length_takes_as_many_queries(
    tab: Client, ada: User, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    set_house(days=30)
    for n in range(45):
        chat_of(ada, messages=0, age=n * HOUR)
    with django_assert_max_num_queries(7):
        response = tab.get(reverse("chat:sidebar"), headers={"X-Hearth-Partial": "thread"})
    rows = [row for _, group in response.context["groups"] for row in group]
    assert len(rows) == 40
    assert {life.state for _, life in rows} == {State.UNTIL}
    chat = Conversation.objects.of(ada).latest("last_activity_at")
    with django_assert_num_queries(3):
        lifetime_of(chat)
    rules = rules_now()
    with django_assert_num_queries(1):
        lifetime_of(chat, rules)


def test_a_delete_says_when_the_chat_is_gone_for_good(tab: Client, ada: User) -> None:
    set_house(grace_days=7)
    chat = chat_of(ada)
    response = tab.post(reverse("chat:delete", args=[chat.pk]), follow=True)
    (said,) = response.context["messages"]
    assert "It is gone for good by" in str(said)
    assert f"{chat.last_activity_at + 7 * DAY:%Y-%m-%d}" in str(said)


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"grace_days": 0}, "It is gone for good within 5 minutes."),
        ({"grace_days": 7, "least": 30}, "The chat is hidden for you. Your organisation keeps it until"),
        ({"held": True}, "The chat is hidden for you. A legal hold keeps it until that is released."),
    ],
)
def test_a_delete_says_what_keeps_the_chat(tab: Client, ada: User, rules: dict[str, Any], sentence: str) -> None:
    chat = chat_of(ada)
    if rules.pop("held", False):
        holding.place(by=make_owner(), reason="A case at court.", person=ada)
    set_house(**rules)
    response = tab.post(reverse("chat:delete", args=[chat.pk]), follow=True)
    assert sentence in str(next(iter(response.context["messages"])))
    assert tab.get(chat.get_absolute_url()).status_code == 404


def test_where_nobody_deletes_no_button_is_shown(tab: Client, ada: User) -> None:
    set_house(deleting="nobody")
    chat = chat_of(ada)
    text = tab.get(chat.get_absolute_url()).content.decode()
    assert "Delete this chat" not in text
    assert "Nobody deletes them before." in text
    assert tab.post(reverse("chat:delete", args=[chat.pk])).status_code == 409
    assert Conversation.objects.of(ada).filter(pk=chat.pk).exists()


def test_a_page_asks_and_hears_that_its_chat_is_gone(tab: Client, ada: User) -> None:
    chat = chat_of(ada)
    address = reverse("chat:lifetime", args=[chat.pk])
    assert tab.get(address, headers=PART).status_code == 200
    assert tab.get(address)["Location"] == chat.get_absolute_url()
    Conversation.objects.within(chat).update(deleted_at=chat.created_at)
    assert tab.get(address, headers=PART).status_code == 404


def test_what_shows_chats_is_kept_by_no_cache(tab: Client, ada: User) -> None:
    chat = asked(ada).message.conversation
    own = ("chat:conversation", "chat:lifetime")
    addresses = [reverse(name, args=[chat.pk]) for name in own]
    addresses += [reverse(name) for name in ("chat:home", "chat:sidebar", "chat:going", "you:data", "you:erase")]
    for address in addresses:
        for headers in ({}, PART, {"X-Hearth-Partial": "thread"}):
            assert tab.get(address, headers=headers)["Cache-Control"] == "no-store", address


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 min"),
        (1, "1 min"),
        (3600, "60 min"),
        (7140, "119 min"),
        (7141, "2 h"),
        (86_400, "24 h"),
        (864_000, "10 days"),
    ],
)
def test_what_is_left_is_said_in_words(seconds: int, words: str) -> None:
    assert left_in_words(seconds) == words


def test_hours_are_said_in_words() -> None:
    assert [hours_in_words(hours) for hours in (1, 24, 48, 49, 720)] == [
        "1 hour",
        "24 hours",
        "48 hours",
        "49 hours",
        "30 days",
    ]
