"""The list of chats: put away and brought back, marks of what is new, deleted and undone."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factories import asked, make_deployment, make_owner, make_user
from keeping import DAY, chat_of, left, own_ledger, set_house

from accounts.models import User
from audit.models import Entry
from chat import actions, arranging, away, queue, tabs
from chat.frames import ConversationChanged, Frame
from chat.models import Conversation, Generation
from chat.queries import sidebar_of
from chat.refusal import Refusal
from retention import erasing, holding, sweeping
from retention.models import HouseRules

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_redis")]
State = Generation.State


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    own_ledger(settings, tmp_path)


@pytest.fixture
def person() -> User:
    return make_user()


@pytest.fixture
def ada(client: Client, person: User) -> Client:
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    make_deployment()
    return client


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Frame]]:
    """What open tabs hear."""
    heard: list[tuple[Any, Frame]] = []
    monkeypatch.setattr(tabs, "tell", lambda person, frame: heard.append((person, frame)))
    return heard


def titles(person: User) -> list[str]:
    groups, _ = sidebar_of(person, page=1, now=timezone.now())
    return [row.title for _, rows in groups for row in rows]


def again(chat: Conversation) -> Conversation:
    return Conversation.objects.for_housekeeping().get(pk=chat.pk)


def ended(generation: Generation, state: str = State.DONE) -> None:
    """A worker has written the answer to its end."""
    claimed = queue.claim(generation.deployment_id)
    assert claimed
    assert queue.finish(claimed.pk, claimed.attempt, state=state, text="An end.")


def test_an_archived_chat_is_out_of_the_list_and_comes_back(ada: Client, person: User) -> None:
    chat = chat_of(person, title="Put away")
    assert ada.post(reverse("chat:archive", args=[chat.pk]), {"archived": "on"}).status_code == 302
    assert titles(person) == []
    assert "Put away" in ada.get(reverse("chat:archived")).content.decode()
    ada.post(reverse("chat:archive", args=[chat.pk]))
    assert titles(person) == ["Put away"]


def test_asking_in_an_archived_chat_brings_it_back(person: User) -> None:
    chat = asked(person, "Put away").message.conversation
    ended(Generation.objects.of(person).get())
    arranging.archive(chat, archived=True)
    assert titles(person) == []
    actions.ask(again(chat), text="More", deployment=make_deployment(), client_id=uuid4())
    assert titles(person) == ["Put away"]


def test_archiving_moves_no_end(person: User) -> None:
    chat = chat_of(person, age=3 * DAY)
    arranging.archive(chat, archived=True)
    assert again(chat).last_activity_at == chat.last_activity_at


def test_an_answer_that_ends_is_unread_until_its_owner_looks(person: User, told: list[Any]) -> None:
    generation = asked(person)
    chat = generation.message.conversation
    ended(generation)
    assert again(chat).unread
    changed = (person.pk, ConversationChanged(conversation=str(chat.pk)))
    assert told == [changed, changed]  # it was begun, it has ended
    arranging.see(chat)
    arranging.see(chat)
    assert not again(chat).unread
    assert told == [changed, changed, changed]


def test_who_stops_an_answer_has_seen_it(person: User) -> None:
    generation = asked(person)
    ended(generation, State.STOPPED)
    assert not again(generation.message.conversation).unread
    waiting = asked(person)
    actions.stop(waiting)
    assert not again(waiting.message.conversation).unread


def test_an_answer_that_nobody_can_write_is_news(person: User, told: list[Any]) -> None:
    generation = asked(person)
    queue.refuse_waiting(generation.deployment_id, "The model is gone.")
    chat = generation.message.conversation
    assert again(chat).unread
    assert told[-1] == (person.pk, ConversationChanged(conversation=str(chat.pk)))


def test_asking_on_takes_the_mark_away(person: User) -> None:
    generation = asked(person)
    ended(generation)
    chat = again(generation.message.conversation)
    actions.ask(chat, text="More", deployment=generation.deployment, client_id=uuid4())
    assert not again(chat).unread


def test_seeing_takes_a_post(ada: Client, person: User) -> None:
    chat = chat_of(person, unread=True)
    ada.get(chat.get_absolute_url())
    assert again(chat).unread
    assert ada.post(reverse("chat:see", args=[chat.pk])).status_code == 204
    assert not again(chat).unread


def test_marks_stand_in_the_list(ada: Client, person: User) -> None:
    chat_of(person, unread=True)
    page = ada.get(reverse("chat:sidebar"), headers={"X-Hearth-Partial": "thread"}).content.decode()
    assert page.count('aria-label="new answer"') == 1
    asked(person)
    page = ada.get(reverse("chat:sidebar"), headers={"X-Hearth-Partial": "thread"}).content.decode()
    assert page.count('aria-label="still answering"') == 1


def test_the_list_takes_as_many_queries_for_many_chats(
    ada: Client, person: User, django_assert_num_queries: Any
) -> None:
    def take(pages: int, count: int) -> None:
        with django_assert_num_queries(count):
            ada.get(f"{reverse('chat:sidebar')}?pages={pages}", headers={"X-Hearth-Partial": "thread"})

    with_few = 6
    chat_of(person)
    take(1, with_few)
    for n in range(90):
        Conversation.objects.create(owner=person, team=again_team(person), title=f"Chat {n}")
    take(1, with_few)
    take(3, with_few)


def again_team(person: User) -> Any:
    return person.memberships.get().team


def test_several_pages_come_at_once(ada: Client, person: User) -> None:
    for n in range(90):
        Conversation.objects.create(owner=person, team=again_team(person), title=f"Chat {n}")
    page = ada.get(f"{reverse('chat:sidebar')}?pages=2", headers={"X-Hearth-Partial": "thread"}).content.decode()
    assert page.count("data-conversation=") == 80
    assert "?page=3#sidebar" in page
    assert ada.get(f"{reverse('chat:sidebar')}?pages=11").status_code == 404
    assert ada.get(f"{reverse('chat:sidebar')}?pages=x").status_code == 404


def test_a_deleted_chat_comes_back_within_the_time_of_grace(ada: Client, person: User) -> None:
    chat = chat_of(person, title="Undone")
    actions.delete(chat)
    assert titles(person) == []
    assert "Undone" in ada.get(reverse("chat:deleted")).content.decode()
    assert ada.post(reverse("chat:restore", args=[chat.pk])).status_code == 302
    assert titles(person) == ["Undone"]
    assert Entry.objects.filter(verb="chat.conversation_restored").count() == 1
    assert ada.post(reverse("chat:restore", args=[chat.pk])).status_code == 404, "it is deleted no more"


def test_deleting_says_how_to_undo_it(ada: Client, person: User) -> None:
    chat = chat_of(person)
    page = ada.post(reverse("chat:delete", args=[chat.pk]), follow=True).content.decode()
    assert f'action="{reverse("chat:restore", args=[chat.pk])}"' in page


def test_nothing_comes_back_after_its_time(ada: Client, person: User) -> None:
    set_house(grace_days=7)
    late = chat_of(person, deleted_at=timezone.now() - 7 * DAY - timedelta(seconds=1))
    over = chat_of(person, deleted_at=timezone.now(), temporary_until=timezone.now() - timedelta(seconds=1))
    half_gone = chat_of(person, deleted_at=timezone.now())
    Conversation.objects.within(half_gone).update(head=None)
    others = chat_of(make_user("eve@example.org"), deleted_at=timezone.now())
    for chat in (late, over, half_gone, others):
        assert ada.post(reverse("chat:restore", args=[chat.pk])).status_code == 404
        assert again(chat).deleted_at is not None


def test_nothing_comes_back_while_one_is_erased(ada: Client, person: User) -> None:
    chat = chat_of(person)
    erasing.ask(person, by=person)
    assert ada.post(reverse("chat:restore", args=[chat.pk])).status_code == 404
    with pytest.raises(Refusal):
        away.restore(chat)
    assert again(chat).deleted_at is not None


def test_a_restored_chat_outlives_the_sweep_and_a_hold_changes_nothing(person: User) -> None:
    set_house(grace_days=7)
    chat, gone = chat_of(person), chat_of(person)
    actions.delete(chat), actions.delete(gone)
    holding.place(by=make_owner(), reason="A case at court.", person=person)
    away.restore(chat)
    Conversation.objects.within(gone).update(deleted_at=timezone.now() - 8 * DAY)
    sweeping.sweep()
    assert left() == {chat.pk, gone.pk}
    with pytest.raises(Conversation.DoesNotExist):
        away.restore(gone)


def test_all_chats_are_deleted_and_come_back_as_one_act(ada: Client, person: User, told: list[Any]) -> None:
    first, archived = chat_of(person, title="One"), chat_of(person, title="Two", archived_at=timezone.now())
    before = chat_of(person, title="Deleted before")
    actions.delete(before)
    live = asked(person, "Three")
    assert "Delete all your 3 chats" in ada.get(reverse("chat:delete_all")).content.decode()
    assert ada.post(reverse("chat:delete_all")).status_code == 400
    told.clear()
    page = ada.post(reverse("chat:delete_all"), {"sure": "on"}, follow=True).content.decode()
    assert "3 chats are deleted." in page
    assert titles(person) == []
    assert Generation.objects.for_housekeeping().get(pk=live.pk).state == State.STOPPED
    assert (person.pk, ConversationChanged(conversation="")) in told
    at = again(first).deleted_at
    assert at == again(archived).deleted_at
    assert ada.post(f"{reverse('chat:restore_all')}?at={at:%Y-%m-%dT%H:%M:%S.%fZ}").status_code == 302
    assert sorted(titles(person)) == ["One", "Three"]
    assert again(archived).deleted_at is None
    assert again(before).deleted_at is not None
    assert [entry.verb for entry in Entry.objects.filter(verb__startswith="chat.conversations").order_by("seq")] == [
        "chat.conversations_deleted",
        "chat.conversations_restored",
    ]


def test_where_nobody_deletes_nobody_deletes_all(ada: Client, person: User) -> None:
    set_house(deleting=HouseRules.Deleting.NOBODY)
    chat = chat_of(person)
    assert ada.post(reverse("chat:delete_all"), {"sure": "on"}).status_code == 409
    assert again(chat).deleted_at is None
