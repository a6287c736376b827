"""What changes something takes a token from here, looking changes nothing, and a field too many gives nobody more."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from authz import Row, World, matrix, undone, word_for
from cast import world_in
from django.apps import apps
from django.conf import settings
from django.test import Client
from pytest_django import DjangoDbBlocker
from traces import tables

pytestmark = pytest.mark.django_db
TOKEN = "a" * 32
ROWS = list({row.route: row for row in reversed(matrix().rows)}.values())  # the first row of each route
# What would give somebody more than they have.
MORE = {"is_staff": "on", "is_superuser": "on", "is_active": "on", "role": "owner", "organisation_role": "owner"}
AUTHORITY = {"team", "owner", "user", "person", "role", "team_role", "organisation_role", "is_active", "invited_by"}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for all rows."""
    with world_in(django_db_blocker) as made:
        yield made


def let_in(row: Row, method: str) -> str | None:
    """Return somebody who comes in by this method, or None where nobody does."""
    told = row.told[method]
    return next((actor for actor in reversed(matrix().actors) if told[actor][0] in "23"), None)


def sent_from(world: World, actor: str, method: str, path: str, form: Any, **headers: str) -> str:
    """Send a request as a browser would, with whatever says where it comes from."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False, headers=headers)
    if actor in world.sessions:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[actor]
    client.cookies[settings.CSRF_COOKIE_NAME] = TOKEN
    with undone():
        response = client.post(path, form) if method == "POST" else client.generic(method, path)
        return word_for(response)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.route)
def test_a_change_takes_a_token_and_comes_from_here(world: World, row: Row) -> None:
    actor, path, form = let_in(row, "POST") or "owner", world.path(row), world.form(row)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert sent_from(world, actor, method, path, form) == "403", f"{method} without a token"
    signed = form | {"csrfmiddlewaretoken": TOKEN}
    for origin in ("https://evil.example", "null", "http://testserver:81", "https://testserver"):
        assert sent_from(world, actor, "POST", path, signed, origin=origin) == "403", origin
    assert sent_from(world, actor, "POST", path, signed, origin="http://testserver") == row.told["POST"][actor]


@pytest.mark.parametrize("row", [row for row in ROWS if let_in(row, "GET")], ids=lambda row: row.route)
def test_looking_changes_nothing(world: World, row: Row) -> None:
    actor = let_in(row, "GET")
    assert actor is not None
    with undone():
        before = tables()
        world.knock(actor, "GET", world.path(row))
        assert tables() == before


def authority() -> Counter[tuple[object, ...]]:
    """Return who has what, of every row: what a field too many could change."""
    found: Counter[tuple[object, ...]] = Counter()
    for label in ("accounts", "chat", "breakglass"):
        for model in apps.get_app_config(label).get_models():
            names = [field.name for field in model._meta.concrete_fields if field.name in AUTHORITY]
            if names and model.__name__ not in ("Session", "Attempt"):
                found.update((model.__name__, *values) for values in model._base_manager.values_list(*names))
    return found


@pytest.mark.parametrize("row", [row for row in ROWS if let_in(row, "POST")], ids=lambda row: row.route)
def test_a_field_too_many_gives_nobody_more(world: World, row: Row) -> None:
    actor, path, form = let_in(row, "POST"), world.path(row), world.form(row)
    assert actor is not None
    stranger, team = world.objects["stranger"], world.objects["other_team"]
    others = {"owner": stranger, "user": stranger, "team": team}
    results = []
    for sent in (form, MORE | others | form):
        with undone():
            said = word_for(world.knock(actor, "POST", path, sent))
            results.append((said, authority()))
    (plain, after), (more, after_more) = results
    assert more == plain or more in ("400", "404", "409")  # 404: a field that is its own names what is not theirs
    if more == plain:
        assert after_more == after
