"""What is written and not sent is kept: for its person alone, until it is sent, and not for ever."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factories import asked, make_deployment, make_team, make_user
from keeping import chat_of

from accounts.models import Membership, User
from chat import actions, drafts
from chat.forms import LONGEST_QUESTION
from chat.models import Conversation, Draft, Generation
from retention.kinds import kind

pytestmark = pytest.mark.django_db
NEW = reverse("chat:new_draft")


@pytest.fixture
def ada(client: Client) -> User:
    user = make_user()
    client.force_login(user)
    return user


def of(chat: Conversation) -> str:
    return reverse("chat:draft", args=[chat.pk])


def draft_of(chat: Conversation) -> str:
    return Conversation.objects.for_housekeeping().get(pk=chat.pk).draft


def test_a_draft_comes_back_as_it_was_written(ada: User, client: Client) -> None:
    make_deployment()
    assert client.post(NEW, {"text": "First\r\n<b>second</b> "}).status_code == 204
    assert client.get(NEW).json() == {"text": "First\n<b>second</b> "}
    assert "First\n&lt;b&gt;second&lt;/b&gt; </textarea>" in client.get("/").content.decode()
    client.post(NEW, {"text": "Other words"})
    assert Draft.objects.get().text == "Other words"


def test_each_chat_has_its_own_draft_and_its_clock_stays(ada: User, client: Client) -> None:
    one, other = chat_of(ada, age=timedelta(days=3)), chat_of(ada)
    assert client.post(of(one), {"text": "Of one"}).status_code == 204
    assert (draft_of(one), draft_of(other), drafts.of(ada)) == ("Of one", "", "")
    assert "Of one</textarea>" in client.get(one.get_absolute_url()).content.decode()
    assert Conversation.objects.of(ada).get(pk=one.pk).last_activity_at == one.last_activity_at


def test_an_empty_draft_is_none(ada: User, client: Client) -> None:
    client.post(NEW, {"text": "Words"})
    client.post(NEW, {"text": " \n"})
    assert not Draft.objects.exists()


def test_what_is_too_long_to_be_asked_is_not_kept(ada: User, client: Client) -> None:
    client.post(NEW, {"text": "Short"})
    response = client.post(NEW, {"text": "x" * (LONGEST_QUESTION + 1)})
    assert (response.status_code, drafts.of(ada)) == (400, "Short")
    assert client.post(NEW, {"text": "x" * LONGEST_QUESTION}).status_code == 204


def test_the_draft_goes_when_its_question_is_taken(ada: User) -> None:
    drafts.save(ada, "What is a hearth?")
    generation = asked(ada)
    question = generation.message.parent
    assert question is not None
    chat = generation.message.conversation
    assert not Draft.objects.exists()
    Generation.objects.for_housekeeping().update(state=Generation.State.DONE)
    drafts.save(ada, "And", chat)
    actions.edit(
        question, text="Other words", deployment=make_deployment(), client_id=uuid4()
    )  # no question of the box
    assert draft_of(chat) == "And"
    Generation.objects.for_housekeeping().update(state=Generation.State.DONE)
    actions.ask(chat, text="And a stove?", deployment=make_deployment(), client_id=uuid4())
    assert draft_of(chat) == ""


def test_a_question_that_is_refused_leaves_its_draft(ada: User, client: Client) -> None:
    make_deployment()
    drafts.save(ada, "Half")
    Membership.objects.filter(user=ada).update(role=Membership.Role.GUEST)
    assert client.post("/chats/", {"text": "Half", "client_id": uuid4()}).status_code == 409
    assert drafts.of(ada) == "Half"


def test_nobody_reads_or_writes_another_s_draft(ada: User, client: Client) -> None:
    theirs = chat_of(make_user("eve@example.org"), draft="Eve's words")
    drafts.save(make_user("max@example.org"), "Max's words")
    assert client.get(of(theirs)).status_code == 404
    assert client.post(of(theirs), {"text": "Mine", "owner": str(ada.pk)}).status_code == 404
    assert draft_of(theirs) == "Eve's words"
    client.post(NEW, {"text": "Mine", "owner": str(theirs.owner_id)})
    assert (drafts.of(theirs.owner), drafts.of(ada)) == ("", "Mine")
    assert client.get(NEW).json() == {"text": "Mine"}


def test_who_cannot_ask_keeps_no_draft_of_a_new_chat(ada: User, client: Client) -> None:
    Membership.objects.filter(user=ada).update(role=Membership.Role.GUEST)
    assert client.post(NEW, {"text": "Words"}).status_code == 409
    assert not Draft.objects.exists()


def test_a_restored_draft_goes_again_and_a_later_one_stays() -> None:
    ada = make_user()
    before = timezone.now() - timedelta(days=40)
    Draft.objects.create(owner=ada, text="Old", updated_at=before)
    kept = kind("drafts")
    assert kept is not None
    ids = [f"{ada.pk} {before.isoformat()}"]
    assert (kept.back(ids), bool(kept.again(ids)), kept.back(ids)) == (1, True, 0)
    drafts.save(ada, "Later")
    assert (kept.back(ids), bool(kept.again(ids)), drafts.of(ada)) == (0, False, "Later")


def test_a_team_s_chat_takes_its_draft_along() -> None:
    chat = chat_of(make_user(), team=make_team(), draft="Words")
    assert b"Words" in b"".join(text for _, text in kind("conversations").pieces(chat.owner))  # type: ignore[union-attr]
