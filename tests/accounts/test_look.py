"""How the house looks: its name, colour, logo, announcement, and each person's theme, through the doors."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from accounts_pages import enter, make_admin, make_house, text
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from factories import make_user
from pictures import png

from accounts.look import Banner, Piece, stands
from accounts.models import Logo, Organisation, User
from audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
OFFICE = "/organisation/"
NOW = datetime(2027, 3, 12, 9, tzinfo=UTC)


@pytest.fixture
def olga() -> Client:
    """An administrator of the organisation, at a browser."""
    make_house()
    return enter(make_admin())


@pytest.fixture
def ada() -> Client:
    """An employee, at a browser."""
    make_house()
    return enter(make_user("ada@example.org"))


def announce(client: Client, words: str = "Down on Friday.", **more: str) -> None:
    form = {"text": words, "level": "info", "audience": "everybody", **more}
    assert client.post("/organisation/banner/", form).status_code == 302


def test_a_house_of_nobody_is_called_hearth(client: Client) -> None:
    page = text(client.get("/account/login/"))
    assert "<title>Sign in · Hearth</title>" in page
    assert "look/" not in page


def test_the_name_is_on_the_sign_in_page_and_in_the_sidebar(ada: Client) -> None:
    assert "<h1>Sign in to Aalto</h1>" in text(Client().get("/account/login/"))
    assert "<strong>Aalto</strong>" in text(ada.get("/"))


def test_a_colour_is_worn_by_every_page(olga: Client) -> None:
    response = olga.post("/organisation/look/", {"own": "yes", "accent": "#1D5A8A"})
    assert response.status_code == 302
    assert Organisation.objects.get().accent == "#1d5a8a"
    assert 'href="/look/1d5a8a.css"' in text(Client().get("/account/login/"))
    sheet = Client().get("/look/1d5a8a.css")
    assert sheet["Content-Type"] == "text/css; charset=utf-8"
    assert sheet["Cache-Control"] == "public, max-age=86400"
    assert b"--ember: light-dark(#1d5a8a" in sheet.content
    assert Entry.objects.latest("seq").verb == "accounts.look_changed"


@pytest.mark.parametrize("colour", ["red", "12345", "1d5a8g", "1D5A8A"])
def test_what_is_no_colour_has_no_sheet(client: Client, colour: str) -> None:
    assert client.get(f"/look/{colour}.css").status_code == 404


def test_what_is_no_colour_is_not_taken(olga: Client) -> None:
    response = olga.post("/organisation/look/", {"own": "yes", "accent": "red;}"})
    assert response.status_code == 400
    assert "A colour has six digits behind a #" in text(response)
    assert Organisation.objects.get().accent == ""


def test_a_logo_is_served_as_a_picture_and_nothing_else(olga: Client) -> None:
    form = {"own": "", "accent": "#b93f0a", "logo": SimpleUploadedFile("x.html", png(64, 32), "text/html")}
    assert olga.post("/organisation/look/", form).status_code == 302
    address = f"/look/logo/{Organisation.objects.get().logo}/"
    assert address in text(Client().get("/account/login/"))
    response = Client().get(address)
    assert response.content == png(64, 32)
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert Client().get(f"/look/logo/{uuid4()}/").status_code == 404


def test_another_logo_takes_the_place_of_the_last_one_and_none_goes_back_to_the_flame(olga: Client) -> None:
    for side in (32, 64):
        logo = SimpleUploadedFile("logo.png", png(side, side), "image/png")
        olga.post("/organisation/look/", {"own": "", "accent": "#b93f0a", "logo": logo})
    assert Logo.objects.get().width == 64
    olga.post("/organisation/look/", {"own": "", "accent": "#b93f0a", "without": "on"})
    assert not Logo.objects.exists()
    assert "flame.svg" in text(Client().get("/account/login/"))
    assert Entry.objects.filter(verb="accounts.look_changed").count() == 3


def test_a_drawing_with_scripts_is_no_logo(olga: Client) -> None:
    logo = SimpleUploadedFile("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/png")
    response = olga.post("/organisation/look/", {"own": "", "accent": "#b93f0a", "logo": logo})
    assert response.status_code == 400
    assert "choose a PNG, JPEG or WebP file" in text(response)
    assert not Logo.objects.exists()


def test_an_announcement_is_seen_until_its_person_closes_it(olga: Client, ada: Client) -> None:
    announce(olga)
    assert "Down on Friday." in text(ada.get("/"))
    assert "Down on Friday." not in text(Client().get("/account/login/"))
    banner = str(Organisation.objects.get().banner_id)
    response = ada.post("/look/banner/close/", {"banner": banner, "next": "/you/"})
    assert response["Location"] == "/you/"
    assert "Down on Friday." not in text(ada.get("/"))
    assert "Down on Friday." in text(olga.get("/"))
    announce(olga, "Up again.")
    assert "Up again." in text(ada.get("/"))


def test_one_that_was_closed_too_late_does_not_close_the_next(olga: Client, ada: Client) -> None:
    announce(olga)
    old = str(Organisation.objects.get().banner_id)
    announce(olga, "Up again.")
    ada.post("/look/banner/close/", {"banner": old})
    assert "Up again." in text(ada.get("/"))


def test_an_announcement_for_administrators_is_theirs(olga: Client, ada: Client) -> None:
    announce(olga, audience="admins")
    assert "Down on Friday." in text(olga.get("/"))
    assert "Down on Friday." not in text(ada.get("/"))


def test_the_log_says_that_the_announcement_changed_and_not_what_it_says(olga: Client) -> None:
    announce(olga, level="warning")
    entry = Entry.objects.latest("seq")
    assert entry.verb == "accounts.banner_changed"
    assert "Friday" not in entry.body
    announce(olga, level="warning")
    assert Entry.objects.latest("seq").pk == entry.pk, "nothing changed"


def test_an_announcement_cannot_end_before_it_begins(olga: Client) -> None:
    form = {"text": "Words", "level": "info", "audience": "everybody"}
    form |= {"begins": "2027-03-12T09:00", "ends": "2027-03-12T08:00"}
    response = olga.post("/organisation/banner/", form)
    assert response.status_code == 400
    assert "would end before it begins" in text(response)
    assert Organisation.objects.get().banner == ""


def test_an_announcement_stands_in_its_time() -> None:
    house = Organisation(name="Aalto", banner="Words", banner_from=NOW, banner_until=NOW + timedelta(hours=1))
    times = (NOW - timedelta(seconds=1), NOW, NOW + timedelta(minutes=59), NOW + timedelta(hours=1))
    assert [stands(house, now) for now in times] == [False, True, True, False]


def test_addresses_are_links_and_everything_else_is_text() -> None:
    said = Banner("", "info", "See https://status.example.org/a?b=1. Or <b>javascript:alert(1)</b>.")
    assert said.pieces == [
        Piece("See "),
        Piece("https://status.example.org/a?b=1", "https://status.example.org/a?b=1"),
        Piece(". Or <b>javascript:alert(1)</b>."),
    ]


def test_what_is_announced_is_escaped(olga: Client) -> None:
    announce(olga, '<img src=x onerror=alert(1)> https://example.org/"onclick="alert(1)')
    page = olga.get("/").content.decode()
    assert "<img src=x" not in page
    assert 'href="https://example.org/"' in page
    assert 'onclick="' not in page


def test_a_theme_is_kept_for_every_device(ada: Client) -> None:
    assert 'data-theme="auto"' in text(ada.get("/"))
    assert ada.post("/look/theme/", {"theme": "dark", "next": "/you/"})["Location"] == "/you/"
    assert 'data-theme="dark"' in text(enter(User.objects.get(email="ada@example.org")).get("/"))
    assert "data-theme=" not in Client().get("/account/login/").content.decode()


def test_a_theme_that_is_none_is_refused(ada: Client) -> None:
    assert ada.post("/look/theme/", {"theme": "pink"}).status_code == 409
    assert User.objects.get(email="ada@example.org").theme == "auto"


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_nobody_is_led_elsewhere(ada: Client, where: str) -> None:
    assert ada.post("/look/theme/", {"theme": "dark", "next": where})["Location"] == "/"


def test_a_script_is_answered_with_nothing(ada: Client) -> None:
    response = ada.post("/look/theme/", {"theme": "light"}, headers={"X-Hearth-Partial": "look"})
    assert (response.status_code, response.content) == (204, b"")
