"""What a sweep deletes, what it leaves, and what it writes down."""

import hashlib
import hmac
import json
import os
import time
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.test import Client
from factories import make_team, make_user
from keeping import DAY, attach, chat_of, left, rows, set_house, set_team

from accounts import leaving
from accounts.models import User
from audit.models import Entry
from chat import files
from chat.models import Conversation, Generation, Message
from retention import changing, erasing, gate, holding, ledger, order, sweeping
from retention.models import Chunk, Erasure, Hold, Leftover, Run

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


def swept() -> Run:
    run = sweeping.sweep()
    assert run is not None
    run.refresh_from_db()
    return run


def _last_entry() -> dict[str, Any]:
    said: dict[str, Any] = json.loads(Entry.objects.latest("seq").body)
    return said


def test_what_is_older_than_its_teams_period_goes_and_nothing_else() -> None:
    ada, short, usual = make_user(), make_team("Short"), make_team()
    set_house(days=30)
    set_team(short, keeps="days", days=7)
    old, fresh = chat_of(ada, age=30 * DAY, messages=4), chat_of(ada, age=30 * DAY - HOUR)
    gone, stays = chat_of(ada, age=7 * DAY, team=short), chat_of(ada, age=7 * DAY - HOUR, team=short)
    run = swept()
    assert left() == {fresh.pk, stays.pk}
    assert rows() == (2, 4, 2)
    assert run.state == Run.State.DONE
    assert run.counts == {"conversations": {"conversations": 2, "messages": 6}}
    assert {team: counts for chunk in run.chunks.all() for team, counts in chunk.counts.items()} == {
        str(usual.pk): {"conversations": 1, "messages": 4},
        str(short.pk): {"conversations": 1, "messages": 2},
    }
    key = bytes(run.key)
    digests = b"".join(bytes(chunk.digests) for chunk in run.chunks.order_by("number"))
    found = {digests[at : at + 32] for at in range(0, len(digests), 32)}
    assert found == {hmac.digest(key, str(pk).encode(), hashlib.sha256) for pk in (old.pk, gone.pk)}
    assert run.manifest == hashlib.sha256(digests).hexdigest()


def test_a_second_sweep_finds_nothing() -> None:
    set_house(days=30)
    chat_of(make_user(), age=31 * DAY)
    swept()
    again = swept()
    assert (again.state, again.counts, again.chunks.count()) == (Run.State.DONE, {}, 0)


def test_the_receipt_stands_in_the_log_without_words() -> None:
    set_house(days=30)
    chat_of(make_user(), age=31 * DAY, title="Secret plans")
    run = swept()
    entry = _last_entry()
    assert entry["verb"] == "retention.swept"
    assert entry["facts"] == {
        "conversations": 1,
        "messages": 2,
        "errors": 0,
        "manifest": run.manifest,
        "state": "done",
    }
    assert "Secret" not in str(list(Entry.objects.values_list("body", flat=True)))


def test_a_deleted_chat_goes_after_its_grace_and_not_before_the_minimum() -> None:
    ada = make_user()
    set_house(grace_days=7, least=20)
    now = chat_of(ada).created_at
    chat_of(ada, age=30 * DAY, deleted_at=now - 7 * DAY)
    waits = chat_of(ada, age=30 * DAY, deleted_at=now - 7 * DAY + HOUR)
    young = chat_of(ada, age=20 * DAY - HOUR, deleted_at=now - 8 * DAY)
    swept()
    assert {waits.pk, young.pk} < left()
    assert len(left()) == 3


def test_a_temporary_chat_goes_by_the_hour_whatever_the_minimum() -> None:
    ada = make_user()
    set_house(least=30)
    now = chat_of(ada).created_at
    chat_of(ada, temporary_until=now - timedelta(seconds=1))
    stays = chat_of(ada, temporary_until=now + HOUR)
    assert Conversation.objects.of(ada).filter(pk=stays.pk).exists()
    assert Conversation.objects.of(ada).count() == 2, "one that is over is not shown, swept or not"
    swept()
    assert len(left()) == 2


@pytest.mark.parametrize("on", ["person", "team", "conversation"])
def test_a_hold_keeps_everything_and_its_release_lets_it_go(on: str) -> None:
    olga, ada = make_user("olga@example.org", role=User.Role.OWNER), make_user()
    set_house(days=30, grace_days=0)
    chat = chat_of(ada, age=31 * DAY, deleted_at=chat_of(ada).created_at)
    chat_of(make_user("eve@example.org", team=make_team("Other")), age=31 * DAY, team=make_team("Other"))
    which: dict[str, Any] = {"person": ada, "team": make_team(), "conversation": chat.pk}
    hold = holding.place(by=olga, reason="A case at court.", **{on: which[on]})
    swept()
    assert chat.pk in left()
    assert len(left()) == 2, "what no hold is on is gone"
    assert not Conversation.objects.of(ada).filter(pk=chat.pk).exists(), "hidden from its owner as usual"
    holding.release(hold, by=olga)
    swept()
    assert chat.pk not in left()


def test_two_holds_are_released_one_by_one() -> None:
    olga, ada = make_user("olga@example.org", role=User.Role.OWNER), make_user()
    set_house(days=1)
    chat_of(ada, age=2 * DAY)
    first, second = (holding.place(by=olga, reason="A case at court.", person=ada) for _ in range(2))
    holding.release(first, by=olga)
    swept()
    assert len(left()) == 1
    holding.release(second, by=olga)
    swept()
    assert left() == set()


def test_an_erasure_takes_everything_without_grace_and_ends() -> None:
    ada, eve = make_user(), make_user("eve@example.org")
    set_house(grace_days=30)
    chat_of(ada), chat_of(ada), chat_of(eve)
    erasure = erasing.ask(ada, by=ada)
    assert (erasure.began_with, Conversation.objects.of(ada).count()) == (2, 0)
    later = chat_of(ada)
    swept()
    erasure.refresh_from_db()
    assert erasure.ended_at is not None
    assert len(left()) == 2
    assert later.pk in left(), "what came after it was asked for stays"


def test_an_erased_leaver_has_no_name_any_more() -> None:
    olga, ada = make_user("olga@example.org", role=User.Role.OWNER), make_user()
    chat_of(ada)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    leaving.erase_belongings(ada, by=olga)
    swept()
    ada.refresh_from_db()
    assert (ada.email, ada.display_name) == (f"{ada.pk.hex}@erased.invalid", "")
    assert not Erasure.objects.filter(ended_at=None).exists()


def test_a_hold_beats_an_erasure_until_it_is_released() -> None:
    olga, ada = make_user("olga@example.org", role=User.Role.OWNER), make_user()
    chat = chat_of(ada)
    hold = holding.place(by=olga, reason="A case at court.", person=ada)
    erasing.ask(ada, by=ada)
    swept()
    assert chat.pk in left()
    assert erasing.left_of(ada) == {"held": 1, "waits": 0, "exports": 0, "shares": 0}
    holding.release(hold, by=olga)
    swept()
    assert left() == set()
    assert not Erasure.objects.filter(ended_at=None).exists()


def test_an_answer_under_way_is_stopped_and_its_chat_goes_with_the_next_sweep() -> None:
    ada = make_user()
    now = chat_of(ada).created_at
    chat = chat_of(ada, temporary_until=now)
    running = Generation.objects.within(Generation(pk=_answer_of(chat)))
    running.update(state="running", lease_until=now + HOUR)
    swept()
    assert chat.pk in left()
    assert running.get().stop_requested
    running.update(state="stopped", lease_until=None)
    swept()
    assert chat.pk not in left()


def _answer_of(chat: Conversation) -> Any:
    return Generation.objects.for_housekeeping().get(message__conversation=chat).pk


def test_a_chat_with_more_messages_than_a_transaction_takes_goes_in_pieces() -> None:
    ada = make_user()
    set_house(days=1)
    chat_of(ada, age=2 * DAY, messages=25), chat_of(ada, age=2 * DAY, messages=4)
    with patch("chat.retained.Conversations.purge.__kwdefaults__", {"limit": 10}):
        run = swept()
    assert rows() == (0, 0, 0)
    assert run.counts == {"conversations": {"conversations": 2, "messages": 29}}
    assert max(sum(c["messages"] for c in chunk.counts.values()) for chunk in run.chunks.all()) <= 10


def test_one_kind_that_fails_keeps_no_other_from_going_and_is_told() -> None:
    set_house(days=1)
    chat_of(make_user(), age=2 * DAY)
    with patch("retention.exporting.Exports.purge", side_effect=RuntimeError("secret words")):
        run = swept()
    assert (run.state, run.errors) == ("failed", [{"kind": "exports", "error": "RuntimeError"}])
    assert left() == set()
    entry = _last_entry()
    assert (entry["verb"], entry["result"], entry["facts"]["errors"]) == ("retention.sweep_failed", "refused", 1)


def test_a_tombstone_that_cannot_be_written_keeps_its_rows() -> None:
    set_house(days=1)
    chat_of(make_user(), age=2 * DAY)
    with patch("retention.ledger.mean", side_effect=OSError("disk full")):
        run = swept()
    assert (run.state, run.errors) == ("failed", [{"kind": "conversations", "error": "OSError"}])
    assert (rows(), Chunk.objects.count()) == ((1, 2, 1), 0)


def test_a_copy_that_cannot_be_removed_stays_on_the_list_and_the_run_failed() -> None:
    set_house(days=1)
    chat_of(make_user(), age=2 * DAY)
    with patch("chat.stream.forget", side_effect=OSError):
        assert swept().state == "failed"
    assert Leftover.objects.count() == 1
    assert swept().state == "done"
    assert Leftover.objects.count() == 0


def _break_off(*args: Any, **kwargs: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("at", ["ledger.mean", "ledger.close", "sweeping.clear_leftovers"])
def test_what_was_broken_off_is_put_right_by_the_next_sweep(at: str) -> None:
    set_house(days=1)
    chat_of(make_user(), age=2 * DAY)
    with patch("retention.sweeping.settle"), patch(f"retention.{at}", _break_off), pytest.raises(KeyboardInterrupt):
        sweeping.sweep()
    assert rows() == ((1, 2, 1) if at == "ledger.mean" else (0, 0, 0)), "whole, or untouched"
    run = swept()
    assert (rows(), ledger.open_chunks(), Leftover.objects.count()) == ((0, 0, 0), [], 0)
    broken = Run.objects.exclude(pk=run.pk).get()
    assert broken.state == Run.State.BROKEN
    assert len(list(ledger.tombstones())) == 1
    assert not sweeping.is_ahead()


def test_only_one_sweep_is_under_way() -> None:
    from django.db import connections

    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [sweeping.LOCK])
            assert sweeping.sweep() is None
            cursor.execute("SELECT pg_advisory_unlock(%s)", [sweeping.LOCK])
    finally:
        other.close()
    assert sweeping.sweep() is not None


def test_a_restored_database_serves_nobody_until_deletions_are_replayed() -> None:
    ada = make_user()
    set_house(days=1)
    chat = chat_of(ada, age=2 * DAY)
    swept()
    assert not sweeping.is_ahead()
    _restore(chat)
    assert sweeping.is_ahead()
    assert sweeping.sweep() is None, "a sweep would hide how far back the database is"
    refused = Client().get("/account/login/")
    assert (refused.status_code, refused["Retry-After"]) == (503, "60")
    assert b"replay_deletions" in refused.content
    assert sweeping.replay() == {"conversations": 1, "messages": 2}
    assert rows() == (0, 0, 0)
    assert not sweeping.is_ahead()
    gate.look_again()
    assert Client().get("/account/login/").status_code == 200
    assert _last_entry()["verb"] == "retention.deletions_replayed"


def _restore(chat: Conversation) -> None:
    """The database as it was before the sweep."""
    Run.objects.all().delete()
    Chunk.objects.all().delete()
    Conversation.objects.create(pk=chat.pk, owner=chat.owner, team=chat.team)
    for _ in range(2):
        Message.objects.for_housekeeping().create(conversation_id=chat.pk, role="user", text="Words")


def test_a_replay_leaves_what_a_hold_is_on() -> None:
    ada = make_user()
    set_house(days=1)
    chat = chat_of(ada, age=2 * DAY)
    swept()
    _restore(chat)
    Hold.objects.create(person=ada, reason="A case at court.")
    assert sweeping.replay() == {"held": 1}
    assert left() == {chat.pk}


def test_a_ledger_that_was_changed_is_found() -> None:
    from django.conf import settings

    set_house(days=1)
    chat_of(make_user(), age=2 * DAY)
    swept()
    text = settings.TOMBSTONES.read_text()
    settings.TOMBSTONES.write_text(text.replace('"meant"', '"meaNt"', 1))
    with pytest.raises(ledger.Torn):
        list(ledger.tombstones())


def test_a_waiting_change_holds_once_its_time_has_come() -> None:
    olga, ada = make_user("olga@example.org", role=User.Role.OWNER), make_user()
    set_house(delay_hours=24)
    chat_of(ada, age=40 * DAY)
    change = changing.change(None, {"days": 30}, by=olga)
    swept()
    assert len(left()) == 1, "nothing goes before the delay"
    type(change).objects.update(holds_at=change.asked_at)
    swept()
    assert left() == set()


def test_order_is_kept_by_the_database() -> None:
    from django.db import connections, transaction

    other = connections.create_connection("default")
    try:
        with transaction.atomic():
            order.deciding()
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [order.KEY])
                assert cursor.fetchone() == (False,)
    finally:
        other.close()


def test_what_a_crash_left_on_disk_is_removed_and_nothing_younger_or_known(settings: Any) -> None:
    kept = attach(chat_of(make_user()), b"notes")
    folder = files.path_of(kept.file_id).parent
    lost, aside, young = folder / str(uuid4()), settings.FILES / f"incoming-{uuid4()}", folder / str(uuid4())
    export = settings.EXPORTS / f"{uuid4()}.part"
    settings.EXPORTS.mkdir()
    for path in (lost, aside, young, export):
        path.write_bytes(b"words")
    hours_ago = time.time() - 7200
    for path in (lost, aside, files.path_of(kept.file_id)):
        os.utime(path, (hours_ago, hours_ago))
    assert sweeping.tidy() == 3
    assert [path.exists() for path in (lost, aside, export, young, files.path_of(kept.file_id))] == [False] * 3 + [
        True
    ] * 2


def test_a_file_that_two_chats_use_stays_until_the_second_goes() -> None:
    ada = make_user()
    now = chat_of(ada).created_at
    first, second = chat_of(ada, deleted_at=now - 9 * DAY), chat_of(ada)
    use, same = attach(first, b"notes"), attach(second, b"notes", name="other.md")
    assert use.file_id == same.file_id
    assert swept().counts["conversations"] == {"conversations": 1, "messages": 2}
    assert files.path_of(use.file_id).exists()
    Conversation.objects.within(second).update(deleted_at=now - 9 * DAY)
    assert swept().counts["conversations"] == {"conversations": 1, "messages": 2, "files": 1}
    assert not files.path_of(use.file_id).exists()


def test_files_with_a_shorter_period_go_and_their_chat_stays() -> None:
    ada = make_user()
    set_house(days=90, file_days=30)
    old, fresh = chat_of(ada, age=31 * DAY), chat_of(ada, age=29 * DAY)
    use, stays = attach(old, b"old notes"), attach(fresh, b"fresh notes")
    run = swept()
    assert run.counts == {"files": {"attachments": 1, "files": 1}}
    assert left() == {old.pk, fresh.pk}
    assert [files.path_of(one.file_id).exists() for one in (use, stays)] == [False, True]
