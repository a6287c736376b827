"""Guests read. Whatever else they send, by forms or by the socket, changes nothing but what is their own."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from authz import Row, World, matrix, said, undone
from cast import world_in
from django.urls import reverse
from pytest_django import DjangoDbBlocker
from traces import tables

from accounts.models import Membership
from chat.models import Generation

pytestmark = pytest.mark.django_db
# What anybody may change: their own account, and asking to be let in.
OWN = (
    *("accounts:you", "you:", "accounts:end_", "account_", "mfa_", "accounts:forgotten", "accounts:join", "prompts:"),
    *("accounts:theme", "accounts:language", "accounts:close_banner"),
)
WRITES = [row for row in matrix().rows if any(said[0] in "23" for said in row.told["POST"].values())]
# Doors of one's own chats. A guest keeps house among what they have; what asks a model is refused.
ASKS = {
    "chat:begin": (),
    "chat:ask": ("conversation",),
    "chat:edit": ("question",),
    "chat:regenerate": ("answer",),
    "chat:continue": ("generation",),
    "chat:fork": ("answer",),
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One world for all rows."""
    with world_in(django_db_blocker) as made:
        yield made


@pytest.mark.parametrize("row", [row for row in WRITES if not row.route.startswith(OWN)], ids=lambda row: row.name)
def test_a_guest_changes_nothing_of_others(world: World, row: Row) -> None:
    with undone():
        before = tables()
        response = world.knock("guest", "POST", world.path(row), world.form(row))
        assert response.status_code in (403, 404, 409)
        assert tables() == before


@pytest.mark.slow
def test_own_doors_change_own_rows_alone(world: World) -> None:
    """The doors that are left out above exist, and none of them leads to a chat or a team."""
    own = [row for row in WRITES if row.route.startswith(OWN)]
    assert len(own) >= 10
    for row in own:
        with undone():
            before = tables()
            world.knock("guest", "POST", world.path(row), world.form(row))
            changed = {name for name, digest in tables().items() if digest != before[name]}
        shared = [name for name in changed if name.startswith(("chat_", "models_", "breakglass_"))]
        assert shared == [], row.name
        assert not changed & {"accounts_team", "accounts_membership", "accounts_organisation", "accounts_denial"}


@pytest.mark.parametrize("door", ASKS)
def test_who_has_become_a_guest_asks_no_more_even_among_their_own(world: World, door: str) -> None:
    path = reverse(door, args=[world.objects[name] for name in ASKS[door]])
    with undone():
        Membership.objects.filter(user=world.people["holder"]).update(role=Membership.Role.GUEST)
        before = tables()
        assert world.knock("holder", "POST", path, {"text": "More", "client_id": uuid4()}).status_code == 409
        assert tables() == before


def test_a_guest_s_socket_says_every_word_and_changes_nothing(world: World) -> None:
    """The words of the socket are said of somebody else's answer, and of one that the guest had asked for before."""
    with undone():
        guest = world.people["guest"]
        before = tables()
        heard = async_to_sync(said)(world.sessions["guest"], world.objects["generation"])
        assert (heard["connect"], heard["follow"]) == ("opened", "refused")
        assert not Generation.objects.of(guest).exists()
        assert tables() == before
