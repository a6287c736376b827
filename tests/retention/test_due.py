"""What the database finds due is what the rule says: a thousand chats under random rules, moments to the second."""

import random
from datetime import timedelta
from typing import Any

import pytest
from factories import make_team, make_user
from keeping import DAY, chat_of, db_now, set_house, set_team

from accounts.models import Team, User
from chat.models import Conversation
from chat.retained import Conversations, due
from retention.models import Erasure, Hold, HouseRules, TeamRules
from retention.rule import Facts, expiry
from retention.terms import in_force, terms_of

pytestmark = pytest.mark.django_db
BATCHES, CHATS = 20, 50


def some(chance: random.Random, value: Any, one_in: int = 3) -> Any:
    """Return the value once in a while, else nothing."""
    return value if chance.randrange(one_in) == 0 else None


def random_house(chance: random.Random) -> HouseRules:
    least = chance.choice([0, 0, 5, 20])
    most = some(chance, chance.randint(max(least, 1), 60), 2)
    return set_house(
        days=some(chance, chance.randint(1, 50), 2),
        least=least,
        most=most,
        grace_days=chance.randint(0, 12),
        pinned_exempt=chance.random() < 0.5,
    )


def random_teams(chance: random.Random, teams: list[Team]) -> None:
    TeamRules.objects.all().delete()
    for team in teams[1:]:
        keeps = chance.choice(list(TeamRules.Keeps))
        set_team(team, keeps=keeps, days=chance.randint(1, 50) if keeps == TeamRules.Keeps.DAYS else None)


def random_chats(chance: random.Random, people: list[User], teams: list[Team]) -> list[Conversation]:
    now = db_now()

    def moment() -> Any:
        return now + timedelta(hours=chance.randint(-60 * 24, 60 * 24), minutes=30)

    made = [
        Conversation(
            owner=chance.choice(people),
            team=chance.choice(teams),
            created_at=now - 61 * DAY,
            last_activity_at=now - timedelta(hours=chance.randint(0, 60 * 24), minutes=30),
            deleted_at=some(chance, moment()),
            temporary_until=some(chance, moment(), 5),
            kept_until=some(chance, moment(), 4),
            pinned=chance.random() < 0.3,
        )
        for _ in range(CHATS)
    ]
    return Conversation.objects.bulk_create(made)


def facts_of(chat: Conversation, erased: dict[Any, Any], held: set[Any]) -> Facts:
    return Facts(
        last_activity_at=chat.last_activity_at,
        deleted_at=chat.deleted_at,
        erased_at=erased.get(chat.owner_id) if chat.deleted_at else None,
        temporary_until=chat.temporary_until,
        kept_until=chat.kept_until,
        pinned=chat.pinned,
        held=not held.isdisjoint({chat.pk, chat.owner_id, chat.team_id}),
    )


def test_a_thousand_random_chats_are_due_when_the_rule_says_so() -> None:
    chance, told = random.Random(57), 0
    teams = [make_team(f"Team {n}") for n in range(6)]
    people = [make_user(f"p{n}@example.org", team=teams[0]) for n in range(6)]
    Erasure.objects.create(person=people[0], asked_at=db_now() - 30 * DAY)
    erased = {people[0].pk: db_now() - 30 * DAY}
    for _ in range(BATCHES):
        house = random_house(chance)
        random_teams(chance, teams)
        chats = random_chats(chance, people, teams)
        Hold.objects.all().delete()
        Hold.objects.create(person=people[1], reason="-")
        Hold.objects.create(team=teams[1], reason="-")
        Hold.objects.create(conversation=chats[0].pk, reason="-")
        Hold.objects.create(person=people[2], reason="-", released_at=db_now())
        held = {people[1].pk, teams[1].pk, chats[0].pk}
        rules = {row.team_id: row for row in TeamRules.objects.all()}
        found = set(due(in_force()).values_list("pk", flat=True))
        now = db_now()
        for chat in chats:
            end = expiry(facts_of(chat, erased, held), terms_of(house, rules.get(chat.team_id))).at
            assert (chat.pk in found) == (end is not None and end <= now), (
                facts_of(chat, erased, held),
                house.__dict__,
            )
            told += 1
        assert found <= {chat.pk for chat in chats}
        Conversation.objects.for_housekeeping().filter(pk__in=[chat.pk for chat in chats]).delete()
    assert told == BATCHES * CHATS


@pytest.mark.parametrize("seconds", [-2, 2])
@pytest.mark.parametrize("what", ["period", "grace", "temporary", "minimum", "wish"])
def test_the_moment_counts_to_the_second(what: str, seconds: int) -> None:
    ada, past = make_user(), timedelta(seconds=seconds)
    now = db_now()
    set_house(**{"period": {"days": 30}, "minimum": {"least": 10, "grace_days": 0}, "wish": {"days": 1}}.get(what, {}))
    fields: dict[str, dict[str, Any]] = {
        "period": {"last_activity_at": now - 30 * DAY - past},
        "grace": {"deleted_at": now - 7 * DAY - past},
        "temporary": {"temporary_until": now - past},
        "minimum": {"deleted_at": now - 20 * DAY, "last_activity_at": now - 10 * DAY - past},
        "wish": {"last_activity_at": now - 20 * DAY, "kept_until": now - past},
    }
    chat_of(ada, **fields[what])
    assert due(in_force()).count() == (seconds > 0)
    assert bool(Conversations().purge(in_force())) == (seconds > 0)


def test_the_clock_of_this_process_decides_nothing() -> None:
    import time_machine

    set_house(days=30)
    chat_of(make_user(), age=29 * DAY)
    with time_machine.travel(db_now() + 5 * DAY, tick=False):
        assert due(in_force()).count() == 0
    chat_of(make_user("eve@example.org"), age=31 * DAY)
    with time_machine.travel(db_now() - 5 * DAY, tick=False):
        assert due(in_force()).count() == 1


def test_a_preview_counts_what_goes_because_of_the_change_and_nothing_else() -> None:
    from retention.changing import preview

    ada, eve, legal = make_user(), make_user("eve@example.org"), make_team("Legal")
    set_house(days=90, delay_hours=24)
    chat_of(ada, age=100 * DAY)  # goes anyway
    chat_of(ada, age=40 * DAY, messages=3), chat_of(eve, age=35 * DAY, team=legal)
    chat_of(eve, age=29 * DAY + timedelta(hours=1))  # old enough once the change holds
    chat_of(eve, age=28 * DAY)
    chat_of(make_user("held@example.org"), age=50 * DAY)
    Hold.objects.create(person=User.objects.get(email="held@example.org"), reason="-")
    seen = preview(None, {"days": 30})
    assert (seen.waits, seen.hours, set(seen.due)) == (True, 24, {"conversations"})
    due_then = seen.due["conversations"]
    assert due_then.teams == {
        make_team().pk: {"conversations": 2, "messages": 5},
        legal.pk: {"conversations": 1, "messages": 2},
    }
    assert (due_then.people, due_then.oldest) == (
        2,
        Conversation.objects.of(ada).order_by("created_at")[1].last_activity_at,
    )
    assert preview(None, {"days": 120}).due == {}, "what keeps chats longer lets nothing go"


def test_the_calendar_counts_each_chat_on_its_day() -> None:
    ada = make_user()
    set_house(days=30, grace_days=7)
    now = db_now()
    chat_of(ada, age=20 * DAY), chat_of(ada, age=20 * DAY), chat_of(ada, age=40 * DAY)
    chat_of(ada, deleted_at=now - 2 * DAY), chat_of(ada, temporary_until=now + 3 * DAY)
    chat_of(ada, age=1 * DAY)
    days = Conversations().calendar(in_force(), days=15)
    ahead = {(day - now.date()).days: count for day, count in days.items()}
    assert ahead == {0: 1, 10: 2, 5: 1, 3: 1}
