"""A temporary chat: it ends when it said it would, whatever happens in it, and then it is not there."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from factories import make_deployment, make_team, make_user
from keeping import db_now, set_house, set_team

from chat.models import Conversation, Generation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    make_deployment()
    return client


def begin(client: Client, client_id: UUID | None = None, **fields: str) -> int:
    form = {"text": "Between us", "client_id": str(client_id or uuid4())}
    return client.post(reverse("chat:begin"), form | fields).status_code


def chat() -> Conversation:
    return Conversation.objects.for_housekeeping().get()


def hours() -> float:
    until = chat().temporary_until
    assert until is not None
    return (until - db_now()) / timedelta(hours=1)


def test_a_temporary_chat_ends_after_the_organisations_hours(ada: Client) -> None:
    set_house(temporary_hours=12)
    assert begin(ada, temporary="on") == 302
    assert hours() == pytest.approx(12, abs=0.01)


def test_a_teams_own_hours_hold(ada: Client) -> None:
    set_team(make_team(), temporary_hours=2)
    begin(ada, temporary="on")
    assert hours() == pytest.approx(2, abs=0.01)


def test_the_empty_page_says_for_how_long(ada: Client) -> None:
    set_team(make_team(), temporary_hours=2)
    assert "Temporary: gone after 2 hours" in " ".join(ada.get("/").content.decode().split())


def test_without_the_mark_a_chat_is_a_lasting_one(ada: Client) -> None:
    begin(ada)
    assert chat().temporary_until is None


def test_another_question_moves_no_end(ada: Client) -> None:
    begin(ada, temporary="on")
    end = chat().temporary_until
    Generation.objects.for_housekeeping().update(state=Generation.State.DONE)
    response = ada.post(reverse("chat:ask", args=[chat().pk]), {"text": "More", "client_id": str(uuid4())})
    assert response.status_code == 302
    assert chat().temporary_until == end


def test_once_over_it_is_not_there(ada: Client) -> None:
    begin(ada, temporary="on")
    found = chat()
    assert ada.get(found.get_absolute_url()).status_code == 200
    Conversation.objects.within(found).update(temporary_until=db_now())
    for address in (found.get_absolute_url(), reverse("chat:lifetime", args=[found.pk])):
        assert ada.get(address).status_code == 404
    assert "Between us" not in ada.get(reverse("chat:home")).content.decode()


def test_a_form_that_comes_twice_makes_no_chat_of_the_other_kind(ada: Client) -> None:
    same = uuid4()
    assert begin(ada, same, temporary="on") == 302
    assert begin(ada, same, temporary="on") == 302
    assert begin(ada, same) == 409
    assert chat().temporary_until is not None


def test_nobody_is_asked_to_keep_it_longer(ada: Client) -> None:
    begin(ada, temporary="on")
    assert "Keep longer…" not in ada.get(chat().get_absolute_url()).content.decode()
    response = ada.post(reverse("chat:keep", args=[chat().pk]), {"reason": "Please."})
    assert response.status_code == 409
