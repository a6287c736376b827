"""Signing in, and who one is afterwards."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from factories import PASSWORD, make_team, make_user

from accounts import actions
from accounts.authority import asking_team_of, standing_of
from accounts.models import Membership, User
from accounts.queries import session_is_current

pytestmark = pytest.mark.django_db


def sign_in(client: Client, email: str, password: str = PASSWORD) -> int:
    return client.post("/account/login/", {"login": email, "password": password}).status_code


def test_an_address_is_one_person_whatever_its_case(client: Client) -> None:
    make_user("Ada@Example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="ADA@example.org")
    assert sign_in(client, "aDa@exAmple.org") == 302


def test_a_wrong_password_and_an_unknown_person_look_the_same(client: Client) -> None:
    make_user("ada@example.org")
    pages = []
    for email in ("ada@example.org", "bob@example.org"):
        response = client.post("/account/login/", {"login": email, "password": "wrong"})
        assert response.status_code == 200
        errors = response.context["form"].errors
        pages.append({name: list(said) for name, said in errors.items()})
    assert pages[0] == pages[1] != {}


def test_nobody_signs_up_alone(client: Client) -> None:
    form = {"email": "eve@example.org", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/account/signup/", form)
    assert not User.objects.filter(email="eve@example.org").exists()


def test_who_is_shut_out_has_no_session_and_cannot_come_back(client: Client) -> None:
    ada = make_user()
    assert sign_in(client, ada.email) == 302
    key = client.session.session_key
    assert key is not None
    assert session_is_current(key, ada.pk)
    actions.deactivate(ada)
    assert not session_is_current(key, ada.pk)
    assert client.get("/").status_code == 302
    sign_in(client, ada.email)
    assert client.get("/").status_code == 302


def test_a_new_password_ends_the_sessions_from_before(client: Client) -> None:
    ada = make_user()
    sign_in(client, ada.email)
    key = client.session.session_key or ""
    ada.set_password("another long passphrase")
    ada.save()
    assert not session_is_current(key, ada.pk)


def test_somebody_elses_session_is_not_mine(client: Client) -> None:
    ada, bob = make_user(), make_user("bob@example.org")
    sign_in(client, ada.email)
    assert not session_is_current(client.session.session_key or "", bob.pk)


def test_chats_live_in_the_first_team_and_a_person_is_in_a_team_once() -> None:
    ada = make_user(team=make_team("First"))
    Membership.objects.create(team=make_team("Second"), user=ada)
    home = make_team("First")
    assert asking_team_of(standing_of(ada)) == home.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(team=home, user=ada)
