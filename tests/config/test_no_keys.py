"""There are no keys yet: a session's cookie is the only thing that says who somebody is, wherever else it is put."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from asgiref.sync import async_to_sync
from authz import SECONDS, Row, World, matrix, undone, word_for
from cast import world_in
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client
from pytest_django import DjangoDbBlocker

from chat.routing import websocket_urlpatterns

pytestmark = pytest.mark.django_db
ROWS = list({row.route: row for row in reversed(matrix().rows)}.values())
NAMES = ("key", "api_key", "apikey", "token", "access_token", "session", "sessionid", "sid", "auth", "user", "as")
HEADERS = ("X-API-Key", "API-Key", "X-Auth-Token", "X-Session-Token", "X-Access-Token", "X-User", "Remote-User")
KINDS = ("Bearer", "Token", "Basic", "ApiKey", "Session", "Hearth")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for all rows."""
    with world_in(django_db_blocker) as made:
        yield made


def keys_of(world: World) -> dict[str, str]:
    """Return what an owner could use as a key if anything took one: by header, and by a parameter of that name."""
    key = world.sessions["owner"]
    return dict.fromkeys((*NAMES, settings.SESSION_COOKIE_NAME), key)


def headers_of(world: World, kind: str) -> dict[str, str]:
    key = world.sessions["owner"]
    return {"Authorization": f"{kind} {key}", "Proxy-Authorization": f"{kind} {key}", **dict.fromkeys(HEADERS, key)}


def told(world: World, actor: str, method: str, row: Row, *, kind: str) -> str:
    """Send the owner's key in every way at once, as an actor. Return what is said."""
    client = Client(raise_request_exception=False, headers=headers_of(world, kind))
    if actor in world.sessions:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[actor]
    path = f"{world.path(row)}?{urlencode(keys_of(world))}"
    sent: dict[str, Any] = keys_of(world) | world.form(row)
    with undone():
        return word_for(client.post(path, sent) if method == "POST" else client.get(path))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.route)
def test_a_key_opens_no_door(world: World, row: Row) -> None:
    for number, (actor, method) in enumerate((a, m) for a in ("anonymous", "guest") for m in ("GET", "POST")):
        said = told(world, actor, method, row, kind=KINDS[number % len(KINDS)])
        assert said == row.told[method][actor], (actor, method)


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_of_authorisation_is_known(world: World, kind: str) -> None:
    row = next(row for row in ROWS if row.route == "accounts:people")
    assert told(world, "anonymous", "GET", row, kind=kind) == "login"
    assert told(world, "guest", "GET", row, kind=kind) == "404"


def test_a_key_opens_no_socket(world: World) -> None:
    key = world.sessions["owner"]
    headers = [(name.lower().encode(), value.encode()) for name, value in headers_of(world, "Bearer").items()]

    async def opens(cookie: str) -> bool:
        sent = [*headers, (b"cookie", cookie.encode())]
        path = f"/ws/?{urlencode(keys_of(world))}"
        tab = WebsocketCommunicator(URLRouter(websocket_urlpatterns), path, sent, subprotocols=["bearer", key])
        opened, _ = await tab.connect(timeout=SECONDS)
        await tab.disconnect()
        return bool(opened)

    assert not async_to_sync(opens)(f"sessionid={key}; token={key}")
    assert async_to_sync(opens)(f"{settings.SESSION_COOKIE_NAME}={key}")
