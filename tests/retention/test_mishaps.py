"""What goes wrong around a purge: full disks, crashes, restores, people who come back, rules that would be evaded."""

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.conf import settings
from factories import make_owner, make_team, make_user
from keeping import DAY, attach, chat_of, left, set_house

from accounts import leaving
from accounts.actions import reactivate
from accounts.models import Membership, User
from accounts.refusal import Refusal
from accounts.teams import delete_team
from chat.models import Conversation, Generation
from retention import changing, erasing, exporting, holding, ledger, notices, queries, sweeping, wishing
from retention.models import Chunk, HouseRules, Run, Wish

pytestmark = pytest.mark.django_db(transaction=True)


def forget_purges() -> None:
    """The database as a backup from before every sweep would have it."""
    Run.objects.all().delete()
    Chunk.objects.all().delete()


def swept_chat(ada: User) -> Conversation:
    set_house(days=1)
    chat = chat_of(ada, age=2 * DAY)
    assert sweeping.sweep() is not None
    assert left() == set()
    return chat


def test_a_replay_leaves_the_account_of_who_asked_to_be_erased_alone() -> None:
    ada = make_user()
    chat_of(ada)
    erasing.ask(ada, by=ada)
    run = sweeping.sweep()
    assert run is not None
    assert "accounts" not in run.counts
    sweeping.replay()
    ada.refresh_from_db()
    assert (ada.email, ada.memberships.count()) == ("ada@example.org", 1)


def test_a_replay_ends_the_answers_that_a_backup_has_under_way() -> None:
    ada = make_user()
    chat = swept_chat(ada)
    forget_purges()
    again = chat_of(ada, id=chat.pk)
    answers = Generation.objects.for_housekeeping().filter(message__conversation=again)
    answers.update(state="running", lease_until=chat.created_at)
    assert sweeping.is_ahead()
    assert sweeping.replay() == {"conversations": 1, "messages": 2}
    assert (left(), sweeping.is_ahead()) == (set(), False)


def test_while_something_is_left_nobody_is_served() -> None:
    ada = make_user()
    chat = swept_chat(ada)
    forget_purges()
    chat_of(ada, id=chat.pk)
    from retention.kinds import Purged

    with patch("chat.retained.Conversations.again", return_value=Purged()):
        assert sweeping.replay() == {"left": 1}
    assert sweeping.is_ahead()


def test_sweeps_pause_behind_a_replay_until_somebody_has_looked() -> None:
    ada, olga = make_user(), make_owner()
    chat = swept_chat(ada)
    forget_purges()
    chat_of(ada, id=chat.pk)
    sweeping.replay()
    assert sweeping.sweep() is None
    assert not queries.health().well
    sweeping.resume(by=olga)
    assert sweeping.sweep() is not None
    with pytest.raises(Refusal, match="not paused"):
        sweeping.resume(by=olga)


def test_a_replay_without_a_restore_pauses_nothing() -> None:
    swept_chat(make_user())
    sweeping.replay()
    assert not HouseRules.objects.filter(paused_at__isnull=False).exists()


def test_a_disk_that_takes_half_a_line_takes_none() -> None:
    set_house(days=1)
    chat_of(make_user(), age=2 * DAY)
    write, calls = os.write, []

    def full(descriptor: int, text: bytes) -> int:
        calls.append(len(text))
        if len(calls) > 1:
            raise OSError("No space left on device")
        return write(descriptor, text[:40])

    with patch("retention.ledger.os.write", full):
        run = sweeping.sweep()
    assert run is not None
    assert (run.state, len(left()), Path(settings.TOMBSTONES).read_bytes()) == ("failed", 1, b"")
    assert sweeping.sweep() is not None
    assert (left(), len(list(ledger.tombstones()))) == (set(), 1)


def test_the_last_chunk_that_is_done_is_found_behind_many_that_never_were() -> None:
    swept_chat(make_user())
    assert ledger.reached() == 1
    for _ in range(60):
        number = ledger.mean("conversations", [str(uuid4()) for _ in range(1000)], known=1)
        ledger.close(number, committed=False)
    open_one = ledger.mean("conversations", [str(uuid4())], known=1)
    assert (ledger.reached(), ledger.open_chunks()) == (1, [open_one])
    forget_purges()
    assert sweeping.is_ahead()


def test_what_a_crash_left_open_is_replayed_as_well() -> None:
    ada = make_user()
    chat = swept_chat(ada)
    set_house(days=None)
    number = ledger.mean("conversations", [str(chat.pk)], known=1)
    assert number == 2
    forget_purges()
    chat_of(ada, id=chat.pk)
    sweeping.replay()
    assert left() == set()


def test_a_ledger_that_is_lost_is_told() -> None:
    swept_chat(make_user())
    Path(settings.TOMBSTONES).unlink()
    assert sweeping.sweep() is not None
    health = queries.health()
    assert (health.well, "tombstones" in health.sentence) == (False, True)


def test_the_chain_is_checked_by_night() -> None:
    swept_chat(make_user())
    file = Path(settings.TOMBSTONES)
    file.write_text(file.read_text().replace('"meant"', '"meanT"'))
    with pytest.raises(ledger.Torn):
        sweeping.tidy()


def test_what_hearth_has_not_put_there_stops_no_tidying() -> None:
    folder = Path(settings.FILES)
    folder.mkdir(parents=True)
    stray = folder / ".nfs0001"
    stray.write_text("x")
    os.utime(stray, (0, 0))
    assert sweeping.tidy() == 0
    assert stray.exists()


def test_two_who_write_exports_do_not_meet() -> None:
    ada = make_user()
    chat_of(ada)
    export, pieces = exporting.ask(ada), exporting._pieces

    def meanwhile(one: Any) -> Any:
        for piece in pieces(one):
            with _other_connection() as is_free:
                assert not is_free, "whoever comes second leaves it to the first"
            yield piece

    with patch("retention.exporting._pieces", meanwhile):
        exporting.make()
    export.refresh_from_db()
    assert (export.state, exporting.path_of(export.pk).exists()) == ("ready", True)


def _other_connection() -> Any:
    from contextlib import contextmanager

    from django.db import connections

    @contextmanager
    def trying() -> Any:
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [exporting.LOCK])
                yield cursor.fetchone()[0]
        finally:
            other.close()

    return trying()


def test_an_export_that_fails_leaves_nothing() -> None:
    ada = make_user()
    chat_of(ada)
    export = exporting.ask(ada)
    with patch("retention.exporting._manifest", side_effect=OSError("disk full")):
        exporting.make()
    export.refresh_from_db()
    assert (export.state, list(Path(settings.EXPORTS).iterdir())) == ("failed", [])


def test_an_export_goes_with_a_file_that_is_in_it() -> None:
    ada = make_user()
    set_house(file_days=1)
    chat = chat_of(ada)
    attach(chat, b"notes")
    export = exporting.ask(ada)
    exporting.make()
    Conversation.objects.within(chat).update(last_activity_at=chat.created_at - 5 * DAY)
    assert sweeping.sweep() is not None
    assert not exporting.path_of(export.pk).exists()


def test_nothing_of_a_released_hold_is_exported_any_more() -> None:
    olga, auditor, ada = make_owner(), make_user("auditor@example.org", role=User.Role.AUDITOR), make_user()
    chat_of(ada)
    hold = holding.place(by=olga, reason="A case at court.", person=ada)
    ready = exporting.ask_held(hold, by=auditor)
    exporting.make()
    waiting = exporting.ask_held(hold, by=auditor)
    holding.release(hold, by=olga)
    exporting.make()
    waiting.refresh_from_db()
    assert waiting.state == "asked"
    assert not exporting.exports_of(auditor).exists()
    assert sweeping.sweep() is not None
    assert not exporting.path_of(ready.pk).exists()


def test_a_persons_export_has_the_chats_of_teams_that_they_left() -> None:
    ada = make_user()
    chat = chat_of(ada)
    Membership.objects.filter(user=ada).delete()
    export = exporting.ask(ada)
    exporting.make()
    export.refresh_from_db()
    assert (export.total, export.done, export.chats) == (1, 1, [chat.pk])


def test_a_hold_is_on_a_conversation_or_on_nothing() -> None:
    ada = make_user()
    with pytest.raises(Refusal, match="no conversation"):
        holding.place(by=make_owner(), reason="A case at court.", conversation=ada.pk)


def test_a_team_with_a_hold_in_force_stays_and_a_released_one_keeps_nobody() -> None:
    olga, team = make_owner(), make_team("Empty")
    hold = holding.place(by=olga, reason="A case at court.", team=team)
    with pytest.raises(Refusal, match="legal hold"):
        delete_team(team, by=olga)
    holding.release(hold, by=olga)
    delete_team(team, by=olga)
    hold.refresh_from_db()
    assert hold.team_id is None


def test_who_is_let_in_again_keeps_the_account() -> None:
    olga, ada = make_owner(), make_user()
    chat_of(ada)
    hold = holding.place(by=olga, reason="A case at court.", person=ada)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    leaving.erase_belongings(ada, by=olga)
    reactivate(ada, by=olga)
    holding.release(hold, by=olga)
    assert sweeping.sweep() is not None
    ada.refresh_from_db()
    assert (left(), ada.email, ada.is_active) == (set(), "ada@example.org", True)


def test_the_delay_cannot_be_set_to_nothing_first() -> None:
    olga = make_owner()
    chat_of(make_user(), age=5 * DAY)
    assert changing.change(None, {"delay_hours": 0}, by=olga).state == "waiting"
    with pytest.raises(Refusal, match="waits already"):
        changing.change(None, {"days": 1}, by=olga)


def test_a_preview_counts_a_file_that_stays_elsewhere_as_none_that_goes() -> None:
    ada = make_user()
    set_house(days=100, delay_hours=0)
    old, young = chat_of(ada, age=50 * DAY), chat_of(ada, age=DAY)
    attach(old, b"same"), attach(young, b"same"), attach(old, b"its own")
    seen = changing.preview(None, {"days": 30}).due["conversations"].total
    set_house(days=30)
    run = sweeping.sweep()
    assert run is not None
    assert dict(seen) == run.counts["conversations"] == {"conversations": 1, "messages": 2, "files": 1}


def test_a_wish_that_is_granted_never_shortens() -> None:
    olga, ada = make_owner(), make_user()
    set_house(days=30)
    chat = chat_of(ada, age=25 * DAY)
    for days in (90, 1):
        wish = wishing.ask(ada, team=chat.team, conversation=chat.pk, goes_at=chat.created_at, reason="")
        wishing.grant(wish, days=days, by=olga)
    chat.refresh_from_db()
    assert chat.kept_until is not None
    assert chat.kept_until > chat.created_at + 100 * DAY


def test_a_wish_goes_with_its_chat_in_a_replay_as_well() -> None:
    ada = make_user()
    chat = swept_chat(ada)
    forget_purges()
    again = chat_of(ada, id=chat.pk)
    Wish.objects.create(person=ada, team=again.team, conversation=chat.pk, goes_at=chat.created_at, reason="Mine.")
    sweeping.replay()
    assert not Wish.objects.exists()


def test_notices_of_a_change_cost_the_same_in_many_teams(django_assert_max_num_queries: Any) -> None:
    ada = make_user()
    for n in range(20):
        Membership.objects.create(team=make_team(f"Team {n}"), user=ada)
    changing.change(None, {"days": 1}, by=make_owner())
    with django_assert_max_num_queries(6):
        assert len(notices.shortenings_for(ada)) == 21


def test_a_receipt_says_by_the_databases_clock_when_backups_are_clean() -> None:
    import time_machine

    set_house(days=1, backup_days=30)
    chat_of(make_user(), age=2 * DAY)
    today = chat_of(make_user("eve@example.org")).created_at.date()
    with time_machine.travel(time.time() + 400 * 86_400, tick=True):
        run = sweeping.sweep()
    assert run is not None
    run.refresh_from_db()
    assert run.backups_until is not None
    assert run.backups_until - today in (timedelta(days=30), timedelta(days=31))
