"""Whose sessions these are, for many at once."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils.timezone import now
from factories import make_user
from pytest_django import DjangoAssertNumQueries

from accounts import queries
from accounts.authority import standing_of
from accounts.models import Membership, Session, User

pytestmark = pytest.mark.django_db


def key_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.session.session_key or ""


def test_only_current_sessions_have_a_holder() -> None:
    people = [make_user(f"{name}@example.org") for name in ("ada", "bob", "eve", "joe", "kim")]
    keys = [key_of(person) for person in people]
    ada, bob, eve, joe = people[:4]
    Session.objects.filter(session_key=keys[1]).update(expire_date=now() - timedelta(seconds=1))
    User.objects.filter(pk=eve.pk).update(is_active=False)
    joe.set_password("another long passphrase")
    joe.save()
    Session.objects.filter(session_key=keys[4]).update(user=ada)  # the row says one thing, its data another
    assert queries.holders_of([*keys, "unknown", ""]) == {keys[0]: ada}
    assert queries.holder_of(keys[0]) == ada
    assert [queries.holder_of(key) for key in keys[1:]] == [None] * 4
    assert not queries.session_is_current(keys[0], bob.pk)


def test_many_are_asked_about_in_few_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ada = make_user()
    keys = {key_of(ada) for _ in range(5)}
    with patch.object(queries, "AT_ONCE", 2), django_assert_num_queries(3):
        assert queries.holders_of(keys) == dict.fromkeys(keys, ada)
    with django_assert_num_queries(1):
        assert queries.holders_of(keys) == dict.fromkeys(keys, ada)


def test_each_comes_with_the_standing_that_they_have_now() -> None:
    ada = make_user()
    key = key_of(ada)
    before = queries.holders_of([key])[key].standing
    assert before == standing_of(ada)
    assert before is not None
    Membership.objects.update(role=Membership.Role.GUEST)
    after = queries.holders_of([key])[key].standing
    assert after == standing_of(ada) != before
