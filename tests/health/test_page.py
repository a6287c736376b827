"""The page of health says what is wrong in words, what helps, and how it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factories import make_owner, make_user

from accounts.models import User
from audit.models import Verification
from health import probing, words
from health.checks import NAMES, Found
from health.history import clock
from health.models import Spell

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WELL: dict[str, dict[str, Any]] = {
    "hosts": {"count": 2, "silent": {}},
    "disk": {"full": {}, "least": 5 * 10**9},
    "beat": {"seconds": 3.0},
    "housekeeping": {"seconds": 4.0},
    "anchors": {"seconds": 0},
}


@contextmanager
def found(*red: Found) -> Iterator[None]:
    """Let checks be as they are said to be; the others are well."""
    named = {one.name: one for one in red}
    told = [named.get(name) or Found(name, True, WELL.get(name, {})) for name in probing.ORDER]
    with patch.object(probing, "look", lambda: told):
        yield


@pytest.fixture
def olga(client: Client) -> Client:
    client.force_login(make_owner(), backend=BACKEND)
    return client


def shown(client: Client) -> str:
    response = client.get(reverse("health:show"))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_all_is_well(olga: Client) -> None:
    with found():
        page = shown(olga)
    assert "Everything works." in page
    assert "At least 5.0 GB are free everywhere." in page
    assert "2 machines give pulses." in page
    assert "The last pulse came 3 seconds ago." in page
    assert 'role="alert"' not in page
    assert " style=" not in page


def test_what_is_red_comes_first_with_what_helps(olga: Client) -> None:
    with found(
        Found("housekeeping", False, {"seconds": 190.0}), Found("hosts", False, {"count": 2, "silent": {"oak": 80.0}})
    ):
        page = shown(olga)
    assert "2 things do not work as they should." in page
    assert "No pulse for 3 minutes." in page
    assert "Look at log/housekeeping.log and restart it." in page
    assert "No pulse from oak for 80 seconds." in page
    assert page.index("Housekeeping</h3>") < page.index("Database</h3>")


SENTENCES = [
    (Found("beat", False), "No pulse has come since Redis began, or within a day."),
    (Found("hosts", False, {"count": 0, "silent": {}}), "No machine hosts models."),
    (Found("anchors", False, {"unreadable": True}), "The file of anchors cannot be read."),
    (Found("anchors", False, {"behind": True}), "The log ends before its last anchor"),
    (Found("anchors", False, {"seconds": 7200.0}), "Nothing was anchored for 2 hours."),
    (
        Found("disk", False, {"full": {"files": 10**8}, "least": 10**8}),
        "Hardly any room is left for: files (100 MB).",
    ),
    (Found("sweeps", False), "What is due does not go."),
    (Found("deletions", False), "The database was restored from a backup"),
    (Found("redis", False, {"away": "redis"}), "It does not answer."),
    (Found("hosts", False, {"away": "redis"}), "Nobody knows: Redis does not answer."),
]


@pytest.mark.parametrize(("one", "sentence"), SENTENCES, ids=lambda one: str(one)[:40])
def test_whatever_is_red_has_a_sentence_and_something_that_helps(one: Found, sentence: str) -> None:
    assert words.said(one).startswith(sentence)
    assert words.advice(one).endswith(".")


def test_every_check_has_words() -> None:
    names = {name for group in NAMES.values() for name in group}
    assert names == words.LABELS.keys() == words.ADVICE.keys() == words.SAID.keys()
    assert all(words.said(Found(name, True, WELL.get(name, {}))) for name in names)


def test_what_was_red_is_drawn_and_listed(olga: Client) -> None:
    now = clock()
    day = timedelta(days=1)
    Spell.objects.create(name="redis", state="ok", since=now - 3 * day, seen_at=now, until=now - day)
    Spell.objects.create(name="redis", state="failing", since=now - day, seen_at=now, until=now - day / 2)
    Spell.objects.create(name="redis", state="unknown", since=now - day / 2, seen_at=now, until=now - day / 4)
    Spell.objects.create(name="redis", state="ok", since=now - day / 4, seen_at=now)
    with found():
        page = shown(olga)
    assert page.count('<rect class="failing"') == page.count('<rect class="unknown"') == 1
    assert "nobody looked" in page
    assert f"{now - day:%Y-%m-%d %H:%M} UTC" in page
    assert "worked for 81.82 % of the time that is known" in page


def test_the_last_verification_is_shown(olga: Client) -> None:
    with found():
        assert "Nobody has had it verified here yet." in shown(olga)
        Verification.objects.create(sound=False, ended_at=timezone.now(), sentence="Entry 7 was changed.")
        page = shown(olga)
    assert "Entry 7 was changed." in page
    assert reverse("audit:verifications") in page


def test_who_keeps_no_house_finds_no_page(client: Client) -> None:
    for role in (User.Role.MEMBER, User.Role.AUDITOR):
        client.force_login(make_user(f"{role}@example.org", role=role), backend=BACKEND)
        assert client.get(reverse("health:show")).status_code == 404


def test_the_offices_lead_here(olga: Client) -> None:
    with found():
        page = shown(olga)
    assert f'<a href="{reverse("health:show")}" aria-current="page"><span>Health</span></a>' in page
