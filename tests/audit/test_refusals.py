"""Guessing ids is counted and cannot flood the log."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from factories import PASSWORD, make_user

from audit import refusals, verbs
from audit.actor import Actor, Kind
from audit.models import Entry, Refusals

pytestmark = pytest.mark.django_db
ADA = Actor(Kind.PERSON, "ada", "0" * 16, "192.0.2.7")
BOB = Actor(Kind.PERSON, "bob", "1" * 16, "192.0.2.7")


def counts(verb: str = "accounts.access_refused") -> list[int]:
    found = Entry.objects.filter(verb=verb).order_by("seq")
    return [json.loads(body)["facts"]["count"] for body in found.values_list("body", flat=True)]


def let_a_minute_pass() -> None:
    Refusals.objects.update(since=F("since") - timedelta(seconds=61))


def refuse(times: int, by: Actor = ADA) -> None:
    for _ in range(times):
        refusals.refused(verbs.ACCESS_REFUSED, by=by)


def test_a_minute_of_guessing_is_one_entry_and_the_next_counts_the_rest() -> None:
    refuse(50)
    assert counts() == [1]
    let_a_minute_pass()
    refuse(10)
    assert counts() == [1, 50], "49 that were held, and this one"
    let_a_minute_pass()
    assert refusals.write_held() == 1
    assert counts() == [1, 50, 9]
    assert refusals.write_held() == 0
    assert not Refusals.objects.exists()


def test_people_and_verbs_are_counted_apart() -> None:
    refuse(3)
    refuse(3, by=BOB)
    refusals.refused(verbs.SIGN_IN_REFUSED, by=ADA)
    assert counts() == [1, 1]
    assert counts("accounts.sign_in_refused") == [1]


def test_what_was_held_keeps_its_actor() -> None:
    refuse(2)
    let_a_minute_pass()
    refusals.write_held()
    entry = Entry.objects.latest("seq")
    assert json.loads(entry.body)["actor"] == {
        "address": "192.0.2.7",
        "id": "ada",
        "kind": "person",
        "session": "0" * 16,
    }


@pytest.mark.slow
def test_many_guesses_at_the_doors_are_few_entries(client: Client) -> None:
    client.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    for _ in range(30):
        assert client.get(reverse("chat:conversation", args=[uuid4()])).status_code == 404
        assert client.post(reverse("chat:stop", args=[uuid4()])).status_code == 404
    assert counts() == [1]
    assert Refusals.objects.get().held == 59


def test_sign_ins_that_are_not_tried_any_more_are_counted(client: Client) -> None:
    ada = make_user()
    for _ in range(12):
        client.post("/account/login/", {"login": ada.email, "password": "wrong"})
    refused = Entry.objects.filter(verb="accounts.sign_in_refused")
    tried = [entry for entry in refused if "limited" not in entry.body]
    limited = [entry for entry in refused if "limited" in entry.body]
    assert (len(tried), len(limited)) == (5, 1)
    assert Refusals.objects.get().held == 6
    assert all(PASSWORD not in entry.body for entry in refused)
