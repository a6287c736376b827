"""What people may set for one question: what the organisation lets them, within bounds, and nothing else."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from factories import make_deployment, make_user

from chat import recipes
from chat.models import Generation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(make_user(), backend=BACKEND)
    return client


def ask(client: Client, **wishes: object) -> Any:
    form = {"text": "What is a hearth?", "client_id": str(uuid4()), **wishes}
    return client.post(reverse("chat:begin"), form)


def the_answer() -> Generation:
    return Generation.objects.for_housekeeping().select_related("deployment").get()


def test_what_may_be_set_is_and_the_rest_is_as_the_organisation_says(ada: Client) -> None:
    make_deployment(may_change=["temperature"], temperature=0.7, top_k=33)
    assert ask(ada, temperature="1.5", top_k="5", max_tokens="").status_code == 302
    assert the_answer().parameters == {"temperature": 1.5}
    sampling = recipes.sampling_of(the_answer())
    assert (sampling.temperature, sampling.top_k) == (1.5, 33)


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        ({"temperature": "hot"}, "Temperature is a number."),
        ({"temperature": "2.1"}, "Temperature goes from 0 to 2."),
        ({"temperature": "nan"}, "Temperature goes from 0 to 2."),
        ({"max_tokens": "1.5"}, "Most tokens is a number."),
        ({"max_tokens": "1" + "0" * 400}, "Most tokens goes from 1 to 32768."),
        ({"temperature": "inf"}, "Temperature goes from 0 to 2."),
        ({"max_tokens": "0"}, "Most tokens goes from 1 to 32768."),
    ],
)
def test_what_is_out_of_bounds_is_told_and_nothing_is_asked(ada: Client, wishes: dict[str, str], sentence: str) -> None:
    make_deployment(may_change=["temperature", "max_tokens"])
    response = ask(ada, **wishes)
    assert response.status_code == 400
    assert sentence in response.text
    assert not Generation.objects.for_housekeeping().exists()


def test_the_page_offers_what_may_be_set(ada: Client) -> None:
    make_deployment()
    assert "data-tuning" not in ada.get("/").text
    make_deployment(may_change=["top_p"])
    page = ada.get("/").text
    assert 'name="top_p"' in page
    assert 'name="temperature"' not in page
