"""Guessing passwords: slow for strangers, the same for accounts that are not there, and no way to keep a person out."""

import json
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory
from factories import PASSWORD, make_user

from accounts import guessing
from accounts.models import Attempt
from accounts.tasks import clear_sessions
from audit.models import Entry

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"
BLOCKED = "Too many failed attempts"


def guess(client: Client, email: str = "ada@example.org", password: str = "wrong", address: str = "192.0.2.1") -> str:
    """Try a password. Return `in`, `wrong` or `blocked`."""
    response = client.post(LOGIN, {"login": email, "password": password}, REMOTE_ADDR=address)
    if response.status_code == 302:
        return "in"
    assert response.status_code == 200
    return "blocked" if BLOCKED in response.content.decode() else "wrong"


def later(minutes: int) -> None:
    """Move all tries into the past, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_attempt SET at = at - make_interval(mins => %s)", [minutes])


def as_if_times(count: int) -> None:
    """Multiply the tries so far, as if they had come within a moment: a busy machine takes minutes for them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_attempt (key, at) SELECT key, now() FROM accounts_attempt, generate_series(2, %s)",
            [count],
        )


def counted() -> int:
    """Return how many refusals the log has counted, those held back in this minute included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(held), 0) FROM audit_refusals WHERE verb = 'accounts.sign_in_refused'")
        held = int(cursor.fetchone()[0])
    bodies = Entry.objects.filter(verb="accounts.sign_in_refused").values_list("body", flat=True)
    return held + sum(int(json.loads(body)["facts"].get("count", 1)) for body in bodies)


@pytest.mark.slow
@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_a_hundred_guesses_at_one_account_from_one_address(email: str) -> None:
    make_user()
    found = [guess(Client(), email) for _ in range(100)]
    assert found == ["wrong"] * 5 + ["blocked"] * 95
    assert guess(Client(), email, PASSWORD) == "blocked"
    assert counted() == 101
    later(5)
    assert guess(Client(), email, PASSWORD) == ("in" if email.startswith("ada") else "wrong")


@pytest.mark.slow
def test_a_hundred_guesses_at_one_account_from_a_hundred_addresses() -> None:
    make_user()
    found = [guess(Client(), address=f"198.51.100.{n}") for n in range(100)]
    assert found == ["wrong"] * 30 + ["blocked"] * 70
    later(60)
    assert guess(Client(), password=PASSWORD) == "in"


def test_a_hundred_accounts_guessed_from_one_address() -> None:
    assert guess(Client(), "person@example.org") == "wrong"
    as_if_times(19)
    found = [guess(Client(), f"person{n}@example.org") for n in range(6)]
    assert found == ["wrong"] + ["blocked"] * 5
    later(1)
    as_if_times(15)
    assert guess(Client(), "person7@example.org") == "blocked"  # 300 in an hour
    assert guess(Client(), "somebody@example.org", address="192.0.2.200") == "wrong"


def test_a_known_browser_comes_in_while_strangers_attack_the_account() -> None:
    ada = make_user()
    mine = Client()
    assert guess(mine, password=PASSWORD) == "in"
    cookie = mine.cookies[settings.KNOWN_BROWSER_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    mine.post("/account/logout/")
    for address in ("198.51.100.1", "192.0.2.1"):
        guess(Client(), address=address)
    as_if_times(30)  # the account is shut for strangers, and this address for everybody but who is known
    assert guess(Client(), password=PASSWORD) == "blocked"
    assert guess(mine, ada.email.upper(), PASSWORD) == "in"


def test_a_known_browser_has_limits_of_its_own_and_knows_one_account_only() -> None:
    make_user()
    make_user("bob@example.org")
    mine = Client()
    assert guess(mine, password=PASSWORD) == "in"
    mine.post("/account/logout/")
    assert [guess(mine) for _ in range(7)] == ["wrong"] * 5 + ["blocked"] * 2
    assert [guess(mine, "bob@example.org") for _ in range(6)] == ["wrong"] * 5 + ["blocked"]
    forged = Client()
    forged.cookies[settings.KNOWN_BROWSER_COOKIE_NAME] = cookie = mine.cookies[settings.KNOWN_BROWSER_COOKIE_NAME].value
    forged.cookies[settings.KNOWN_BROWSER_COOKIE_NAME] = cookie[:-2]
    assert guess(forged, "bob@example.org", PASSWORD) == "blocked"


@pytest.mark.slow
def test_what_is_refused_does_not_count_so_that_a_block_ends() -> None:
    make_user()
    for _ in range(6):
        guess(Client())
    later(4)
    assert [guess(Client()) for _ in range(20)] == ["blocked"] * 20
    later(1)
    assert guess(Client(), password=PASSWORD) == "in"


def test_signing_in_does_not_wipe_an_address_clean_for_an_attacker() -> None:
    make_user("eve@example.org")
    assert guess(Client(), "person@example.org") == "wrong"
    as_if_times(19)
    assert guess(Client(), "eve@example.org", PASSWORD) == "in"
    assert [guess(Client(), f"person{n}@example.org") for n in range(2)] == ["wrong", "blocked"]


def test_old_tries_are_forgotten_and_name_nobody() -> None:
    make_user()
    guess(Client())
    keys = list(Attempt.objects.values_list("key", flat=True))
    assert len(keys) == 3
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)
    later(61)
    clear_sessions()
    assert not Attempt.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_once_are_no_more_than_many_in_a_row() -> None:
    request = RequestFactory().post(LOGIN, REMOTE_ADDR="192.0.2.1")

    def is_let_try(_: int) -> bool:
        try:
            return guessing.begin(request, "ada@example.org") is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(is_let_try, range(24))) <= 5
    assert Attempt.objects.count() <= 3 * 5


def seconds(email: str) -> float:
    began = time.perf_counter()
    guess(Client(), email)
    took = time.perf_counter() - began
    Attempt.objects.all().delete()
    return took


def difference() -> float:
    """Return by how much the fastest halves of both differ, taken in turns so that a busy machine slows both."""
    pairs = [(seconds("ada@example.org"), seconds(f"nobody{n}@example.org")) for n in range(20)]
    known, unknown = (statistics.median(sorted(one)[:10]) for one in zip(*pairs, strict=True))
    return float(abs(known - unknown) / known)


@pytest.mark.prove
@pytest.mark.usefixtures("dear_hashes")
def test_an_unknown_account_takes_as_long_as_a_known_one() -> None:
    make_user()
    seconds("ada@example.org")
    assert min(difference() for _ in range(3)) <= 0.10


def test_a_wrong_password_again_and_again_before_something_sensitive_is_stopped_too() -> None:
    make_user()
    client = Client()
    assert guess(client, password=PASSWORD) == "in"
    pages = [client.post("/account/reauthenticate/", {"password": "wrong"}).content.decode() for _ in range(6)]
    assert [BLOCKED in page for page in pages] == [False] * 5 + [True]
