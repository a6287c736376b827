"""Sharing a chat: what is frozen, with whom, until when, and what is refused."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from factories import asked, make_team, make_user
from keeping import attach, chat_of, db_now
from shares import share_of

from accounts.models import Membership, User
from accounts.refusal import Refusal
from audit.models import Entry
from chat.models import Attachment, Conversation, Generation, Message
from sharing import actions, queries, snapshot
from sharing.models import Share, SharedMessage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
DAY = timedelta(days=1)


def answers_of(chat: Conversation) -> Any:
    return Generation.objects.for_housekeeping().filter(message__conversation=chat)


@pytest.fixture
def ada() -> User:
    return make_user()


@pytest.fixture
def bob() -> User:
    return make_user("bob@example.org", team=make_team("Research"))


def test_the_branch_is_frozen_as_it_is(ada: User, bob: User) -> None:
    chat = chat_of(ada, title="Plans", messages=4)
    attach(chat, b"notes", name="notes.md")
    answers_of(chat).update(model_name="Stub", left_premises=True, reason="Cut.")
    share = share_of(chat, bob)
    chat.messages.update(text="Other words")
    said = list(share.messages.order_by("position"))
    assert [(one.role, one.text, one.position) for one in said] == [
        ("user", "Words 0", 0),
        ("assistant", "Words 1", 1),
        ("user", "Words 2", 2),
        ("assistant", "Words 3", 3),
    ]
    assert [(one.model_name, one.left_premises, one.reason) for one in said[:2]] == [
        ("", False, ""),
        ("Stub", True, "Cut."),
    ]
    named = [turn for turn in snapshot.turns_of(chat, said) if turn.files]
    assert [(turn.said.role, turn.files) for turn in named] == [("user", ["notes.md"])]
    assert (share.title, share.conversation_id, share.owner_id) == ("Plans", chat.pk, ada.pk)


def test_another_branch_is_not_shared(ada: User, bob: User) -> None:
    chat = chat_of(ada, messages=2)
    first = chat.messages.get(role="user")
    chat.messages.create(role="assistant", text="Another answer", parent=first)
    assert [one.text for one in share_of(chat, bob).messages.order_by("position")] == ["Words 0", "Words 1"]


def test_files_that_are_no_longer_kept_are_not_named(ada: User, bob: User) -> None:
    chat = chat_of(ada)
    attach(chat, b"notes", name="notes.md")
    share = share_of(chat, bob)
    Attachment.objects.for_housekeeping().all().delete()
    turns = snapshot.turns_of(chat, list(share.messages.order_by("position")))
    assert [turn.files for turn in turns] == [(), ()]


@pytest.mark.parametrize("days", [1, 7, 30, 90])
def test_it_ends_after_days_by_the_databases_clock(ada: User, bob: User, days: int) -> None:
    share = Share.objects.within(share_of(chat_of(ada), bob, days=days)).get()
    assert share.expires_at is not None
    assert abs(share.expires_at - db_now() - days * DAY) < timedelta(minutes=1)


def test_it_can_last_as_long_as_the_chat(ada: User, bob: User) -> None:
    assert share_of(chat_of(ada), bob, days=None).expires_at is None


def test_a_person_or_a_team_of_ones_own_can_read(ada: User, bob: User) -> None:
    share = share_of(chat_of(ada), bob, teams=[make_team().pk])
    carl, eve = make_user("carl@example.org"), make_user("eve@example.org", team=make_team("Research"))
    readers = [one for one in (bob, carl, eve, ada) if queries.shares_with(one).filter(pk=share.pk).exists()]
    assert readers == [bob, carl]


def refused(chat: Conversation, *people: User, **fields: Any) -> str:
    """Return why it is refused; nothing is stored, and the log says nothing."""
    before = Entry.objects.count()
    with pytest.raises(Refusal) as refusal:
        share_of(chat, *people, **fields)
    assert not Share.objects.for_housekeeping().exists()
    assert Entry.objects.count() == before
    return str(refusal.value)


def test_nobody_picked_is_refused(ada: User) -> None:
    assert refused(chat_of(ada)) == "Pick at least one person or one of your teams."


def test_too_many_are_refused(ada: User) -> None:
    assert refused(chat_of(ada), people=[uuid4() for _ in range(51)]) == "Pick at most 50 people and teams."


def test_others_are_refused_alike(ada: User, bob: User) -> None:
    chat, gone = chat_of(ada), "Somebody you picked is no longer here, or you left a team. Pick again."
    assert refused(chat, people=[uuid4()]) == gone
    assert refused(chat, ada) == gone, "oneself"
    assert refused(chat, bob, teams=[make_team("Research").pk]) == gone, "a team of others"
    assert refused(chat, bob, teams=[uuid4()]) == gone
    User.objects.filter(pk=bob.pk).update(is_active=False)
    assert refused(chat, bob) == gone


def test_a_guest_shares_nothing(ada: User, bob: User) -> None:
    chat = chat_of(ada)
    Membership.objects.filter(user=ada).update(role=Membership.Role.GUEST)
    assert refused(chat, bob).startswith("You are a guest of the team Engineering: you can read what is shared")


def test_a_temporary_chat_is_not_shared(ada: User, bob: User) -> None:
    chat = chat_of(ada, temporary_until=timezone.now() + DAY)
    assert refused(chat, bob).startswith("A temporary chat is not shared")


def test_an_empty_chat_is_not_shared(ada: User, bob: User) -> None:
    assert refused(chat_of(ada, messages=0), bob) == "There is nothing in this chat to share yet."


def test_a_chat_that_is_being_answered_is_not_shared(ada: User, bob: User) -> None:
    assert refused(asked(ada).message.conversation, bob).startswith("An answer is still being written")


def test_a_chat_that_has_changed_since_the_preview_is_not_shared(ada: User, bob: User) -> None:
    assert refused(chat_of(ada), bob, head=uuid4()).startswith("The chat has changed since you looked.")


def test_a_chat_of_others_or_a_deleted_one_is_not_there(ada: User, bob: User) -> None:
    chat = chat_of(ada)
    with pytest.raises(Conversation.DoesNotExist):
        actions.share(chat, people=[ada.pk], teams=[], days=7, head=chat.head_id, by=bob)
    Conversation.objects.within(chat).update(deleted_at=timezone.now())
    with pytest.raises(Conversation.DoesNotExist):
        actions.share(chat, people=[bob.pk], teams=[], days=7, head=chat.head_id, by=ada)
    assert not Share.objects.for_housekeeping().exists()


def test_taking_back_is_one_entry_however_often(ada: User, bob: User) -> None:
    share = share_of(chat_of(ada), bob)
    actions.revoke(share)
    actions.revoke(share)
    assert Entry.objects.filter(verb="sharing.revoked").count() == 1
    assert not queries.shares_by(ada).exists()
    assert not queries.shares_with(bob).exists()


def test_the_end_is_moved_either_way(ada: User, bob: User) -> None:
    share = share_of(chat_of(ada), bob, days=1)
    actions.end_in(share, days=None)
    assert Share.objects.within(share).get().expires_at is None
    actions.end_in(share, days=90)
    end = Share.objects.within(share).get().expires_at
    assert end is not None
    assert abs(end - db_now() - 90 * DAY) < timedelta(minutes=1)


def test_what_was_taken_back_is_not_opened_again(ada: User, bob: User) -> None:
    share = share_of(chat_of(ada), bob)
    actions.revoke(share)
    with pytest.raises(Refusal):
        actions.end_in(share, days=90)


def test_the_last_reader_dropped_takes_it_back(ada: User, bob: User) -> None:
    share = share_of(chat_of(ada), bob, teams=[make_team().pk])
    actions.drop(share, share.readers.get(person=bob))
    assert not queries.shares_with(bob).exists()
    assert queries.shares_by(ada).count() == 1
    actions.drop(share, share.readers.get())
    assert not queries.shares_by(ada).exists()


def copied(share: Share, by: User, team: UUID | None = None) -> Conversation:
    return Conversation.objects.of(by).get(pk=actions.copy(share, by=by, team=team).pk)


def test_a_copy_says_what_was_shared_and_is_the_readers_own(ada: User, bob: User) -> None:
    chat = chat_of(ada, title="Plans")
    attach(chat, b"notes", name="notes.md")
    share = share_of(chat, bob)
    Message.objects.for_housekeeping().filter(conversation=chat).update(text="Said later")
    copy = copied(share, bob)
    assert (copy.owner, copy.team.name, copy.title) == (bob, "Research", "Plans")
    said = copy.messages.order_by("created_at", "role")
    assert {(one.role, one.text) for one in said} == {("user", "Words 0"), ("assistant", "Words 1")}
    assert not Attachment.objects.for_housekeeping().filter(message__conversation=copy).exists(), "names only"
    actions.revoke(share)
    assert copy.messages.count() == 2, "it stays"


def test_a_copy_has_nothing_of_an_answer_that_goes_on(ada: User, bob: User) -> None:
    chat = chat_of(ada)
    share = share_of(chat, bob)
    later = timezone.now() + DAY
    answers_of(chat).update(state="running", lease_until=later)
    copy = copied(share, bob)
    generation = Generation.objects.for_housekeeping().get(message__conversation=copy)
    assert (generation.state, generation.message.text) == ("stopped", "Words 1")


def test_who_may_not_ask_makes_no_copy(ada: User, bob: User) -> None:
    share = share_of(chat_of(ada), bob)
    with pytest.raises(Refusal, match="You cannot ask in this team"):
        actions.copy(share, by=bob, team=make_team().pk)
    Membership.objects.filter(user=bob).update(role=Membership.Role.GUEST)
    with pytest.raises(Refusal, match="You are a guest"):
        actions.copy(share, by=bob, team=None)
    assert Conversation.objects.for_housekeeping().count() == 1


def test_what_has_ended_is_copied_no_more(ada: User, bob: User) -> None:
    share = share_of(chat_of(ada), bob)
    actions.revoke(share)
    with pytest.raises(Share.DoesNotExist):
        actions.copy(share, by=bob, team=None)
    assert SharedMessage.objects.within(share).count() == 2
