"""The doors: what is yours opens, what is not is not there, and bad input gets a sentence."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from factories import asked, make_deployment, make_user

from chat.models import Conversation, Generation, Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    make_deployment()
    return client


def begin(client: Client, text: str, **fields: object) -> object:
    return client.post(reverse("chat:begin"), {"text": text, "client_id": str(uuid4()), **fields})


def test_a_question_opens_a_conversation_named_after_it(ada: Client) -> None:
    response = begin(ada, "What is a hearth?\nIn one line.")
    conversation = Conversation.objects.for_housekeeping().get()
    assert response.status_code == 302  # type: ignore[attr-defined]
    assert response["Location"] == conversation.get_absolute_url()  # type: ignore[index]
    assert conversation.title == "What is a hearth?"
    assert [m.role for m in Message.objects.for_housekeeping().order_by("-role")] == ["user", "assistant"]
    assert Generation.objects.for_housekeeping().get().state == Generation.State.QUEUED


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write a question first."),
        (" \n\t ", "Write a question first."),
        ("nul\x00byte", "Null characters are not allowed."),
        ("x" * 1_000_000, "The question has 1,000,000 characters; at most 200,000 can be sent."),
    ],
)
def test_bad_text_gets_a_sentence_and_stores_nothing(ada: Client, text: str, sentence: str) -> None:
    response = begin(ada, text)
    assert response.status_code == 400  # type: ignore[attr-defined]
    assert sentence in response.content.decode()  # type: ignore[attr-defined]
    assert not Conversation.objects.for_housekeeping().exists()


def test_invalid_utf8_gets_a_sentence_and_stores_nothing(ada: Client) -> None:
    body = b"text=%FF%FE&client_id=" + str(uuid4()).encode()
    response = ada.post(reverse("chat:begin"), body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400
    assert "not valid UTF-8" in response.content.decode()
    assert not Conversation.objects.for_housekeeping().exists()


def test_a_stranger_finds_nothing_and_changes_nothing(client: Client) -> None:
    generation = asked(make_user())
    conversation, question = generation.message.conversation, generation.message.parent
    assert question is not None
    client.force_login(make_user("bob@example.org"), backend="allauth.account.auth_backends.AuthenticationBackend")
    form = {"text": "mine", "client_id": str(uuid4()), "title": "mine"}
    for name, pk in [
        ("ask", conversation.pk),
        ("rename", conversation.pk),
        ("delete", conversation.pk),
        ("edit", question.pk),
        ("regenerate", generation.message.pk),
        ("show", question.pk),
        ("stop", generation.pk),
        ("continue", generation.pk),
    ]:
        foreign = client.post(reverse(f"chat:{name}", args=[pk]), form)
        unknown = client.post(reverse(f"chat:{name}", args=[uuid4()]), form)
        assert (foreign.status_code, unknown.status_code) == (404, 404), name
        assert foreign.content == unknown.content, name
    assert client.get(conversation.get_absolute_url()).status_code == 404
    generation.refresh_from_db()
    conversation.refresh_from_db()
    assert (generation.state, conversation.title, conversation.deleted_at) == ("queued", "What is a hearth?", None)
    assert Message.objects.for_housekeeping().count() == 2


def test_without_signing_in_every_door_leads_to_the_sign_in_page(client: Client) -> None:
    for name in ("home", "sidebar"):
        assert reverse("account_login") in client.get(reverse(f"chat:{name}"))["Location"]


def test_an_edit_and_a_second_answer_are_siblings(ada: Client) -> None:
    begin(ada, "first wording")
    generation = Generation.objects.for_housekeeping().get()
    Generation.objects.for_housekeeping().update(state=Generation.State.DONE)
    ada.post(
        reverse("chat:edit", args=[generation.message.parent_id]),
        {"text": "second wording", "client_id": str(uuid4())},
    )
    page = ada.get(Conversation.objects.for_housekeeping().get().get_absolute_url())
    rows = page.context["thread"]
    assert [(row.message.role, row.number, row.count) for row in rows] == [("user", 2, 2), ("assistant", 1, 1)]
    ada.post(reverse("chat:show", args=[rows[0].previous]))
    rows = ada.get(Conversation.objects.for_housekeeping().get().get_absolute_url()).context["thread"]
    assert [row.message.text for row in rows] == ["first wording", ""]


def test_the_page_takes_a_constant_number_of_queries(ada: Client, django_assert_max_num_queries: object) -> None:
    begin(ada, "0")
    conversation = Conversation.objects.for_housekeeping().get()
    parent = conversation.head_id
    for n in range(100):
        message = conversation.messages.create(
            role="user" if n % 2 == 0 else "assistant", text=f"{n}", parent_id=parent
        )
        parent = message.pk
    Conversation.objects.for_housekeeping().update(head=parent)
    with django_assert_max_num_queries(19):  # type: ignore[operator]
        page = ada.get(conversation.get_absolute_url())
    assert len(page.context["thread"]) == 102


def test_a_second_question_waits_for_the_first_answer(ada: Client) -> None:
    begin(ada, "first")
    conversation = Conversation.objects.for_housekeeping().get()
    response = ada.post(reverse("chat:ask", args=[conversation.pk]), {"text": "second", "client_id": str(uuid4())})
    assert response.status_code == 302
    assert [g.state for g in Generation.objects.for_housekeeping()] == ["queued", "queued"]


def test_deleting_hides_at_once_and_stops_what_is_written(ada: Client) -> None:
    begin(ada, "delete me")
    conversation = Conversation.objects.for_housekeeping().get()
    assert ada.post(reverse("chat:delete", args=[conversation.pk])).status_code == 302
    assert ada.get(conversation.get_absolute_url()).status_code == 404
    assert Generation.objects.for_housekeeping().get().state == Generation.State.STOPPED
