"""What those who keep people do about how they sign in: second factors taken away, sessions ended, their own too."""

import json
from typing import Any

import pytest
from accounts_pages import enter, make_admin, make_house, text
from allauth.mfa.models import Authenticator
from django.test import Client
from factories import make_owner, make_user

from accounts.models import Letter, Session, User
from audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]


@pytest.fixture
def olga() -> Client:
    """An administrator of the organisation, at a browser."""
    make_house()
    return enter(make_admin())


@pytest.fixture
def ada() -> User:
    """Somebody with a passkey and recovery codes."""
    user = make_user()
    for kind in (Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=user, type=kind, data={"name": "Key"})
    return user


def where(person: User) -> str:
    return f"/people/{person.pk}/factors/reset/"


def test_factors_are_taken_away_after_a_page_that_says_what_happens(olga: Client, ada: User, settings: Any) -> None:
    settings.MAIL_IS_SET_UP = True
    hers = enter(ada)
    assert where(ada) in text(olga.get(f"/people/{ada.pk}/"))
    page = text(olga.get(where(ada)))
    for said in ("passkey", "recovery codes", "1 session ends", "the password alone lets Ada in", "told by mail"):
        assert said in page
    assert Authenticator.objects.filter(user=ada).count() == 2
    assert olga.post(where(ada))["Location"] == f"/people/{ada.pk}/"
    assert not Authenticator.objects.filter(user=ada).exists()
    assert hers.get("/").status_code == 302
    entry = Entry.objects.get(verb="accounts.factors_reset")
    assert entry.actor_id == str(User.objects.get(email="olga@example.org").pk)
    assert json.loads(entry.body)["facts"] == {"factors": 1, "sessions_ended": 1}
    assert (Letter.objects.get().email, Letter.objects.get().kind) == ("ada@example.org", "factors_reset")
    page = text(olga.get(f"/people/{ada.pk}/"))
    assert "Second factors taken away: 1." in page
    assert "No second factor." in page


def test_where_there_is_no_factor_nothing_is_offered(olga: Client) -> None:
    bob = make_user("bob@example.org")
    page = text(olga.get(where(bob)))
    assert "Bob has no second factor. There is nothing to take away" in page
    assert "Take them away" not in page
    assert where(bob) not in text(olga.get(f"/people/{bob.pk}/"))


def test_who_must_have_a_factor_sets_one_up_before_anything_else(olga: Client, ada: User) -> None:
    house = make_house()
    assert "set up before anything else" not in text(olga.get(where(ada)))
    type(house).objects.update(mfa="everyone")
    me = User.objects.get(email="olga@example.org")
    Authenticator.objects.create(user=me, type=Authenticator.Type.WEBAUTHN, data={"name": "Mine"})
    assert "set up before anything else" in text(olga.get(where(ada)))


def test_an_owners_factors_are_an_owners_to_take_away(olga: Client) -> None:
    User.objects.filter(email="olga@example.org").update(email="other@example.org")
    owner = make_owner()
    Authenticator.objects.create(user=owner, type=Authenticator.Type.WEBAUTHN, data={"name": "Key"})
    assert olga.get(where(owner)).status_code == 403
    assert olga.post(where(owner)).status_code == 403
    assert where(owner) not in text(olga.get(f"/people/{owner.pk}/"))
    assert Authenticator.objects.filter(user=owner).exists()
    second = make_user("second@example.org", role=User.Role.OWNER)
    assert enter(second).post(where(owner)).status_code == 302
    assert not Authenticator.objects.filter(user=owner).exists()


def test_ones_own_factors_are_changed_where_the_password_is_asked_for(olga: Client) -> None:
    me = User.objects.get(email="olga@example.org")
    Authenticator.objects.create(user=me, type=Authenticator.Type.WEBAUTHN, data={"name": "Key"})
    assert where(me) not in text(olga.get(f"/people/{me.pk}/"))
    refused = olga.post(where(me))
    assert (refused.status_code, "are changed under You" in text(refused)) == (409, True)
    assert Authenticator.objects.filter(user=me).exists()
    assert olga.get("/people/").status_code == 200


def test_who_ends_their_own_sessions_stays_signed_in_where_they_are(olga: Client) -> None:
    me = User.objects.get(email="olga@example.org")
    mine = f"/people/{me.pk}/"
    assert "keeps the one in this browser" in text(olga.get(mine))
    there = enter(me)
    assert olga.post(f"{mine}sessions/end/")["Location"] == mine
    assert "You are signed out everywhere but here. Sessions ended: 1." in text(olga.get(mine))
    assert there.get("/").status_code == 302
    assert Session.objects.filter(user=me).count() == 1
    owner = make_user("owner@example.org", role=User.Role.OWNER)
    client = enter(owner)
    assert client.post(f"/people/{owner.pk}/sessions/end/").status_code == 302
    assert client.get("/").status_code == 200


def test_who_deactivates_themselves_is_signed_out(olga: Client) -> None:
    me = User.objects.get(email="olga@example.org")
    assert olga.post(f"/people/{me.pk}/leave/")["Location"] == "/account/login/"
    me.refresh_from_db()
    assert not me.is_active
    assert olga.get("/people/").status_code == 302
