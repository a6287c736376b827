"""Every route, every method and every word of the socket, for eleven actors, as `authz.yaml` says."""

from collections.abc import Iterator

import pytest
from asgiref.sync import async_to_sync
from authz import METHODS, WORDS, Row, World, differences, matrix, routes, said
from cast import world_in
from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for all rows."""
    with world_in(django_db_blocker) as made:
        yield made


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
