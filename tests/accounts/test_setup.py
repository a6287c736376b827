"""The first administrator's way in: once, for one person, with a password worth the name."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from factories import PASSWORD, make_user

from accounts import actions
from accounts.models import Organisation, SetupLink, Team, User

pytestmark = pytest.mark.django_db
FORM = {
    "organisation": "Aalto",
    "display_name": "Ada",
    "email": "Ada@Example.org",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


@pytest.fixture
def link() -> str:
    return f"/setup/{actions.make_setup_link(now=timezone.now())}/"


def test_the_link_makes_one_owner_signs_in_and_works_no_more(client: Client, link: str) -> None:
    assert client.get(link).status_code == 200
    assert client.post(link, FORM).headers["Location"] == "/"
    owner = User.objects.get()
    assert (owner.email, owner.organisation_role, owner.is_admin) == ("ada@example.org", User.Role.OWNER, True)
    assert (Organisation.objects.get().name, Team.objects.get().name) == ("Aalto", "Aalto")
    assert client.get("/").status_code == 200
    for other in (Client(), client):
        assert other.get(link).status_code == 404
        assert other.post(link, FORM).status_code == 404
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_posts_at_the_same_moment_make_one_owner() -> None:
    token = actions.make_setup_link(now=timezone.now())

    def post(name: str) -> bool:
        try:
            now = timezone.now()
            actions.set_up(
                token, email=f"{name}@example.org", display_name=name, organisation="A", password=PASSWORD, now=now
            )
        except actions.LinkGone:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(post, "abcd")) == [False, False, False, True]
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": "nobody"}, "Enter a valid email address"),
        ({"email": ""}, "This field is required"),
        ({"organisation": "  "}, "This field is required"),
        ({"password2": "another one entirely"}, "The two passwords differ."),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"password1": "password1234", "password2": "password1234"}, "too common"),
        ({"display_name": "x" * 121}, "at most 120 characters"),
        ({"display_name": "A\x00da"}, "Null characters are not allowed"),
    ],
)
def test_bad_input_gets_a_sentence_and_the_link_still_works(
    client: Client, link: str, change: dict[str, str], sentence: str
) -> None:
    response = client.post(link, FORM | change)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert PASSWORD not in response.content.decode()
    assert not User.objects.exists()
    assert client.post(link, FORM).status_code == 302


def test_an_old_or_unknown_link_opens_nothing(client: Client, link: str) -> None:
    SetupLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(link).status_code == client.post(link, FORM).status_code == 404
    assert client.get("/setup/unknown/").status_code == 404
    assert not User.objects.exists()


def test_a_new_link_ends_the_one_before(client: Client, link: str) -> None:
    fresh = actions.make_setup_link(now=timezone.now())
    assert client.get(link).status_code == 404
    assert client.get(f"/setup/{fresh}/").status_code == 200


def test_the_command_offers_no_link_once_there_is_an_owner(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("setup_link", "--origin", "http://127.0.0.1:8000")
    assert "http://127.0.0.1:8000/setup/" in capsys.readouterr().out
    make_user(role=User.Role.OWNER)
    call_command("setup_link", "--origin", "http://127.0.0.1:8000")
    assert capsys.readouterr().out == ""
