"""Sharing's doors: who comes in, what they see, and what is not there for them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from factories import asked, make_team, make_user
from keeping import attach, chat_of
from shares import door_of, share_of

from accounts.models import Membership, User
from audit.models import Entry
from chat.models import Conversation, Generation
from sharing import actions
from sharing.models import Share

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
DAY = timedelta(days=1)


@pytest.fixture
def ada() -> User:
    return make_user()


@pytest.fixture
def bob() -> User:
    return make_user("bob@example.org", team=make_team("Research"))


@pytest.fixture
def chat(ada: User) -> Conversation:
    return Conversation.objects.of(ada).get(pk=chat_of(ada, title="Plans").pk)


@pytest.fixture
def share(chat: Conversation, bob: User) -> Share:
    return share_of(chat, bob)


def address(name: str, *args: Any) -> str:
    return reverse(f"sharing:{name}", args=args)


def status(person: User, share: Share) -> tuple[int, int]:
    """Return what the page and the question whether it is still there answer."""
    door = door_of(person)
    return door.get(share.get_absolute_url()).status_code, door.get(address("still", share.pk)).status_code


def test_who_it_was_shared_with_reads_it(share: Share, ada: User, bob: User) -> None:
    page = door_of(bob).get(share.get_absolute_url())
    said = page.content.decode()
    assert (page.status_code, page["Cache-Control"]) == (200, "no-store")
    for words in ("Plans", "Shared by Ada", "Words 0", "Words 1", "it does not change any more", "Continue as a copy"):
        assert words in said, words
    assert "<textarea" not in said
    assert "Change or take back" not in said
    assert "bob@example.org" in said, "one's own address, in the sidebar"
    assert "ada@example.org" not in said
    own = door_of(ada).get(share.get_absolute_url()).content.decode()
    assert "Change or take back" in own
    assert "Continue as a copy" not in own


def test_nobody_else_does_whatever_their_office(share: Share) -> None:
    team = make_team("House")
    others = [make_user(f"{role}@example.org", role=role, team=team) for role in ("owner", "admin", "auditor")]
    others += [make_user("mate@example.org"), make_user("colleague@example.org", team=make_team("Research"))]
    for other in others:
        assert status(other, share) == (404, 404), other


def test_not_yours_and_not_there_are_told_alike_and_counted(share: Share) -> None:
    eve = door_of(make_user("eve@example.org"))
    before = Entry.objects.filter(verb="accounts.access_refused").count()
    for name in ("share", "still", "mine"):
        foreign, unknown = eve.get(address(name, share.pk)), eve.get(address(name, uuid4()))
        assert (foreign.status_code, unknown.status_code) == (404, 404)
        assert foreign.content == unknown.content, name
    assert Entry.objects.filter(verb="accounts.access_refused").count() == before + 1, "one entry a minute"


def ended(share: Share, **fields: Any) -> None:
    Share.objects.within(share).update(**fields)


def leave(person: User) -> None:
    Membership.objects.filter(user=person).delete()


ENDS: dict[str, Any] = {
    "taken back": lambda share, ada: actions.revoke(share),
    "over": lambda share, ada: ended(share, expires_at=Now()),
    "its chat is deleted": lambda share, ada: Conversation.objects.of(ada).update(deleted_at=Now()),
    "its chat is temporary and over": lambda share, ada: Conversation.objects.of(ada).update(temporary_until=Now()),
    "its sharer has left the team of the chat": lambda share, ada: leave(ada),
    "its sharer is deactivated": lambda share, ada: User.objects.filter(pk=ada.pk).update(is_active=False),
    "the reader was dropped": lambda share, ada: actions.drop(share, share.readers.get()),
}


@pytest.mark.parametrize("how", ENDS)
def test_it_is_gone_at_once(share: Share, ada: User, bob: User, how: str) -> None:
    door = door_of(bob)
    assert door.get(address("still", share.pk)).status_code == 204
    ENDS[how](share, ada)
    assert status(bob, share) == (404, 404)
    assert "Plans" not in door.get(address("with_me")).content.decode()
    assert door.post(address("copy", share.pk)).status_code == 404
    assert Conversation.objects.for_housekeeping().count() == 1


def test_it_rests_while_its_sharer_is_away_from_the_team(share: Share, ada: User, bob: User) -> None:
    leave(ada)
    assert status(bob, share) == (404, 404)
    Membership.objects.create(user=ada, team=make_team())
    assert status(bob, share) == (200, 204)


def test_a_team_reads_it_while_one_is_in_it(chat: Conversation, bob: User) -> None:
    share = share_of(chat, teams=[make_team().pk])
    assert status(bob, share) == (404, 404)
    Membership.objects.create(user=bob, team=make_team(), role=Membership.Role.GUEST)
    assert status(bob, share) == (200, 204), "guests read"
    leave(bob)
    assert status(bob, share) == (404, 404)


def test_what_left_the_premises_says_so(chat: Conversation, bob: User) -> None:
    Generation.objects.for_housekeeping().update(left_premises=True)
    share = share_of(chat, bob)
    assert "left the premises" in door_of(bob).get(share.get_absolute_url()).content.decode()
    assert "left the premises" in door_of(chat.owner).get(address("new", chat.pk)).content.decode()


def test_files_are_named_and_not_given(chat: Conversation, bob: User) -> None:
    use = attach(chat, b"the notes", name="notes.md")
    share = share_of(chat, bob)
    page = door_of(bob).get(share.get_absolute_url()).content.decode()
    assert "notes.md" in page
    assert str(use.pk) not in page
    assert door_of(bob).get(reverse("chat:attachment", args=[use.pk])).status_code == 404


def form(chat: Conversation, **fields: Any) -> dict[str, Any]:
    return {"end": "7", "head": chat.head_id} | fields


def test_sharing_ends_on_the_page_with_the_link(chat: Conversation, ada: User, bob: User) -> None:
    door = door_of(ada)
    page = door.get(address("new", chat.pk)).content.decode()
    assert "2 messages, until here" in page
    response = door.post(address("new", chat.pk), form(chat, person=[bob.pk]), follow=True)
    share = Share.objects.of(ada).get()
    assert response.redirect_chain == [(address("mine", share.pk), 302)]
    said = response.content.decode()
    assert f"http://testserver{share.get_absolute_url()}" in said
    assert "bob@example.org" in said


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Pick at least one person or one of your teams."),
        ({"end": "365"}, "The form is incomplete. Reload the page."),
        ({"end": ""}, "The form is incomplete. Reload the page."),
        ({"head": ""}, "The form is incomplete. Reload the page."),
        ({"person": ["everybody"]}, "The form is incomplete. Reload the page."),
        ({"head": str(uuid4()), "person": [str(uuid4())]}, "The chat has changed since you looked."),
        ({"person": [str(uuid4())]}, "Somebody you picked is no longer here"),
        ({"team": [str(uuid4())]}, "Somebody you picked is no longer here"),
    ],
)
def test_what_cannot_be_shared_gets_a_sentence(chat: Conversation, fields: Any, sentence: str) -> None:
    response = door_of(chat.owner).post(address("new", chat.pk), form(chat) | fields)
    assert response.status_code == 409
    assert sentence in response.content.decode()
    assert not Share.objects.for_housekeeping().exists()


def test_what_was_picked_stays_when_it_is_refused(chat: Conversation, bob: User) -> None:
    response = door_of(chat.owner).post(address("new", chat.pk), form(chat, person=[bob.pk], head=uuid4()))
    assert f'value="{bob.pk}" checked' in " ".join(response.content.decode().split())


def test_more_than_was_asked_for_is_ignored(chat: Conversation, bob: User) -> None:
    extra = {"owner": bob.pk, "conversation": uuid4(), "title": "Another", "expires_at": "", "role": "owner"}
    door_of(chat.owner).post(address("new", chat.pk), form(chat, person=[bob.pk]) | extra)
    share = Share.objects.for_housekeeping().get()
    assert (share.owner, share.conversation, share.title) == (chat.owner, chat, "Plans")


def test_a_chat_of_others_is_not_there_to_be_shared(chat: Conversation, bob: User) -> None:
    door = door_of(bob)
    for pk in (chat.pk, uuid4()):
        assert door.get(address("new", pk)).status_code == 404
        assert door.post(address("new", pk), form(chat, person=[chat.owner.pk])).status_code == 404
    assert not Share.objects.for_housekeeping().exists()


@pytest.mark.parametrize("why", ["temporary", "guest", "answered"])
def test_the_page_says_why_a_chat_cannot_be_shared(ada: User, why: str) -> None:
    chat = chat_of(ada) if why != "answered" else asked(ada).message.conversation
    if why == "temporary":
        Conversation.objects.within(chat).update(temporary_until=timezone.now() + DAY)
    if why == "guest":
        Membership.objects.filter(user=ada).update(role=Membership.Role.GUEST)
    page = door_of(ada).get(address("new", chat.pk)).content.decode()
    sentences = {
        "temporary": "A temporary chat is not shared",
        "guest": "You are a guest of the team Engineering",
        "answered": "An answer is still being written",
    }
    assert sentences[why] in page
    assert "data-share" not in page


def found(person: User, text: str) -> str:
    response = door_of(person).get(address("people"), {"text": text})
    assert response.status_code == 200
    return response.content.decode()


def test_colleagues_are_found_by_two_letters_and_ten_at_most(ada: User, bob: User) -> None:
    crowd = make_team("Crowd")
    for n in range(12):
        make_user(f"crowd{n}@example.org", team=crowd)
    User.objects.filter(email="crowd3@example.org").update(is_active=False)
    assert "bob@example.org" in found(ada, "bo")
    assert found(ada, "crowd").count("checkbox") == 10
    assert "Nobody else is called so." in found(ada, "crowd3"), "deactivated"
    assert "Write at least two letters." in found(ada, "b")
    assert found(ada, "").strip() == ""
    assert "checkbox" not in found(ada, "ada"), "oneself"


def test_people_of_ones_own_teams_come_first(ada: User) -> None:
    far = make_user("kim.a@example.org", team=make_team("Research"))
    near = make_user("kim.b@example.org")
    said = found(ada, "kim")
    assert said.index(str(near.pk)) < said.index(str(far.pk))


def test_without_scripts_people_are_looked_for_and_stay_picked(chat: Conversation, bob: User) -> None:
    kim = make_user("kim@example.org")
    door = door_of(chat.owner)
    response = door.post(address("new", chat.pk), form(chat, person=[kim.pk], text="bo", look="1", end="30"))
    page = " ".join(response.content.decode().split())
    assert response.status_code == 200
    assert f'value="{kim.pk}" checked' in page
    assert f'value="{bob.pk}">' in page
    assert 'value="30" checked' in page
    assert not Share.objects.for_housekeeping().exists()


def test_lists_show_what_is_open(share: Share, chat: Conversation, ada: User, bob: User) -> None:
    assert "Plans" in door_of(bob).get(address("with_me")).content.decode()
    assert "You share nothing just now." in door_of(bob).get(address("by_me")).content.decode()
    assert "Plans" in door_of(ada).get(address("by_me")).content.decode()
    assert "Nothing is shared with you" in door_of(ada).get(address("with_me")).content.decode()
    door_of(ada).post(address("revoke", share.pk))
    assert "Nothing is shared with you" in door_of(bob).get(address("with_me")).content.decode()


def test_lists_go_on_behind_fifty(chat: Conversation, ada: User, bob: User) -> None:
    shares = [share_of(chat, bob) for _ in range(51)]
    for n, one in enumerate(shares):
        Share.objects.within(one).update(created_at=timezone.now() - n * DAY)
    for name, person in (("by_me", ada), ("with_me", bob)):
        door = door_of(person)
        page = door.get(address(name)).content.decode()
        assert (page.count('class="title"'), "data-more" in page) == (50, True)
        rest = door.get(address(name), {"after": str(shares[49].pk)}).content.decode()
        assert (rest.count('class="title"'), "data-more" in rest) == (1, False)
        assert door.get(address(name), {"after": "x"}).status_code == 404


def test_a_sharers_acts_are_the_sharers_alone(share: Share, ada: User, bob: User) -> None:
    reader = share.readers.get()
    for name, args in (("revoke", [share.pk]), ("end", [share.pk]), ("drop", [share.pk, reader.pk])):
        assert door_of(bob).post(address(name, *args), {"end": "90"}).status_code == 404
    assert status(bob, share) == (200, 204)


def test_a_reader_of_another_share_is_not_dropped_by_it(share: Share, chat: Conversation, ada: User) -> None:
    other = share_of(chat, make_user("carl@example.org"))
    response = door_of(ada).post(address("drop", share.pk, other.readers.get().pk))
    assert response.status_code == 404
    assert other.readers.count() == 1


def test_an_end_is_changed(share: Share, ada: User) -> None:
    response = door_of(ada).post(address("end", share.pk), {"end": "kept"}, follow=True)
    assert "for as long as the chat is kept" in response.content.decode()
    assert door_of(ada).post(address("end", share.pk), {"end": "365"}).status_code == 409


def test_a_copy_opens_as_a_chat_of_ones_own(share: Share, bob: User) -> None:
    response = door_of(bob).post(address("copy", share.pk), follow=True)
    chat = Conversation.objects.of(bob).get()
    assert response.redirect_chain == [(chat.get_absolute_url(), 302)]
    assert "Words 1" in response.content.decode()


def test_whoever_may_not_ask_is_told_so(share: Share, bob: User) -> None:
    Membership.objects.filter(user=bob).update(role=Membership.Role.GUEST)
    assert "you may not ask in any team" in door_of(bob).get(share.get_absolute_url()).content.decode()
    assert door_of(bob).post(address("copy", share.pk)).status_code == 409


def queries_of(door: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        assert door.get(path).status_code == 200
    return len(asked_for)


def test_pages_take_the_same_queries_however_much_there_is(ada: User, bob: User) -> None:
    short, long = chat_of(ada, messages=2), chat_of(ada, messages=20)
    for n in range(4):
        attach(long, f"file {n}".encode(), name=f"{n}.md")
    few = share_of(short, bob)
    one, other = door_of(ada), door_of(bob)
    paths = [(one, "by_me"), (other, "with_me")]
    before = [queries_of(door, address(name)) for door, name in paths]
    many = share_of(long, bob, *(make_user(f"p{n}@example.org") for n in range(5)), teams=[make_team().pk])
    assert [queries_of(door, address(name)) for door, name in paths] == before
    assert queries_of(other, few.get_absolute_url()) == queries_of(other, many.get_absolute_url())
    assert queries_of(one, address("mine", few.pk)) == queries_of(one, address("mine", many.pk))
    assert queries_of(one, address("new", short.pk)) == queries_of(one, address("new", long.pk))
