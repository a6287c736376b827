"""What is signed is believed only whole, from here, for its purpose, and in its time; keys of sessions are random."""

import string
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from factories import make_user

from accounts import guessing
from accounts.models import Session
from accounts.reset import reset_path

ADA = "ada@example.org"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def known_cookie() -> str:
    """Return the cookie of a browser in which Ada has signed in."""
    guessing.know(RequestFactory().get("/"), response := HttpResponse(), ADA)
    return str(response.cookies[settings.KNOWN_BROWSER_COOKIE_NAME].value)


def believed(cookie: str) -> bool:
    return bool(guessing.browser_in({settings.KNOWN_BROWSER_COOKIE_NAME: cookie}))


def test_a_known_browsers_cookie_is_believed_only_whole_and_from_here() -> None:
    cookie = known_cookie()
    assert believed(cookie)
    told = {"browser": "mine", "people": []}
    payload, at, _ = cookie.split(":")
    others = {
        "changed": ("A" if cookie[0] != "A" else "B") + cookie[1:],
        "cut": cookie[:-1],
        "unsigned": payload,
        "without its end": f"{payload}:{at}:",
        "another purpose": signing.dumps(told, salt="a link"),
        "another house": signing.dumps(told, salt=guessing.SALT, key="another signing key"),
        "empty": "",
    }
    assert {name: believed(other) for name, other in others.items()} == dict.fromkeys(others, False)


def test_a_known_browser_is_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    cookie = known_cookie()
    now = datetime.now().timestamp()  # noqa: DTZ005 - seconds since 1970
    for days, is_known in ((179, True), (181, False)):
        monkeypatch.setattr("django.core.signing.time.time", lambda days=days: now + days * 86_400)
        assert believed(cookie) is is_known


@pytest.fixture
def path() -> str:
    """A link for a new password."""
    return reset_path(make_user())


def opens(path: str) -> bool:
    """Whether a link leads to the form for a new password."""
    return 'name="password1"' in Client().get(path, follow=True).content.decode()


@pytest.mark.django_db
def test_a_link_for_a_new_password_is_good_for_one_person_one_house_and_a_day(path: str) -> None:
    bob = reset_path(make_user("bob@example.org"))
    assert opens(path)
    whose, token = path.rstrip("/").rsplit("/", 1)[1].split("-", 1)
    other = bob.rstrip("/").rsplit("/", 1)[1].split("-", 1)[0]
    assert not opens(path.replace(f"{whose}-{token}", f"{other}-{token}"))
    assert not opens(path.replace(token, token[:-1] + ("0" if token[-1] != "0" else "1")))
    with override_settings(SECRET_KEY="another signing key"):
        assert not opens(path)


@pytest.mark.django_db
@pytest.mark.parametrize(("hours", "is_good"), [(23, True), (25, False)])
def test_a_link_for_a_new_password_ends_after_a_day(
    path: str, monkeypatch: pytest.MonkeyPatch, hours: int, is_good: bool
) -> None:
    later = datetime.now() + timedelta(hours=hours)  # noqa: DTZ005 - as the library counts
    generator: Any = "django.contrib.auth.tokens.PasswordResetTokenGenerator._now"
    monkeypatch.setattr(generator, lambda self: later)
    assert opens(path) is is_good


@pytest.mark.django_db
def test_keys_of_sessions_are_long_random_and_never_the_same() -> None:
    ada = make_user()
    for _ in range(50):
        Client().force_login(ada, backend=BACKEND)
    keys = list(Session.objects.values_list("session_key", flat=True))
    assert len(set(keys)) == 50
    assert {len(key) for key in keys} == {32}
    assert set("".join(keys)) == set(string.ascii_lowercase + string.digits)  # 32 of these 36 are 165 bits
