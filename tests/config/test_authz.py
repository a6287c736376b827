"""Every route, every method and every word of the socket, for eleven actors, as `authz.yaml` says."""

import logging
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from asgiref.sync import async_to_sync
from authz import METHODS, WORDS, Row, World, differences, matrix, routes, said
from cast import make_world
from django.conf import settings
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.template.backends.django import Template
from django.test import override_settings
from pytest_django import DjangoDbBlocker

# What dresses answers and lets nobody in, or keeps them out. With the templates, it costs more than all the rest.
DRESSING = ("csp.", "servestatic.", "django_structlog.", "config.middleware.house_headers")

QUICK = "django.contrib.auth.hashers.MD5PasswordHasher"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for all rows; nothing of it is committed."""
    middleware = [name for name in settings.MIDDLEWARE if not name.startswith(DRESSING)]
    logging.disable()  # thousands of refusals are a lot of lines
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(MIDDLEWARE=middleware, ACCOUNT_REAUTHENTICATION_TIMEOUT=3600, PASSWORD_HASHERS=[QUICK]),
        patch.object(Template, "render", lambda *args, **kwargs: ""),
        patch("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: []),
        patch("accounts.factor_views.qr_code_of", lambda url: ""),
        patch("audit.sealing.is_housekeeping_there", lambda: None),
        patch.object(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda self: None),  # sockets would
    ):
        yield make_world()
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


def test_every_route_has_a_row() -> None:
    assert sorted(set(routes()) - {row.route for row in matrix().rows}) == []


def test_no_row_is_of_a_route_that_is_gone() -> None:
    assert sorted({row.route for row in matrix().rows} - set(routes())) == []


@pytest.mark.django_db
@pytest.mark.parametrize("row", matrix().rows, ids=lambda row: row.name)
def test_who_comes_in(world: World, row: Row) -> None:
    told = {method: {actor: world.told(actor, method, row) for actor in matrix().actors} for method in METHODS}
    assert differences(told, row.told) == []


def test_every_word_has_a_row() -> None:
    assert set(matrix().words) == set(WORDS)


@pytest.mark.django_db
def test_who_is_heard(world: World) -> None:
    async def by_actor() -> dict[str, dict[str, str]]:
        return {
            actor: await said(world.sessions.get(actor, ""), world.objects["generation"]) for actor in matrix().actors
        }

    heard = async_to_sync(by_actor)()
    by_word = {word: {actor: heard[actor][word] for actor in heard} for word in WORDS}
    assert differences(by_word, matrix().words) == []
