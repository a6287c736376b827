"""Any password that is long enough is taken as it was typed, kept by a slow function, and never shown."""

import re

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from django.utils import timezone
from factories import PASSWORD, make_user

from accounts import actions
from accounts.forms import PasswordForm
from accounts.reset import reset_path

pytestmark = pytest.mark.django_db
TAKEN = [
    "a" * 6 + "b" * 58,  # 64 characters, two letters
    "only lower case and spaces",
    "  with spaces at both ends  ",
    "пароль из многих слов",
    "\U0001f525\U0001f332" * 6,
    "'; DROP TABLE accounts_user; --",
    "never-ending " * 76 + "password",  # 996 characters
]
REFUSED = ["eleven char", "314159265358", "password1234", "ada@example.org"]


def signs_in(password: str) -> bool:
    return Client().post("/account/login/", {"login": "ada@example.org", "password": password}).status_code == 302


@pytest.mark.parametrize("password", TAKEN)
def test_a_password_of_any_composition_is_taken_as_it_was_typed(password: str) -> None:
    form = PasswordForm({"display_name": "Ada", "password1": password, "password2": password}, email="ada@example.org")
    assert form.is_valid(), form.errors
    actions.add_person(email="ada@example.org", password=form.cleaned_data["password1"])
    others = {password.strip(), password.swapcase(), password[:-1], password[:72]} - {password}
    assert [signs_in(other) for other in others] == [False] * len(others)
    assert signs_in(password)


@pytest.mark.parametrize("password", REFUSED)
def test_what_is_short_all_digits_common_or_ones_own_address_is_refused(password: str) -> None:
    form = PasswordForm({"display_name": "Ada", "password1": password, "password2": password}, email="ada@example.org")
    assert "password1" in form.errors


@pytest.mark.usefixtures("dear_hashes")
def test_passwords_are_kept_by_argon2id_and_nothing_weaker() -> None:
    from config import settings as shipped

    assert shipped.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    kept = Argon2PasswordHasher().encode(PASSWORD, "a salt of its own")
    kind, version, costs = kept.split("$")[1:4]
    assert (kind, version) == ("argon2id", "v=19")
    memory, times = (int(cost.split("=")[1]) for cost in costs.split(",")[:2])
    assert memory >= 19_456  # kibibytes
    assert times >= 2


def test_no_password_comes_back_and_every_field_hides_what_is_typed(client: Client) -> None:
    setup = f"/setup/{actions.make_setup_link(now=timezone.now())}/"
    ada, mine = make_user(), Client()
    mine.post("/account/login/", {"login": ada.email, "password": PASSWORD})
    ada.refresh_from_db()  # a link is worth nothing once its person has signed in
    weak = {"password1": "typed short", "password2": "typed short"}
    pages = {
        "sign in": client.get("/account/login/"),
        "refused": client.post("/account/login/", {"login": ada.email, "password": "typed and wrong"}),
        "set up": client.get(setup),
        "set up, refused": client.post(setup, weak),
        "change": mine.get("/account/password/change/"),
        "once more": mine.get("/account/reauthenticate/"),
        "reset": client.get(reset_path(ada), follow=True),
    }
    for name, page in pages.items():
        fields = re.findall(r'<input [^>]*name="\w*password\w*"[^>]*>', page.content.decode())
        assert fields, name
        assert all('type="password"' in field and " value=" not in field for field in fields), name
        assert not any("onpaste" in field or 'autocomplete="off"' in field for field in fields), name
