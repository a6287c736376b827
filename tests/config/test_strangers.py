"""What is somebody else's: not on any page, not told apart from what is not there, and not found by guessing."""

from collections.abc import Iterator
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from asgiref.sync import async_to_sync
from authz import Row, World, matrix, undone
from cast import world_in
from django.template.backends.django import Template
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from audit.models import Entry, Refusals
from chat.consumers import TabConsumer
from chat.frames import FollowRefused, Frame
from chat.queries import generations_of
from chat.words import Follow

pytestmark = pytest.mark.django_db
RENDER = Template.render
WORDS = b"What is a hearth?"  # the holder's
ELSEWHERE = (b"Research", b"stranger@example.org")
OF_ONE_TEAM = ("holder", "teammate", "guest", "team_admin")
GUESSES = 300
# The holder has shared the chat with the teammate.
LET = {("teammate", "sharing:with_me"), ("teammate", "sharing:share")}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for all rows, with its pages."""
    with world_in(django_db_blocker) as made, patch.object(Template, "render", RENDER):
        yield made


def pages_of(world: World, row: Row) -> Iterator[tuple[str, bytes]]:
    """Yield each actor who sees the page, and what it says to them."""
    for actor in matrix().actors:
        if row.told["GET"][actor] == "200":
            with undone():
                response = world.knock(actor, "GET", world.path(row))
                yield actor, getattr(response, "content", b"")


@pytest.mark.parametrize(
    "row", [row for row in matrix().rows if "200" in row.told["GET"].values()], ids=lambda r: r.name
)
def test_nobodys_page_holds_somebody_elses_words(world: World, row: Row) -> None:
    for actor, page in pages_of(world, row):
        looks = actor == "admin" and row.route.startswith("chat:glass_")
        may = actor == "holder" or looks or (actor, row.route) in LET
        assert may or WORDS not in page, actor
        if actor in OF_ONE_TEAM:
            assert [word for word in ELSEWHERE if word in page] == [], actor


def unknown(world: World, row: Row) -> str:
    """Return the row's address with ids of nothing."""
    known = {part: world.objects[name] for part, name in row.objects.items()}
    ids = {part: uuid4() if isinstance(value, UUID) else 987_654 for part, value in known.items()}
    return reverse(row.route, kwargs=ids)


def is_hidden(row: Row, method: str) -> bool:
    return bool(row.objects) and "nothing" not in row.objects.values() and row.told[method]["stranger"] == "404"


@pytest.mark.parametrize(
    "row", [r for r in matrix().rows if is_hidden(r, "GET") or is_hidden(r, "POST")], ids=lambda r: r.name
)
def test_not_yours_and_not_there_are_told_alike(world: World, row: Row) -> None:
    for method in filter(lambda method: is_hidden(row, method), ("GET", "POST")):
        with undone():
            theirs = world.knock("stranger", method, world.path(row), world.form(row))
            nothing = world.knock("stranger", method, unknown(world, row), world.form(row))
        assert theirs.status_code == nothing.status_code == 404
        assert getattr(theirs, "content", None) == getattr(nothing, "content", b"")
        assert theirs.headers == nothing.headers


def guessed(world: World, count: int) -> tuple[list[Frame], int]:
    """Have a stranger follow ids, the holder's among them. Return what is told, and how many refusals are logged."""
    tab, told = TabConsumer(), list[Frame]()
    tab.user, tab.session_key, tab.following = world.people["stranger"], "", {}
    tab.scope = {"client": ["127.0.0.1", 1]}

    async def tell(frame: Frame) -> None:
        told.append(frame)

    async def guess() -> None:
        for number in range(count):
            await tab.follow(Follow(world.objects["generation"] if number % 100 == 0 else uuid4(), "0"))

    tab.tell = tell  # type: ignore[method-assign]
    with undone():
        before = Entry.objects.count()
        async_to_sync(guess)()
        assert sum(Refusals.objects.filter(who=f"person:{tab.user.pk}").values_list("held", flat=True)) > 0
        return told, Entry.objects.count() - before


@pytest.mark.slow
def test_guessing_finds_nothing_and_does_not_flood_the_log(world: World) -> None:
    told, entries = guessed(world, GUESSES)
    assert [type(frame) for frame in told] == [FollowRefused] * GUESSES
    assert entries == 1


def test_ten_thousand_ids_at_once_find_nothing(world: World) -> None:
    ids = [world.objects["generation"], *(uuid4() for _ in range(9_999))]
    assert generations_of(world.people["holder"]).filter(pk__in=ids).count() == 1
    assert not generations_of(world.people["stranger"]).filter(pk__in=ids).exists()
