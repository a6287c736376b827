"""People who ask to join are nobody until somebody lets them in."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from factories import PASSWORD, make_owner, make_team, make_user

from accounts import joining
from accounts.authority import Refused
from accounts.models import Joiner, Membership, Organisation, User
from accounts.refusal import Refusal
from audit.models import Entry

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def house() -> Organisation:
    return Organisation.objects.create(name="Aalto", joining=Organisation.Joining.APPROVAL)


def ask(email: str = "eve@example.org") -> Joiner | None:
    joining.ask_to_join(email=email, display_name="Eve", password=PASSWORD)
    return Joiner.objects.filter(email=email, decided_at=None).first()


def asked() -> Joiner:
    joiner = ask()
    assert joiner is not None
    return joiner


def test_by_invitation_alone_nobody_asks(house: Organisation) -> None:
    Organisation.objects.update(joining=Organisation.Joining.INVITATION)
    with pytest.raises(Refusal, match="by invitation here"):
        ask()
    assert not Joiner.objects.exists()


def test_who_asks_is_nobody_until_approved() -> None:
    joiner = asked()
    assert not User.objects.filter(email="eve@example.org").exists()
    client = Client()
    assert client.post("/account/login/", {"login": "eve@example.org", "password": PASSWORD}).status_code == 200
    eve = joining.approve(joiner, by=make_owner(), now=NOW, team=make_team(), team_role=Membership.Role.GUEST)
    assert eve.memberships.get().role == Membership.Role.GUEST
    assert client.post("/account/login/", {"login": "eve@example.org", "password": PASSWORD}).status_code == 302
    decided = Joiner.objects.get()
    assert (decided.approved, decided.decided_at, decided.decided_by, decided.password) == (True, NOW, make_owner(), "")


def test_it_is_decided_once() -> None:
    joiner = asked()
    joining.decline(joiner, by=make_owner(), now=NOW)
    assert Joiner.objects.get().password == ""
    for decide in (joining.decline, joining.approve):
        with pytest.raises(Refusal, match="decided this already"):
            decide(joiner, by=make_owner(), now=NOW)
    assert ask() is not None


def test_who_is_known_or_has_asked_hears_nothing_else() -> None:
    make_user("ada@example.org")
    assert ask("ada@example.org") is None
    asked()
    before = Entry.objects.count()
    ask()
    assert (Joiner.objects.count(), Entry.objects.count()) == (1, before)


def test_an_address_taken_meanwhile_is_refused_and_stays_open() -> None:
    joiner = asked()
    make_user("eve@example.org")
    with pytest.raises(Refusal, match="account with this address"):
        joining.approve(joiner, by=make_owner(), now=NOW)
    assert Joiner.objects.get().decided_at is None


@pytest.mark.parametrize("role", [User.Role.MEMBER, User.Role.AUDITOR])
def test_only_administrators_decide(role: User.Role) -> None:
    joiner, user = asked(), make_user(role=role)
    for decide in (joining.decline, joining.approve):
        with pytest.raises(Refused):
            decide(joiner, by=user, now=NOW)
    assert not User.objects.filter(email="eve@example.org").exists()


def test_a_flood_fills_no_table(monkeypatch: Any) -> None:
    monkeypatch.setattr(joining, "MOST_WAITING", 2)
    ask("a@example.org")
    ask("b@example.org")
    with pytest.raises(Refusal, match="Too many"):
        ask("c@example.org")
    assert Joiner.objects.count() == 2
