"""The authorisation matrix: `authz.yaml` read, the world that it speaks of, and what happens when somebody knocks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from allauth.account.middleware import AccountMiddleware
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.handlers.exception import convert_exception_to_response
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from accounts.models import User
from accounts.sessions import SessionStore
from chat.routing import websocket_urlpatterns
from chat.words import NAMES

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LOGIN = "login"
SECONDS = 20
WORDS = ("connect", *NAMES, "anything else")
ANSWERED = ("follow", "watch")
HEARD = {"answer": "followed", "follow": "refused", "board": "drawn", "socket": "refused"}
Told = dict[str, str]  # by actor, or by word


@dataclass(frozen=True)
class Row:
    """What one route says to everybody. `told` is by method, then by actor."""

    name: str
    objects: Mapping[str, str]  # which object of the world stands for which part of the address
    send: Mapping[str, Any]
    told: Mapping[str, Told]

    @property
    def route(self) -> str:
        return self.name.partition(" | ")[0]


@dataclass(frozen=True)
class Matrix:
    """The whole file. Reading it raises AssertionError with the name of the row that cannot be understood."""

    actors: list[str]
    rows: list[Row]
    words: Mapping[str, Told]


@cache
def routes() -> dict[str, list[str]]:
    """Return every route of the resolver by its full name, with the names of the parts of its address."""
    found: dict[str, list[str]] = {}
    for name, parts in _walk(get_resolver().url_patterns, ()):
        assert found.setdefault(name, parts) == parts, f"two routes are called {name}"
    return found


def _walk(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern.url_patterns, inner)
        else:
            assert pattern.name, f"a route without a name: {pattern.pattern}"
            yield ":".join((*spaces, pattern.name)), sorted(pattern.pattern.regex.groupindex)


@cache
def matrix() -> Matrix:
    """Read the file."""
    text = yaml.safe_load((Path(__file__).parent / "authz.yaml").read_text())
    actors = list(text["actors"])
    reader = _Reader(actors, text["groups"], text["rules"])
    rows = [_row(name, spec, reader) for name, spec in text["routes"].items()]
    return Matrix(actors, rows, {word: reader.cell(word, cell) for word, cell in text.get("words", {}).items()})


def _row(name: str, spec: dict[str, Any], reader: "_Reader") -> Row:
    spec = dict(spec)
    objects, send = spec.pop("with", {}), spec.pop("send", {})
    if isinstance(objects, str):
        parts = routes().get(name.partition(" | ")[0], ["?"])
        assert len(parts) == 1, f"{name}: its address has the parts {parts}"
        objects = {parts[0]: objects}
    told: dict[str, Told] = {}
    rest = spec.pop("rest", None)
    for methods, cell in spec.items():
        for method in methods.split():
            assert method in METHODS, f"{name}: {method} is no method"
            assert method not in told, f"{name}: {method} stands there twice"
            told[method] = reader.cell(f"{name} {method}", cell)
    for method in METHODS:
        if method not in told:
            assert rest is not None, f"{name}: nothing is said of {method}"
            told[method] = reader.cell(f"{name} {method}", rest)
    return Row(name, objects, send, told)


class _Reader:
    """Reads cells: a rule and a status, or a status, and exceptions behind semicolons."""

    def __init__(self, actors: list[str], groups: dict[str, list[str]], rules: dict[str, dict[str, Any]]) -> None:
        self.groups = {"everybody": actors} | {actor: [actor] for actor in actors} | groups
        self.rules = {name: self._spread(name, rule) for name, rule in rules.items()}

    def _spread(self, where: str, rule: Mapping[str, Any]) -> Told:
        told: Told = {}
        for who, status in rule.items():
            assert who in self.groups, f"{where}: nobody is called {who}"
            told |= dict.fromkeys(self.groups[who], str(status))
        assert set(told) == set(self.groups["everybody"]), f"{where}: not everybody is told something"
        return told

    def cell(self, where: str, cell: object) -> Told:
        first, *exceptions = (part.strip() for part in str(cell).split(";"))
        rule, _, status = first.rpartition(" ")
        assert not rule or rule in self.rules, f"{where}: there is no rule {rule}"
        told = self.rules[rule] if rule else self._spread(where, {"everybody": "ok"})
        told = {actor: status if said == "ok" else said for actor, said in told.items()}
        for exception in exceptions:
            who, _, status = exception.rpartition(" ")
            told |= self._spread(where, {"everybody": "", **told, who: status})
        return told


@dataclass
class World:
    """One of each object, all of them the holder's, and a session of each actor who has one."""

    objects: dict[str, Any]
    sessions: dict[str, str]
    people: dict[str, User]  # those whose session lets them in
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def path(self, row: Row) -> str:
        """Return the row's address with the world's objects in it."""
        return reverse(row.route, kwargs={part: self.objects[name] for part, name in row.objects.items()})

    def form(self, row: Row) -> dict[str, Any]:
        """Return what the row sends, with the world's objects in it."""
        return {name: self._meant(value) for name, value in row.send.items()}

    def _meant(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.startswith("$"):
            return value
        return uuid4() if value == "$new" else self.objects[value[1:]]

    def knock(self, actor: str, method: str, path: str, form: Mapping[str, Any] | None = None) -> HttpResponseBase:
        """Send one request as an actor, by the whole way from the cookie on."""
        self.client.cookies = SimpleCookie()
        if actor in self.sessions:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[actor]
        if method == "POST":
            return self.client.post(path, dict(form or {}))
        return self.client.generic(method, path)

    def call(self, actor: str, method: str, path: str) -> HttpResponseBase:
        """Send one request straight to its view, as whom the session's machinery would have found."""
        request = RequestFactory().generic(method, path)
        request.user = self.people.get(actor, AnonymousUser())
        request.session = SessionStore(self.sessions.get(actor) if actor in self.people else None)
        request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
        match = request.resolver_match = resolve(path)

        def view(asked: HttpRequest) -> HttpResponseBase:
            try:
                response: HttpResponseBase = match.func(asked, *match.args, **match.kwargs)
            except Exception as error:
                response = again.process_exception(asked, error)
                if response is None:
                    raise
            return response

        again = AccountMiddleware(view)  # it leads those who must sign in once more
        told = convert_exception_to_response(again)(request)
        assert isinstance(told, HttpResponseBase)
        return told

    def told(self, actor: str, method: str, row: Row) -> str:
        """Return what an actor is told in one word; whatever it did is taken back."""
        with undone():
            if method in ("GET", "POST"):
                return word_for(self.knock(actor, method, self.path(row), self.form(row)))
            return word_for(self.call(actor, method, self.path(row)))


def differences(found: Mapping[str, Told], written: Mapping[str, Told]) -> list[str]:
    """Return what is not as it is written: who, by what, is told what else."""
    return [
        f"{what} by {actor}: {said}, not {written[what][actor]}"
        for what, by_actor in found.items()
        for actor, said in by_actor.items()
        if said != written[what][actor]
    ]


def word_for(response: HttpResponseBase) -> str:
    """Return `login` for a redirect to the sign-in page, else the status."""
    signs_in = response.status_code == 302 and response["Location"].startswith(resolve_url(settings.LOGIN_URL))
    return LOGIN if signs_in else str(response.status_code)


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


async def said(key: str, generation: object) -> Told:
    """Open a socket with a session's key and say every word of an answer. Return what came of each."""
    cookie = f"{settings.SESSION_COOKIE_NAME}={key}".encode()
    tab = WebsocketCommunicator(URLRouter(websocket_urlpatterns), "/ws/", [(b"cookie", cookie)])
    opened, _ = await tab.connect(timeout=SECONDS)
    if not opened:
        return dict.fromkeys(WORDS, "closed")
    heard = {"connect": "opened"}
    for word, fields in NAMES.items():
        values = dict.fromkeys(fields, "0") | ({"generation": str(generation)} if fields else {})
        await tab.send_json_to({"type": word, **values})
        frames = [(await tab.receive_json_from(SECONDS))["type"]] if word in ANSWERED else []
        await tab.send_json_to({"type": "anything else"})
        while (frame := await tab.receive_json_from(SECONDS))["type"] != "socket.refused":
            frames.append(frame["type"])
        heard |= {word: HEARD.get(frames[0].partition(".")[0], frames[0]) if frames else "heard"}
    await tab.disconnect()
    return heard | {"anything else": "refused"}
