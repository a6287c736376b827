"""Drafts and prompts: how long they are kept, and what an erasure, a hold and a restore do to them."""

import json
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from factories import make_owner, make_team, make_user

from accounts import leaving
from accounts.models import Membership, User
from chat import drafts
from chat.models import Draft
from prompts import actions, queries
from prompts.actions import Words
from prompts.models import Prompt
from prompts.shelves import Place
from retention import erasing, holding, sweeping
from retention.kinds import kind


def own(user: User, name: str, text: str = "Words") -> Prompt:
    return actions.make(Place(owner=user), Words(name, name.title(), text), by=user)


@pytest.mark.django_db(transaction=True)
def test_a_deleted_prompt_goes_a_day_later_and_not_again_after_a_restore() -> None:
    ada = make_user()
    gone, young, kept = own(ada, "gone"), own(ada, "young"), own(ada, "kept")
    for prompt in (gone, young):
        actions.delete(prompt, by=ada)
    Prompt.objects.filter(pk=gone.pk).update(deleted_at=Now() - timedelta(days=1))
    sweeping.sweep()
    assert set(Prompt.objects.all()) == {young, kept}
    prompts = kind("prompts")
    assert prompts is not None
    ids = [str(kept.pk)]
    assert (prompts.back(ids), bool(prompts.again(ids)), prompts.back(ids)) == (1, True, 0)


@pytest.mark.django_db(transaction=True)
def test_one_s_own_prompts_go_with_the_account_and_shared_ones_stay() -> None:
    ada, olga = make_user(), make_owner()
    Membership.objects.filter(user=ada).update(role=Membership.Role.ADMIN)
    own(ada, "mine", "Ada's words")
    shared = actions.make(Place(team=make_team()), Words("report", "Report", "Words"), by=ada)
    prompts = kind("prompts")
    assert prompts is not None
    [(name, paper)] = prompts.pieces(ada)
    assert (name, [one["text"] for one in json.loads(paper)]) == ("prompts.json", ["Ada's words"])
    User.objects.filter(pk=ada.pk).update(is_active=False)
    hold = holding.place(by=olga, reason="A case at court.", person=ada)
    leaving.erase_belongings(ada, by=olga)
    sweeping.sweep()
    assert Prompt.objects.count() == 2
    holding.release(hold, by=olga)
    sweeping.sweep()
    assert list(Prompt.objects.all()) == [shared]
    [past], _ = queries.history_of(shared)
    assert past.by == "somebody who has left"


@pytest.mark.django_db(transaction=True)
def test_a_draft_goes_after_thirty_days_without_a_change() -> None:
    ada, eve = make_user(), make_user("eve@example.org")
    drafts.save(ada, "Old")
    drafts.save(eve, "Young")
    Draft.objects.filter(owner=ada).update(updated_at=Now() - timedelta(days=30))
    sweeping.sweep()
    assert list(Draft.objects.values_list("owner", flat=True)) == [eve.pk]


@pytest.mark.django_db(transaction=True)
def test_a_draft_is_part_of_the_export_and_goes_with_an_erasure() -> None:
    ada = make_user()
    drafts.save(ada, "Half a question")
    kept = kind("drafts")
    assert kept is not None
    assert [(name, json.loads(text)) for name, text in kept.pieces(ada)] == [
        ("draft.json", {"new_chat": "Half a question"})
    ]
    erasing.ask(ada, by=ada)
    assert drafts.of(ada) == ""
    sweeping.sweep()
    assert not Draft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_hold_keeps_a_draft_until_it_is_released() -> None:
    ada, olga = make_user(), make_owner()
    drafts.save(ada, "Half a question")
    hold = holding.place(by=olga, reason="A case at court.", person=ada)
    erasing.ask(ada, by=ada)
    sweeping.sweep()
    assert drafts.of(ada) == "Half a question"
    holding.release(hold, by=olga)
    sweeping.sweep()
    assert not Draft.objects.exists()
