"""People are spoken to in their language: the one they chose, else the one that their browser asks for."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation
from factories import make_user

from accounts.language import speaking_to
from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    translation.activate("en")


def speaks(language: str) -> User:
    ada = make_user()
    ada.language = language
    ada.save(update_fields=["language"])
    return ada


def test_who_is_not_signed_in_is_spoken_to_as_the_browser_asks(client: Client) -> None:
    page = client.get("/account/login/", headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
    assert '<html lang="de"' in page.text
    assert page["Content-Language"] == "de"


def test_a_language_that_hearth_does_not_speak_is_english(client: Client) -> None:
    assert '<html lang="en"' in client.get("/account/login/", headers={"Accept-Language": "is"}).text


def test_a_chosen_language_is_stronger_than_the_browsers(client: Client) -> None:
    ada = make_user()
    client.force_login(ada)
    client.post("/you/language/", {"language": "fr"}, headers={"Accept-Language": "de"})
    ada.refresh_from_db()
    assert ada.language == "fr"
    assert '<html lang="fr"' in client.get("/you/", headers={"Accept-Language": "de"}).text


def test_a_language_that_is_none_is_not_chosen(client: Client) -> None:
    ada = make_user()
    client.force_login(ada)
    client.post("/you/language/", {"language": "xx"})
    ada.refresh_from_db()
    assert ada.language == ""


def test_one_that_hearth_speaks_no_more_is_as_the_browser_asks(client: Client) -> None:
    client.force_login(speaks("tlh"))
    assert '<html lang="de"' in client.get("/you/", headers={"Accept-Language": "de"}).text


def test_mails_are_written_in_the_language_of_whoever_gets_them() -> None:
    speaks("fr")
    with speaking_to("ADA@example.org"):
        assert translation.get_language() == "fr"
    with translation.override("de"), speaking_to("nobody@example.org"):
        assert translation.get_language() == "en"


def test_the_words_of_scripts_are_kept_by_browsers(client: Client) -> None:
    client.force_login(speaks("de"))
    page = client.get("/you/").text
    address = page.split('<script src="/words.js')[1].split('"')[0].replace("&amp;", "&")
    script = client.get(f"/words.js{address}")
    assert script["Cache-Control"] == "public, max-age=31536000, immutable"
    assert script["Content-Type"] == "text/javascript; charset=utf-8"
    assert "gettext" in script.text


def test_english_needs_no_words(client: Client) -> None:
    client.force_login(make_user())
    assert "/words.js" not in client.get("/you/").text
    assert client.get("/words.js?language=tlh").status_code == 404
