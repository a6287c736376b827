"""What browsers are told beside the pages: cookies over TLS, answers before Django, errors."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from factories import PASSWORD, make_user

from config import unfinished
from config.arrivals import CountedRequest
from config.bare import guards
from config.bodies import refusal

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SECRET = "what nobody should read"


@pytest.fixture
def tls(settings: Any) -> Iterator[None]:
    """The names and marks that cookies have where people arrive over TLS."""
    settings.SESSION_COOKIE_NAME = "__Host-hearth"
    settings.CSRF_COOKIE_NAME = "__Host-hearth-forms"
    settings.KNOWN_BROWSER_COOKIE_NAME = "__Host-hearth-known"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    guards.cache_clear()
    yield
    guards.cache_clear()


@pytest.mark.django_db
def test_every_cookie_is_for_this_host_alone_and_for_no_script(tls: None) -> None:
    client = Client()
    client.get("/account/login/", secure=True)
    response = client.post("/account/login/", {"login": make_user().email, "password": PASSWORD}, secure=True)
    assert response.status_code == 302
    assert set(client.cookies) == {"__Host-hearth", "__Host-hearth-forms", "__Host-hearth-known"}
    for name, cookie in client.cookies.items():
        marks = [cookie[mark] for mark in ("secure", "httponly", "samesite", "path", "domain")]
        assert marks == [True, True, "Lax", "/", ""], name


class Told(CountedRequest):
    """A request without a connection: it keeps what it is told to answer."""

    def __init__(self) -> None:
        self.channel = type("Channel", (), {"persistent": 1})()
        self.told: list[dict[str, Any]] = []

    def handle_reply(self, message: dict[str, Any]) -> None:
        self.told.append(message)


def turned_away() -> dict[str, str]:
    """Return the headers for who comes too fast."""
    request = Told()
    request.turn_away()
    return {name.decode(): value.decode() for name, value in request.told[0]["headers"]}


def headers_of(answer: bytes) -> dict[str, str]:
    head = answer.partition(b"\r\n\r\n")[0].decode()
    return dict(line.split(": ", 1) for line in head.split("\r\n")[1:])


def test_answers_before_django_carry_what_pages_carry(tls: None) -> None:
    raw = [refusal(), unfinished.answer(*unfinished.LATE), unfinished.answer(*unfinished.CROWDED)]
    for headers in (turned_away(), *map(headers_of, raw)):
        assert headers.items() >= guards().items()
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains")
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "charset=utf-8" in headers["Content-Type"]
        assert headers["Connection"] == "close"


def test_an_answer_before_django_is_as_long_as_it_says() -> None:
    head, _, body = unfinished.answer(*unfinished.LATE).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert f"Content-Length: {len(body)}".encode() in head.split(b"\r\n")


@pytest.mark.django_db
def test_a_broken_page_tells_nothing_of_what_broke(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError(SECRET)

    client.raise_request_exception = False
    client.force_login(make_user(), backend=BACKEND)
    monkeypatch.setattr("chat.queries.sidebar_of", broken)
    response = client.get("/", secure=True)
    page = response.content.decode()
    assert response.status_code == 500
    assert not any(word in page for word in (SECRET, "RuntimeError", "Traceback", "sidebar_of"))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/account/login/", "/nowhere/", "/words.js"])
def test_no_other_origin_reads_an_answer_and_nothing_sent_comes_back(path: str) -> None:
    client = Client(headers={"Origin": "https://evil.example", "X-Secret": SECRET})
    client.force_login(make_user(), backend=BACKEND)
    preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "X-Anything"}
    answers = [client.get(path), client.options(path, headers=preflight), client.trace(path)]
    for response in answers:
        assert not any(name.lower().startswith("access-control") for name in response.headers)
    told = answers[2]
    body = told.getvalue() if told.streaming else told.content
    assert SECRET.encode() not in body
    assert told.headers["Content-Type"] != "message/http"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/static/", "/static/hearth/", "/static/hearth/js", "/static/../manage.py", "/.git/config"]
)
def test_no_folder_is_listed_and_nothing_beside_static_files_is_served(path: str) -> None:
    client = Client()
    client.force_login(make_user(), backend=BACKEND)
    assert client.get(path).status_code == 404
