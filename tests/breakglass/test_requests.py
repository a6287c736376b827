"""Asking, deciding and ending: who may, when, and what the log says."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from factories import make_team, make_user
from glasses import REASON, cast, let_time_pass, opened, requested

from accounts.authority import Refused
from accounts.models import Denial, Organisation, User
from accounts.refusal import Refusal
from accounts.roles import Power
from audit.models import Entry
from breakglass import actions, queries
from breakglass.models import Glass

pytestmark = pytest.mark.django_db


def said(verb: str) -> dict[str, object]:
    body: dict[str, object] = json.loads(Entry.objects.filter(verb=verb).latest("seq").body)
    return body


def verbs_since(seq: int) -> list[str]:
    return list(Entry.objects.filter(seq__gt=seq).order_by("seq").values_list("verb", flat=True))


def last() -> int:
    return Entry.objects.latest("seq").seq


def state(glass: Glass) -> str:
    return queries.glasses_for(make_keeper()).get(pk=glass.pk).state


def make_keeper() -> User:
    return User.objects.filter(email="kim@example.org").first() or make_user("kim@example.org", role=User.Role.AUDITOR)


def test_a_request_waits_opens_for_its_hours_and_ends_by_time() -> None:
    alan, olga, bob = cast()
    before = last()
    glass = requested(alan, bob, hours=3)
    assert state(glass) == "waiting"
    assert queries.open_glass(alan, glass.pk) is None
    actions.approve(glass, by=olga)
    glass.refresh_from_db()
    assert state(glass) == "open"
    assert glass.decided_at is not None
    assert glass.until is not None
    assert glass.until - glass.decided_at == timedelta(hours=3)
    assert queries.open_glass(alan, glass.pk) == glass
    let_time_pass(glass)
    assert queries.open_glass(alan, glass.pk) is None
    assert state(glass) == "ended"
    assert actions.sweep() == 1
    assert actions.sweep() == 0
    glass.refresh_from_db()
    assert (glass.ending, glass.ended_by, glass.ended_at) == ("time", None, glass.until)
    seen = ["asked", "approved", "told", "ended"]
    assert [verb for verb in verbs_since(before) if verb.startswith("breakglass.")] == [f"breakglass.{v}" for v in seen]
    assert said("breakglass.ended")["facts"] == {"how": "time", "chats": 0}
    assert said("breakglass.asked")["targets"] == [
        {"id": str(glass.pk), "kind": "glass"},
        {"id": str(bob.pk), "kind": "person"},
    ]
    assert not any(REASON in entry.body for entry in Entry.objects.filter(seq__gt=before))


def test_the_second_person_is_neither_who_asked_nor_whom_it_is_about() -> None:
    alan, _, _ = cast()
    bess = make_user("bess@example.org", role=User.Role.ADMIN)
    glass = requested(alan, bess)
    member = make_user("eve@example.org")
    for person, why in [(alan, "second person"), (bess, "second person"), (member, "Only owners")]:
        for decide in (actions.approve, actions.refuse):
            with pytest.raises(Refused, match=why):
                decide(glass, by=person)
    assert state(glass) == "waiting"
    assert make_keeper() in queries.deciders_of(glass)
    assert not {alan, bess, member} & set(queries.deciders_of(glass))


def test_nobody_asks_about_themselves_or_without_the_power() -> None:
    alan, olga, bob = cast()
    with pytest.raises(Refusal, match="yours already"):
        requested(alan, alan)
    for person in (olga, bob):
        with pytest.raises(Refused, match="Only owners and administrators"):
            requested(person, make_user(f"x{person.pk}@example.org"))
    Denial.objects.create(person=alan, power=Power.ASK_BREAK_GLASS, reason="He is under review.")
    with pytest.raises(Refused, match="He is under review"):
        requested(alan, bob)
    assert not Glass.objects.for_housekeeping().exists()


def test_there_is_one_request_for_each_pair_at_a_time() -> None:
    alan, olga, bob = cast()
    first = requested(alan, bob)
    with pytest.raises(Refusal, match="asked about this person already"):
        requested(alan, bob)
    actions.end(first, by=alan)
    assert state(first) == "withdrawn"
    second = opened(alan, olga, bob)
    let_time_pass(second)
    third = requested(alan, bob)  # what is over by time stands in nobody's way
    assert [state(one) for one in (second, third)] == ["ended", "waiting"]
    other = make_user("ann@example.org", role=User.Role.ADMIN)
    assert state(requested(other, bob)) == "waiting"


@pytest.mark.parametrize("decide", [actions.approve, actions.refuse])
def test_a_request_is_decided_once(decide: Callable[..., None]) -> None:
    alan, olga, bob = cast()
    glass = requested(alan, bob)
    decide(glass, by=olga)
    for again in (actions.approve, actions.refuse):
        with pytest.raises(Refusal, match="decided already"):
            again(glass, by=make_keeper())
    assert state(glass) == ("open" if decide is actions.approve else "refused")
    if decide is actions.refuse:
        with pytest.raises(Refusal, match="ended already"):
            actions.end(glass, by=alan)


def test_who_asked_who_approved_and_owners_end_it_early_and_nobody_else() -> None:
    alan, olga, bob = cast()
    owner = make_user("olaf@example.org", role=User.Role.OWNER)
    for ender in (alan, olga, owner):
        glass = opened(alan, olga, bob)
        for other in (make_keeper(), bob):
            with pytest.raises(Refused, match="Only who asked"):
                actions.end(glass, by=other)
        actions.end(glass, by=ender)
        glass.refresh_from_db()
        assert (state(glass), glass.ending, glass.ended_by) == ("ended", "hand", ender)
        assert queries.open_glass(alan, glass.pk) is None
    about_owner = opened(alan, olga, owner)
    with pytest.raises(Refused):
        actions.end(about_owner, by=owner)


@pytest.mark.parametrize(
    "change",
    [
        lambda alan: User.objects.filter(pk=alan.pk).update(is_active=False),
        lambda alan: User.objects.filter(pk=alan.pk).update(organisation_role=User.Role.MEMBER),
        lambda alan: Denial.objects.create(person=alan, power=Power.ASK_BREAK_GLASS, reason="No more."),
        lambda alan: Denial.objects.create(team=make_team(), power=Power.ASK_BREAK_GLASS, reason="No more."),
    ],
    ids=["deactivated", "demoted", "denied", "team denied"],
)
def test_who_may_no_longer_ask_looks_no_more_from_that_moment_on(change: Callable[[User], object]) -> None:
    alan, olga, bob = cast()
    glass = opened(alan, olga, bob)
    change(alan)
    assert queries.open_glass(alan, glass.pk) is None
    assert actions.look(glass.pk, by=alan) is None
    actions.sweep()
    glass.refresh_from_db()
    assert (state(glass), glass.ending) == ("ended", "authority")
    assert said("breakglass.ended")["facts"] == {"how": "authority", "chats": 0}


def test_nobody_approves_for_somebody_who_may_no_longer_ask() -> None:
    alan, olga, bob = cast()
    glass = requested(alan, bob)
    User.objects.filter(pk=alan.pk).update(organisation_role=User.Role.AUDITOR)
    with pytest.raises(Refusal, match="no longer ask"):
        actions.approve(glass, by=olga)
    assert state(glass) == "waiting"
    actions.sweep()
    assert (state(glass), Glass.objects.within(glass).get().ending) == ("withdrawn", "authority")


def test_a_request_that_nobody_decides_lapses() -> None:
    alan, olga, bob = cast()
    glass = requested(alan, bob)
    Glass.objects.within(glass).update(asked_at=Now() - queries.WAITS)
    assert state(glass) == "lapsed"
    with pytest.raises(Refusal, match="decided already, or has ended"):
        actions.approve(glass, by=olga)
    actions.sweep()
    glass.refresh_from_db()
    assert (state(glass), glass.ending, glass.told_at) == ("lapsed", "lapsed", None)


def test_the_database_itself_keeps_the_bounds() -> None:
    alan, _, bob = cast()
    for wrong in ({"hours": 0}, {"hours": 73}, {"hours": 1, "decision": "approved"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Glass.objects.create(asked_by=alan, about=bob, reason=REASON, **wrong)


def test_a_quiet_request_names_nobody_in_the_log_until_it_has_ended() -> None:
    Organisation.objects.update_or_create(id=1, defaults={"name": "Aalto", "tell_at_end": True})
    alan, olga, bob = cast()
    before = last()
    glass = opened(alan, olga, bob)
    actions.look(glass.pk, by=alan)
    assert glass.told_at is None
    assert said("breakglass.approved")["facts"] == {"hours": 4, "told": "at_end"}
    assert not any(str(bob.pk) in entry.body for entry in Entry.objects.filter(seq__gt=before))
    Organisation.objects.update(tell_at_end=False)  # what was promised when it was asked stays so
    actions.end(glass, by=olga)
    glass.refresh_from_db()
    assert glass.told_at == glass.ended_at
    assert verbs_since(before)[-2:] == ["breakglass.ended", "breakglass.told"]
    assert said("breakglass.told")["facts"] == {"when": "at_end"}
    assert {"id": str(bob.pk), "kind": "person"} in said("breakglass.ended")["targets"]  # type: ignore[operator]
