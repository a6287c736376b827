"""No log line holds a token, what somebody searches, or the words of an error, whoever writes it."""

import io
import json
import logging
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from factories import make_user
from twisted.python.failure import Failure

from accounts import actions
from accounts.models import User
from config.logs import formatter

SECRET = "Zaubertinte"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FORM = {"organisation": "A", "display_name": "Ada", "email": "ada@example.org", "password1": "a", "password2": "a"}
Told = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def told() -> Iterator[Told]:
    """Return the lines that have been written so far."""
    handler = logging.StreamHandler(written := io.StringIO())
    handler.setFormatter(formatter())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
def test_a_link_that_still_works_is_in_no_line(told: Told) -> None:
    token = actions.make_setup_link(now=timezone.now())
    assert Client().post(f"/setup/{token}/", FORM).status_code == 400
    lines = told()
    assert len(lines) == 2
    assert token not in json.dumps(lines)
    assert {line.get("request") or line["event"] for line in lines} == {
        "POST accounts:setup",
        "Bad Request: accounts:setup",
    }


@pytest.mark.django_db
def test_what_somebody_searches_is_in_no_line(told: Told) -> None:
    client = Client()
    client.force_login(make_user(), backend=BACKEND)
    assert client.get("/search/", {"q": SECRET, "page": "x"}).status_code == 404
    assert client.get(f"/{SECRET}/").status_code == 404
    lines = told()
    assert len(lines) == 4
    assert SECRET not in json.dumps(lines)
    assert {line["request"] for line in lines if "request" in line} == {"GET finding:search", "GET nowhere"}


@pytest.mark.django_db
@pytest.mark.parametrize(("sent", "is_kept"), [("7d1f-42", True), (SECRET + " " * 9, False), ("x" * 65, False)])
def test_a_requests_name_is_a_name(told: Told, sent: str, is_kept: bool) -> None:
    Client(headers={"X-Request-ID": sent}).get("/nowhere/")
    kept = {line["request_id"] for line in told() if "request_id" in line}
    assert kept == ({sent} if is_kept else set())


@pytest.mark.django_db
def test_a_broken_page_leaves_places_and_kinds_and_no_words(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            raise RuntimeError(f"not {SECRET}") from error

    client = Client(raise_request_exception=False)
    client.force_login(make_user(), backend=BACKEND)
    monkeypatch.setattr("chat.queries.sidebar_of", broken)
    assert client.get("/").status_code == 500
    lines = told()
    assert SECRET not in json.dumps(lines)
    found = next(line["exception"] for line in lines if "exception" in line).splitlines()
    assert found[0] == "Traceback (most recent call last):"
    assert [kind for kind in found if kind.startswith("builtins.")] == ["builtins.ValueError", "builtins.RuntimeError"]
    assert any("test_unsaid.py" in place and place.endswith("in broken") for place in found)


@pytest.mark.django_db
def test_a_row_that_the_database_refuses_is_quoted_in_no_line(told: Told) -> None:
    make_user("ada@example.org")
    with pytest.raises(IntegrityError, match=r"ada@example\.org") as refused, transaction.atomic():
        User.objects.create(email="ada@example.org")
    logging.getLogger("chat.serving").error("a round failed", exc_info=refused.value)
    (line,) = told()
    assert "ada@example.org" not in json.dumps(line)
    assert "psycopg.errors.UniqueViolation" in line["exception"]


def _fail() -> None:
    raise ValueError(f"first {SECRET}\nsecond\n{SECRET}")


def _by_celery(log: logging.Logger) -> None:
    context = {"name": "chat.serve", "id": "7", "exc": f"ValueError({SECRET})", "traceback": SECRET, "description": "x"}
    log.error("Task %(name)s[%(id)s] %(description)s: %(exc)s\n%(traceback)s", context, exc_info=True)  # noqa: LOG014


def _by_daphne(log: logging.Logger) -> None:
    log.error("Exception inside application: %s", ValueError(SECRET), exc_info=True)  # noqa: LOG014


def _as_text(log: logging.Logger) -> None:
    log.error(traceback.format_exc())


def _by_twisted(log: logging.Logger) -> None:
    log.error(Failure())  # type: ignore[no-untyped-call]


def _by_asyncio(log: logging.Logger) -> None:
    log.error(f"Task exception was never retrieved\nfuture: <Task exception=ValueError({SECRET})>", exc_info=True)  # noqa: G004, LOG014


@pytest.mark.parametrize(
    ("write", "event"),
    [
        (_by_celery, "Task chat.serve[7] x: ValueError"),
        (_by_daphne, "Exception inside application: ValueError"),
        (_as_text, "Traceback (most recent call last):"),
        (_by_twisted, "ValueError"),
        (_by_asyncio, "Task exception was never retrieved"),
    ],
    ids=["celery", "daphne", "text", "twisted", "asyncio"],
)
def test_what_libraries_say_of_an_error_is_its_kind(
    told: Told, write: Callable[[logging.Logger], None], event: str
) -> None:
    try:
        _fail()
    except ValueError:
        write(logging.getLogger("somebody"))
    (line,) = told()
    assert SECRET not in json.dumps(line)
    assert line["event"].splitlines()[0] == event
    assert "ValueError" in json.dumps(line)
