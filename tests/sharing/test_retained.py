"""Shares never outlive their chat, and what is over goes with the next sweep, unless a hold keeps it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from factories import make_owner, make_team, make_user
from keeping import chat_of
from shares import share_of

from accounts.models import User
from chat.models import Conversation
from retention import erasing, holding, sweeping
from retention.models import Erasure, Hold
from retention.terms import in_force
from sharing import actions, queries
from sharing.models import Share, SharedMessage, ShareWith
from sharing.retained import Shares

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_redis")]


@pytest.fixture
def ada() -> User:
    return make_user()


@pytest.fixture
def bob() -> User:
    return make_user("bob@example.org")


def rows() -> tuple[int, int, int]:
    """Return how many shares, messages of shares and readers there are."""
    shares, said = Share.objects.for_housekeeping().count(), SharedMessage.objects.for_housekeeping().count()
    return shares, said, ShareWith.objects.for_housekeeping().count()


def test_a_purge_of_the_chat_takes_its_shares_along(ada: User, bob: User) -> None:
    chat, other = chat_of(ada), chat_of(ada)
    share_of(chat, bob, days=None), share_of(chat, bob), share_of(other, bob)
    assert rows() == (3, 6, 3)
    long_ago = timezone.now() - timedelta(days=9)
    Conversation.objects.within(chat).update(deleted_at=long_ago, last_activity_at=long_ago)
    sweeping.sweep()
    assert rows() == (1, 2, 1)


def test_what_is_over_goes_with_the_next_sweep(ada: User, bob: User) -> None:
    chat = chat_of(ada)
    over, back, still = share_of(chat, bob), share_of(chat, bob), share_of(chat, bob)
    Share.objects.within(over).update(expires_at=Now())
    actions.revoke(back)
    run = sweeping.sweep()
    assert run is not None
    assert run.counts == {"shares": {"shares": 2, "shared_messages": 4}}
    assert list(Share.objects.for_housekeeping()) == [still]
    assert rows() == (1, 2, 1)


def test_a_long_share_goes_in_chunks(ada: User, bob: User) -> None:
    share = share_of(chat_of(ada, messages=7), bob)
    actions.revoke(share)
    kind, left = Shares(), []
    with transaction.atomic():
        while kind.purge(in_force(), limit=3):
            left.append(rows()[:2])
    assert left == [(1, 4), (1, 1), (0, 0)]


def test_a_hold_on_the_chat_keeps_what_is_over(ada: User, bob: User) -> None:
    olga, chat = make_owner(), chat_of(ada)
    hold = holding.place(by=olga, reason="A case at court.", conversation=chat.pk)
    actions.revoke(share_of(chat, bob))
    sweeping.sweep()
    assert rows() == (1, 2, 1)
    assert not queries.shares_with(bob).exists(), "it is hidden all the same"
    assert ["Words 0" in content.decode() for _, content in Shares().held_pieces(hold)] == [True]
    assert [*Shares().held_pieces(hold, words="salamander")] == []
    holding.release(hold, by=olga)
    sweeping.sweep()
    assert rows() == (0, 0, 0)


@pytest.mark.parametrize("on", ["person", "team"])
def test_a_hold_on_the_owner_or_the_team_keeps_it_too(ada: User, bob: User, on: str) -> None:
    held: dict[str, Any] = {"person": ada} if on == "person" else {"team": make_team()}
    holding.place(by=make_owner(), reason="A case at court.", **held)
    actions.revoke(share_of(chat_of(ada), bob))
    sweeping.sweep()
    assert rows() == (1, 2, 1)
    assert Hold.objects.count() == 1


def test_an_erasure_ends_and_purges_what_somebody_shared(ada: User, bob: User) -> None:
    share_of(chat_of(ada), bob), share_of(chat_of(bob), ada)
    erasing.ask(ada, by=ada)
    assert not queries.shares_with(bob).exists()
    sweeping.sweep()
    assert rows() == (1, 2, 1)
    assert Erasure.objects.filter(ended_at__isnull=False).count() == 1
    assert queries.shares_with(ada).count() == 1, "what others share stays theirs"


def test_an_erasure_waits_for_a_share_that_is_left(ada: User, bob: User) -> None:
    actions.revoke(share_of(chat_of(ada), bob))
    assert Shares().left_of(ada) == {"shares": 1, "held": 0}


def test_a_restored_share_is_deleted_again_unless_it_is_held(ada: User, bob: User) -> None:
    chat = chat_of(ada)
    share, kept = share_of(chat, bob), share_of(chat_of(bob), ada)
    holding.place(by=make_owner(), reason="A case at court.", person=bob)
    ids = [str(share.pk), str(kept.pk)]
    kind = Shares()
    assert (kind.back(ids), kind.kept(ids)) == (2, 1)
    assert kind.again(ids).ids == (str(share.pk),)
    assert (kind.back(ids), kind.kept(ids)) == (1, 1)


def test_ones_export_has_what_one_shares(ada: User, bob: User) -> None:
    share = share_of(chat_of(ada, title="Plans"), bob, teams=[make_team().pk])
    actions.revoke(share_of(chat_of(ada), bob)), share_of(chat_of(bob), ada)
    ((path, content),) = Shares().pieces(ada)
    said = json.loads(content)
    assert path.startswith("shares/")
    assert (said["share"], said["title"]) == (str(share.pk), "Plans")
    assert [one["text"] for one in said["messages"]] == ["Words 0", "Words 1"]
    assert {(one["person"], one["team"]) for one in said["with"]} == {(str(bob.pk), None), (None, str(make_team().pk))}
