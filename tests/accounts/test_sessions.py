"""Sessions: only who signs in has one, and ending somebody's is cheap."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from factories import PASSWORD, make_user

from accounts import actions
from accounts.models import Session
from accounts.queries import holder_of
from accounts.sessions import SessionStore
from accounts.tasks import clear_sessions

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def sign_in(client: Client, email: str) -> None:
    assert client.post("/account/login/", {"login": email, "password": PASSWORD}).status_code == 302


def test_who_only_looks_leaves_no_session_behind() -> None:
    client = Client(enforce_csrf_checks=True)
    for path in ("/account/login/", "/account/password/reset/", "/", "/account/signup/"):
        client.get(path)
    assert not Session.objects.exists()
    token = client.get("/account/login/").context["csrf_token"]
    cookie = client.cookies[settings.CSRF_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
    form = {"login": make_user().email, "password": PASSWORD}
    assert client.post("/account/login/", form).status_code == 403
    assert client.post("/account/login/", form | {"csrfmiddlewaretoken": str(token)}).status_code == 302


def test_under_tls_both_cookies_are_host_cookies() -> None:
    code = (
        "import django; django.setup(); from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, "
        "s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.CSRF_COOKIE_HTTPONLY)"
    )
    env = os.environ | {"HEARTH_ORIGINS": "https://chat.example.org"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["__Host-hearth", "__Host-hearth-forms", "True", "True", "True"]


def test_a_session_names_its_person_from_the_sign_in_on() -> None:
    ada, client = make_user(), Client()
    sign_in(client, ada.email)
    assert list(Session.objects.values_list("user", flat=True)) == [ada.pk]
    client.post("/account/logout/")
    assert not Session.objects.filter(user=ada).exists()


def key_of(client: Client) -> str:
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


@pytest.mark.parametrize("is_stored", [True, False], ids=["a key that was given out", "a key that somebody made up"])
def test_signing_in_makes_a_new_key_and_the_one_from_before_is_worthless(is_stored: bool) -> None:
    before = SessionStore()
    if is_stored:
        before["seen"] = "the sign-in page"
        before.create()
    planted = before.session_key or "plantedbysomebodyelse00000000000"
    ada, client = make_user(), Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert client.get("/").status_code == 302
    sign_in(client, ada.email)
    assert key_of(client) != planted
    assert list(Session.objects.values_list("session_key", flat=True)) == [key_of(client)]
    attacker = Client()
    attacker.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert attacker.get("/").status_code == 302
    found = holder_of(key_of(client))  # what a socket asks, at its handshake and as long as it is open
    assert (holder_of(planted), found and found.pk) == (None, ada.pk)


def test_another_password_makes_a_new_key_and_every_one_from_before_is_worthless() -> None:
    ada, here, there = make_user(), Client(), Client()
    for client in (here, there):
        sign_in(client, ada.email)
    before = [key_of(client) for client in (here, there)]
    more = "another long enough passphrase"
    form = {"oldpassword": PASSWORD, "password1": more, "password2": more}
    assert here.post("/account/password/change/", form).status_code == 302
    assert [holder_of(key) for key in before] == [None, None]
    assert (here.get("/").status_code, there.get("/").status_code) == (200, 302)


def test_signing_in_after_somebody_else_takes_nothing_over() -> None:
    browser, people = Client(), [make_user(), make_user("bob@example.org")]
    keys = []
    for person in people:
        sign_in(browser, person.email)
        keys.append(key_of(browser))
        browser.session["kept"] = "a word"
        browser.post("/account/logout/")
        assert holder_of(keys[-1]) is None
    assert len(set(keys)) == 2
    assert not Session.objects.exists()


def test_who_is_shut_out_loses_their_sessions_and_nobody_elses_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    ada, bob = make_user(), make_user("bob@example.org")
    for person in (ada, ada, bob):
        sign_in(Client(), person.email)

    def unread(self: object) -> None:
        raise AssertionError("a session was decoded")

    monkeypatch.setattr(AbstractBaseSession, "get_decoded", unread)
    actions.deactivate(ada)
    assert list(Session.objects.values_list("user", flat=True)) == [bob.pk]


@pytest.mark.parametrize("how", [clear_sessions, lambda: call_command("clearsessions")])
def test_expired_sessions_are_cleared(how: object) -> None:
    sign_in(Client(), make_user().email)
    sign_in(Client(), make_user("bob@example.org").email)
    Session.objects.filter(user__email="ada@example.org").update(expire_date=timezone.now() - timedelta(seconds=1))
    how()  # type: ignore[operator]
    assert list(Session.objects.values_list("user__email", flat=True)) == ["bob@example.org"]


def test_clearing_is_on_the_clock() -> None:
    assert "accounts.clear_sessions" in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "accounts", "--check", "--dry-run", verbosity=0)
