"""Who may ask: members, as they are now. Guests read; for who left a team its chats are not there."""

from typing import Any
from uuid import uuid4

import pytest
import redis
from django.test import Client
from django.urls import reverse
from factories import asked, make_deployment, make_team, make_user

from accounts.models import Denial, Membership, User
from accounts.roles import Power
from chat import actions, stream
from chat.models import Conversation, Generation, Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def ada(client: Client) -> User:
    user = make_user()
    make_deployment()
    client.force_login(user, backend=BACKEND)
    return user


@pytest.fixture
def answer(ada: User) -> Generation:
    """A stopped answer: every way to ask for more is open."""
    generation = asked(ada)
    Generation.objects.for_housekeeping().update(state=Generation.State.STOPPED)
    return generation


def acts(answer: Generation) -> dict[str, str]:
    """Return every door that asks for an answer in this conversation."""
    message = answer.message
    return {
        "ask": reverse("chat:ask", args=[message.conversation_id]),
        "edit": reverse("chat:edit", args=[message.parent_id]),
        "regenerate": reverse("chat:regenerate", args=[message.pk]),
        "continue": reverse("chat:continue", args=[answer.pk]),
    }


def post(client: Client, path: str, **form: str) -> Any:
    return client.post(path, {"text": "more", "client_id": str(uuid4()), **form})


def assert_nothing_is_asked(client: Client, answer: Generation, sentence: str) -> None:
    for name, path in acts(answer).items():
        response = post(client, path)
        assert (name, response.status_code) == (name, 409)
        assert sentence in response.content.decode(), name
    answer.refresh_from_db()
    assert (Message.objects.for_housekeeping().count(), answer.state) == (2, "stopped")


def test_a_guest_reads_and_is_told_who_can_change_that(client: Client, answer: Generation) -> None:
    Membership.objects.update(role=Membership.Role.GUEST)
    assert_nothing_is_asked(client, answer, "You are a guest of the team Engineering: you can read, but not ask.")
    response = post(client, reverse("chat:begin"))
    assert response.status_code == 409
    assert "A team administrator can make you a member." in response.content.decode()
    assert Conversation.objects.for_housekeeping().count() == 1
    assert client.get(answer.message.conversation.get_absolute_url()).status_code == 200


def test_a_team_s_chats_are_not_there_for_who_left_it_and_come_back_with_them(
    client: Client, ada: User, answer: Generation
) -> None:
    chat = answer.message.conversation
    doors = [*acts(answer).values(), *(reverse(f"chat:{name}", args=[chat.pk]) for name in ("rename", "delete"))]
    Membership.objects.all().delete()
    assert [post(client, path, title="x").status_code for path in doors] == [404] * 6
    assert client.get(chat.get_absolute_url()).status_code == 404
    assert "hearth?" not in client.get("/").content.decode()
    assert (Message.objects.for_housekeeping().count(), Generation.objects.for_housekeeping().get().state) == (
        2,
        "stopped",
    )
    Membership.objects.create(user=ada, team=chat.team, role=Membership.Role.GUEST)
    assert client.get(chat.get_absolute_url()).status_code == 200
    assert "hearth?" in client.get("/").content.decode()


def test_the_last_team_left_between_look_and_act_is_noticed(answer: Generation) -> None:
    Membership.objects.all().delete()
    with pytest.raises(Conversation.DoesNotExist):
        actions.regenerate(answer.message, deployment=answer.deployment, client_id=uuid4())
    assert Message.objects.for_housekeeping().count() == 2


def test_who_was_denied_is_told_why(client: Client, ada: User, answer: Generation) -> None:
    Denial.objects.create(team=make_team(), power=Power.ASK, reason="The trial has ended.")
    assert_nothing_is_asked(client, answer, "have taken this from you: The trial has ended.")
    response = post(client, reverse("chat:begin"))
    assert response.status_code == 409
    assert "The reason given: The trial has ended." in response.content.decode()
    Membership.objects.create(user=ada, team=make_team("Second"))
    assert post(client, reverse("chat:begin")).status_code == 302


def test_a_guest_of_one_team_asks_in_another(client: Client, ada: User) -> None:
    Membership.objects.update(role=Membership.Role.GUEST)
    Membership.objects.create(user=ada, team=make_team("Second"))
    assert post(client, reverse("chat:begin")).status_code == 302
    assert Conversation.objects.for_housekeeping().get().team.name == "Second"


def test_a_chat_deleted_meanwhile_is_not_there(
    client: Client, answer: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    Conversation.objects.for_housekeeping().update(deleted_at="2026-01-01T00:00:00Z")
    for name, everything in (
        ("conversations_of", Conversation.objects.for_housekeeping().select_related("owner")),
        ("messages_of", Message.objects.for_housekeeping().select_related("conversation__owner")),
        ("generations_of", Generation.objects.for_housekeeping().select_related("message__conversation")),
    ):
        monkeypatch.setattr(f"chat.queries.{name}", lambda user, found=everything: found.all())
    for name, path in acts(answer).items():
        assert (name, post(client, path).status_code) == (name, 404)
    assert Message.objects.for_housekeeping().count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_answer_goes_on_while_redis_is_away(
    client: Client, answer: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[object] = []

    def away(generations: object) -> None:
        raise redis.ConnectionError

    monkeypatch.setattr(stream, "forget", away)
    monkeypatch.setattr(actions, "_ring", rung.append)
    assert post(client, acts(answer)["continue"]).status_code == 302
    assert rung == [answer.deployment_id]


def test_one_form_sent_twice_with_other_words_is_told_so(client: Client, ada: User) -> None:
    client_id = str(uuid4())
    assert post(client, reverse("chat:begin"), text="first", client_id=client_id).status_code == 302
    assert post(client, reverse("chat:begin"), text="first", client_id=client_id).status_code == 302
    response = post(client, reverse("chat:begin"), text="second", client_id=client_id)
    assert response.status_code == 409
    assert "This form was sent already, with other words." in response.content.decode()
    assert [m.text for m in Message.objects.for_housekeeping().filter(role="user")] == ["first"]


def test_without_javascript_older_chats_come_as_a_page(client: Client, ada: User) -> None:
    team = make_team()
    Conversation.objects.bulk_create(Conversation(owner=ada, team=team, title=f"chat {n}") for n in range(41))
    page = client.get(reverse("chat:sidebar") + "?page=2").content.decode()
    assert "<html" in page
    assert page.count("data-conversation=") == 1
    part = client.get(reverse("chat:sidebar") + "?page=2", headers={"X-Hearth-Partial": "thread"}).content.decode()
    assert "<html" not in part
    assert part.count("data-conversation=") == 1
