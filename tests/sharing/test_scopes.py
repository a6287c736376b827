"""A scope of shares that is forgotten shows nothing: each is left out of the code, and somebody tries."""

from contextlib import suppress
from typing import Any

import pytest
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from factories import make_team, make_user
from keeping import chat_of
from mutants import Mutant, mutants_of
from shares import share_of

from accounts.models import Membership, User
from accounts.scoped import Unscoped
from chat.models import Attachment, Conversation, Message
from sharing import actions, queries, scopes, snapshot
from sharing.models import Share, SharedMessage, ShareWith

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]


def test_shares_are_not_read_without_a_scope() -> None:
    for model in (Share, SharedMessage, ShareWith):
        for touch in (
            lambda rows: list(rows.all()),
            lambda rows: rows.count(),
            lambda rows: rows.exists(),
            lambda rows: rows.delete(),
        ):
            with pytest.raises(Unscoped):
                touch(model.objects.get_queryset())


@pytest.mark.parametrize(
    "lost",
    [
        {"revoked_at": None},
        {"conversation__deleted_at": None},
        {"owner__is_active": True},
    ],
)
def test_a_reader_scope_without_one_of_its_conditions_is_refused(lost: dict[str, Any]) -> None:
    conditions = {"revoked_at": None, "conversation__deleted_at": None, "owner__is_active": True}
    rows = Share.objects.get_queryset().scoped(scopes.Scope.READER)
    there = Membership.objects.filter(user=OuterRef("owner"))
    mine = ShareWith.objects.filter(share=OuterRef("pk"))
    whole = rows.filter(Exists(there), Exists(mine), **conditions)
    assert list(whole) == []
    less = {name: value for name, value in conditions.items() if name not in lost}
    with pytest.raises(Unscoped):
        list(rows.filter(Exists(there), Exists(mine), **less))
    with pytest.raises(Unscoped):
        list(rows.filter(Exists(there), **conditions))
    with pytest.raises(Unscoped):
        list(rows.filter(Q(Exists(mine)) | Q(Exists(there)), **conditions))


def world() -> dict[str, Any]:
    """Ada shares one chat with Bob, one with her team; others are over, taken back, deleted, and of others."""
    ada, bob = make_user(), make_user("bob@example.org", team=make_team("Research"))
    eve = make_user("eve@example.org", team=(law := make_team("Law")))
    chat = chat_of(ada, messages=2)
    shares = {name: share_of(chat_of(ada), bob) for name in ("over", "back", "deleted", "temporary")}
    Share.objects.within(shares["over"]).update(expires_at=Now())
    actions.revoke(shares["back"])
    for name, end in (("deleted", "deleted_at"), ("temporary", "temporary_until")):
        Conversation.objects.within(shares[name].conversation).update(**{end: Now()})
    shares["left"] = share_of(chat_of(carl := make_user("carl@example.org"), messages=2), bob)
    shares["shut"] = share_of(chat_of(dora := make_user("dora@example.org"), messages=2), bob)
    Membership.objects.filter(user=carl).delete()
    User.objects.filter(pk=dora.pk).update(is_active=False)
    shares["bob"] = share_of(chat, bob)
    shares["team"] = share_of(chat, teams=[make_team().pk])
    shares["eve"] = share_of(chat_of(eve, team=law), bob)
    return {"ada": ada, "bob": bob, "eve": eve, "chat": chat, "shares": shares}


def leaks(house: dict[str, Any]) -> list[object]:
    """Return everything that is seen, picked or frozen and should not be."""
    ada, bob, eve, shares = (house[name] for name in ("ada", "bob", "eve", "shares"))
    found: list[object] = []
    with suppress(Unscoped):
        found += set(queries.shares_by(ada)) - {shares["bob"], shares["team"]}
    with suppress(Unscoped):
        found += set(queries.shares_with(bob)) - {shares["bob"], shares["eve"]}
    with suppress(Unscoped):
        found += set(queries.shares_with(eve))
    found += [team for team in queries.teams_of(bob) if team.name != "Research"]
    found += [one for one in queries.colleagues_of(bob) if one == bob or not one.is_active]
    found += [one for one in queries.people_called("example.org", bob) if one == bob or not one.is_active]
    found += [one for one in queries.people_called("ada", bob) if one != ada]
    with suppress(Unscoped):
        said = snapshot.branch_of(shares["bob"])
        found += [one for one in said if one.conversation_id != house["chat"].pk]
    return found


def leaked_with(mutant: Mutant, house: dict[str, Any]) -> list[object]:
    """Return what somebody sees too much with a mutant. One that cannot run shows nothing."""
    with mutant.alive():
        try:
            return leaks(house)
        except (AttributeError, TypeError):
            return []


def test_a_forgotten_scope_leaks_nothing() -> None:
    house = world()
    assert leaks(house) == []
    tried = [*mutants_of(queries, "shares_by"), *mutants_of(scopes), *mutants_of(snapshot, "branch_of")]
    survivors = {str(mutant): leaked for mutant in tried if (leaked := leaked_with(mutant, house))}
    assert len(tried) == 14
    assert survivors == {}


def test_whom_one_can_share_with_is_noticed_when_it_is_forgotten() -> None:
    """People and teams have no second line: these tests are it."""
    house = world()
    tried = mutants_of(queries, "teams_of", "colleagues_of")
    assert [str(mutant) for mutant in tried if not leaked_with(mutant, house)] == []
    assert len(tried) == 3


def test_files_of_other_chats_are_never_named() -> None:
    house = world()
    other = Message.objects.for_housekeeping().filter(conversation__owner=house["eve"]).first()
    said = SharedMessage(share=house["shares"]["bob"], message=other.pk, position=0, role="user")  # type: ignore[union-attr]
    assert [turn.files for turn in snapshot.turns_of(house["chat"], [said])] == [()]
    assert not Attachment.objects.for_housekeeping().exists()
