"""Chats come in once, as their owner's, under ids of Hearth's own; who dies over them is followed by another try."""

import io
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from bringing import BEGAN, brought, imported, looked, node, simple, theirs, turn, zipped
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from factories import asked, make_owner, make_team, make_user
from keeping import chat_of

from accounts import denials, pieces
from accounts.models import Membership, User
from accounts.refusal import Refusal
from accounts.roles import Power
from accounts.turns import alone
from audit.models import Entry as LogEntry
from chat import actions, papers
from chat.models import Conversation, Message
from chat.queries import thread_of
from moving import arriving, importing
from moving.models import Entry, Import, Origin
from retention import erasing, exporting, sweeping

pytestmark = pytest.mark.django_db(transaction=True)


def chats(person: User) -> list[Conversation]:
    return list(Conversation.objects.of(person).order_by("title"))


def states(move: Import) -> list[tuple[str, str]]:
    return list(move.entries.order_by("place").values_list("state", "reason"))


def files() -> list[Path]:
    return list(settings.IMPORTS.iterdir())


def test_chats_are_found_first_and_imported_when_their_owner_says_so() -> None:
    ada = make_user()
    move = looked(ada, [simple("Bread", messages=4), simple("Ovens", at=BEGAN + 999)])
    assert (move.state, chats(ada)) == ("found", [])
    assert [(one.title, one.messages) for one in move.entries.order_by("place")] == [("Bread", 4), ("Ovens", 2)]
    importing.start(move, team=make_team(), left=set(), archived=False)
    importing.work()
    move.refresh_from_db()
    assert (move.state, move.total, files()) == ("done", 2, [])
    bread, ovens = chats(ada)
    rows = thread_of(bread)
    assert [(row.message.role, row.message.text) for row in rows] == [
        ("user", "Bread 0"),
        ("assistant", "Bread 1"),
        ("user", "Bread 2"),
        ("assistant", "Bread 3"),
    ]
    assert rows[0].message.created_at == datetime.fromtimestamp(BEGAN, UTC)
    assert bread.created_at == rows[0].message.created_at
    assert timedelta() <= timezone.now() - bread.last_activity_at < timedelta(minutes=1), "its clock begins now"
    assert bread.last_activity_at < ovens.last_activity_at, "the list has them in their old order"
    assert bread.origin.models == {str(rows[1].message.pk): "gpt-4o", str(rows[3].message.pk): "gpt-4o"}
    titles = move.entries.values_list("title", flat=True)
    assert set(titles) == {""}, "a title stands in its chat alone"


def test_the_same_file_twice_doubles_nothing_and_what_was_deleted_comes_anew() -> None:
    ada = make_user()
    file = [simple("Bread", id="one"), simple("Ovens", id="two")]
    imported(ada, file)
    again = looked(ada, file)
    assert [state for state, _ in states(again)] == ["here", "here"]
    with pytest.raises(Refusal, match=r"No chat is chosen."):
        importing.start(again, team=make_team(), left=set(), archived=False)
    importing.cancel(again)
    actions.delete(chats(ada)[0])
    more = imported(ada, file)
    assert states(more) == [("imported", ""), ("here", "")]
    assert [chat.title for chat in chats(ada)] == ["Bread", "Ovens"]
    assert Origin.objects.count() == 2


def test_a_chat_that_stands_in_the_file_twice_comes_once() -> None:
    move = imported(make_user(), [simple("A", id="same"), simple("A", id="same")])
    assert states(move) == [("imported", ""), ("here", "")]


def test_what_one_has_exported_oneself_comes_back_once_it_is_gone() -> None:
    ada = make_user()
    chat = asked(ada, "What is a hearth?").message.conversation
    content = papers.as_json(chat, papers.said_in(chat))
    move = imported(ada, [simple("Other"), json.loads(content)])
    assert [state for state, _ in states(move)] == ["imported", "here"]
    actions.delete(chat)
    data = dict(papers.of(Conversation.objects.for_housekeeping().filter(pk=chat.pk)))
    back = imported(ada, zipped({**data}), name="hearth.zip")
    assert states(back) == [("imported", "")]
    assert "What is a hearth?" in [chat.title for chat in chats(ada)]


def test_the_zip_of_ones_own_data_comes_into_another_house_whole() -> None:
    ada, eve = make_user(), make_user("eve@example.org")
    for n in range(3):
        chat_of(ada, title=f"Plan {n}", messages=6)
    export = exporting.ask(ada)
    exporting.make()
    move = imported(eve, exporting.path_of(export.pk).read_bytes(), name="hearth.zip")
    assert [state for state, _ in states(move)] == ["imported"] * 3
    mine = [(chat.title, [row.message.text for row in thread_of(chat)]) for chat in chats(eve)]
    assert mine == [(chat.title, [row.message.text for row in thread_of(chat)]) for chat in chats(ada)]


def test_ids_in_a_file_name_nobody_s_rows() -> None:
    ada, eve = make_user(), make_user("eve@example.org")
    chat = asked(eve, "Eve's secret").message.conversation
    before = list(Message.objects.within(chat).order_by("pk").values())
    content = json.loads(papers.as_json(chat, papers.said_in(chat), whose=True))
    for message in content["messages"]:
        message["text"] = "stolen"
        message["conversation"] = str(chat.pk)
    content["conversation"] |= {"title": "stolen", "owner": str(eve.pk), "team": str(uuid4()), "kept_until": "2099"}
    move = imported(ada, content)
    assert [state for state, _ in states(move)] == ["imported"]
    (mine,) = chats(ada)
    assert (mine.owner_id, mine.team, mine.kept_until) == (ada.pk, make_team(), None)
    ids = {row["id"] for row in before} | {chat.pk}
    assert ids.isdisjoint({mine.pk, *Message.objects.within(mine).values_list("pk", flat=True)})
    assert list(Message.objects.within(chat).order_by("pk").values()) == before
    assert Conversation.objects.of(eve).get().title == "Eve's secret"


def test_what_cannot_be_read_is_refused_with_a_reason_and_the_rest_comes() -> None:
    bad = theirs(node("q", None, turn("user", "x" * 200_001)), title="Long")
    move = imported(make_user(), [bad, {"no": "chat"}, simple("Fine")])
    assert states(move) == [
        ("refused", "One of its messages has 200,001 characters; at most 200,000 are taken."),
        ("refused", "This is a chat of neither Hearth nor ChatGPT."),
        ("imported", ""),
    ]
    entry = LogEntry.objects.filter(body__contains='"moving.imported"').order_by("-seq").first()
    assert entry is not None
    assert '"here":0,"imported":1,"refused":2' in entry.body.replace(" ", "")


@pytest.mark.parametrize("content", [b"[]", b"nonsense", b"PK\x03\x04nonsense", b'{"mapping"'])
def test_a_file_without_chats_fails_with_a_sentence_and_is_gone(content: bytes) -> None:
    move = looked(make_user(), content)
    assert (move.state, move.reason[-1], files()) == ("failed", ".", [])


def test_more_chats_than_a_file_may_have_are_refused_as_a_whole() -> None:
    with patch.object(importing, "MOST_CHATS", 2):
        move = looked(make_user(), [simple() for _ in range(3)])
    assert move.reason == "There are more than 2 chats in this file. Split it into smaller ones."


def test_what_is_left_is_not_imported_and_archived_ones_are_put_away() -> None:
    ada = make_user()
    move = imported(ada, [simple(f"Chat {n}") for n in range(4)], left={0, 2, 99}, archived=True)
    assert [chat.title for chat in chats(ada)] == ["Chat 1", "Chat 3"]
    assert all(chat.archived_at for chat in chats(ada))
    assert move.entries.count() == 2, "titles of what was left are kept nowhere"


def test_nobody_imports_into_a_team_in_which_they_may_not_ask() -> None:
    ada, other = make_user(), make_team("Research")
    move = looked(ada, [simple()])
    with pytest.raises(Refusal, match=r"not into Research"):
        importing.start(move, team=other, left=set(), archived=False)
    Membership.objects.filter(user=ada).update(role=Membership.Role.GUEST)
    with pytest.raises(Refusal, match=r"not into Engineering"):
        importing.start(move, team=make_team(), left=set(), archived=False)
    with pytest.raises(Refusal, match=r"You can ask in none of your teams"):
        arriving.begin(name="a.json", size=5, by=ada)
    Membership.objects.filter(user=ada).update(role=Membership.Role.MEMBER)
    denials.deny(Power.ASK, user=ada, team=make_team(), reason="Enough.", by=make_owner())
    with pytest.raises(Refusal, match=r"Enough\."):
        importing.start(move, team=make_team(), left=set(), archived=False)
    move.refresh_from_db()
    assert (move.state, chats(ada)) == ("found", [])


def test_who_leaves_the_team_meanwhile_gets_nothing_more_into_it() -> None:
    ada = make_user()
    move = looked(ada, [simple(f"Chat {n}") for n in range(3)])
    importing.start(move, team=make_team(), left=set(), archived=False)
    real = importing._insert

    def leaving(*args: Any) -> Any:
        Membership.objects.filter(user=ada).delete()
        return real(*args)

    with patch.object(importing, "_insert", leaving):
        importing.work()
    move.refresh_from_db()
    assert (move.state, Conversation.objects.for_housekeeping().count()) == ("failed", 1)
    assert move.reason == "You can put chats only into teams in which you ask: not into Engineering."


class Killed(BaseException):
    """Stands for a process that dies."""


def test_whoever_dies_over_an_import_is_followed_by_another_try_and_nothing_comes_twice() -> None:
    ada = make_user()
    move = looked(ada, [simple(f"Chat {n}") for n in range(5)])
    importing.start(move, team=make_team(), left=set(), archived=False)
    real, calls = importing._insert, [0]

    def dying(*args: Any) -> Any:
        calls[0] += 1
        found = real(*args)
        if calls[0] == 3:
            raise Killed  # behind the rows, before the commit
        return found

    with patch.object(importing, "_insert", dying), pytest.raises(Killed):
        importing.work()
    assert len(chats(ada)) == 2
    importing.work()
    move.refresh_from_db()
    assert (move.state, [chat.title for chat in chats(ada)]) == ("done", [f"Chat {n}" for n in range(5)])


def test_a_file_over_which_everybody_dies_is_given_up() -> None:
    move = looked(make_user(), [simple()])
    importing.start(move, team=make_team(), left=set(), archived=False)
    with patch.object(importing, "_insert", side_effect=Killed):
        for _ in range(importing.MOST_TRIES):
            with pytest.raises(Killed):
                importing.work()
    importing.work()
    move.refresh_from_db()
    assert (move.state, move.reason, files()) == ("failed", importing.BROKEN, [])


def test_a_cancelled_import_stops_between_two_chats_and_keeps_what_came() -> None:
    ada = make_user()
    move = looked(ada, [simple(f"Chat {n}") for n in range(5)])
    importing.start(move, team=make_team(), left=set(), archived=False)
    real, calls = importing._store, [0]

    def cancelling(*args: Any) -> None:
        calls[0] += 1
        if calls[0] == 3:
            importing.cancel(move)
        real(*args)

    with patch.object(importing, "_store", cancelling):
        importing.work()
    move.refresh_from_db()
    assert (move.state, len(chats(ada)), files()) == ("cancelled", 2, [])
    assert move.entries.count() == 2


def test_one_person_has_one_import_at_a_time_and_a_broken_off_upload_goes_on() -> None:
    ada = make_user()
    move = arriving.begin(name="../a.json", size=10, by=ada)
    assert move.name == "a.json"
    arriving.take(move, start=0, body=io.BytesIO(b"[ ]"), length=3)
    assert arriving.begin(name="a.json", size=10, by=ada).pk == move.pk
    with pytest.raises(pieces.Misplaced):
        arriving.take(move, start=0, body=io.BytesIO(b"[ ]"), length=3)
    other = arriving.begin(name="b.json", size=4, by=ada)
    assert [path.name for path in files()] == [str(other.pk)], "the one before gives way"
    assert files()[0].stat().st_mode & 0o777 == 0o600
    arriving.take(other, start=0, body=io.BytesIO(b"[{}]"), length=4)
    with pytest.raises(Refusal, match=r"that has not ended"):
        arriving.begin(name="c.json", size=4, by=ada)


@pytest.mark.parametrize(
    ("size", "why"), [(0, "This file is empty."), (100_000_001, "A file with chats can have at most 100 MB.")]
)
def test_empty_and_too_large_files_are_refused_before_they_arrive(size: int, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        arriving.begin(name="a.json", size=size, by=make_user())
    assert not Import.objects.exists()


def test_an_import_goes_after_its_days_with_its_file_and_never_takes_a_chat_along() -> None:
    ada = make_user()
    imported(ada, [simple("Kept")])
    looked(ada, [simple("Secret title")])
    Import.objects.update(expires_at=timezone.now())
    run = sweeping.sweep()
    assert run is not None
    assert (run.state, run.counts["imports"]) == ("done", {"imports": 2})
    assert (Import.objects.count(), Entry.objects.count(), files()) == (0, 0, [])
    assert [chat.title for chat in chats(ada)] == ["Kept"]


def test_an_origin_goes_with_its_chat() -> None:
    ada = make_user()
    imported(ada, [simple("Gone")])
    actions.delete(chats(ada)[0])
    Conversation.objects.for_housekeeping().update(deleted_at=timezone.now() - timedelta(days=60))
    sweeping.sweep()
    assert (Conversation.objects.for_housekeeping().count(), Origin.objects.count()) == (0, 0)


def test_an_erasure_ends_what_could_still_bring_chats_in() -> None:
    ada = make_user()
    imported(ada, [simple("One")])
    move = looked(ada, [simple("Two"), simple("Three")])
    importing.start(move, team=make_team(), left=set(), archived=False)
    erasing.ask(ada, by=ada)
    importing.work()
    assert chats(ada) == []
    sweeping.sweep()
    assert (Import.objects.count(), Conversation.objects.for_housekeeping().count(), files()) == (0, 0, [])


def test_files_that_no_row_names_are_tidied_away() -> None:
    from moving.retained import Imports

    looked(make_user(), [simple()])
    lost = settings.IMPORTS / str(uuid4())
    lost.touch()
    assert Imports().tidy() == 0, "its row may not be committed yet"
    with patch("moving.retained.CRASHED_SECONDS", -1):
        assert Imports().tidy() == 1
    assert not lost.exists()
    assert len(files()) == 1


def test_two_who_work_do_not_meet() -> None:
    ada = make_user()
    brought(ada, [simple()])
    with alone(importing.LOOK_LOCK) as mine:
        assert mine
        connection.close()  # another process has a connection of its own
    importing.work()
    assert Import.objects.get().state == "found"


def test_a_chat_takes_the_same_few_queries_however_long_it_is() -> None:
    def queries(messages: int, email: str) -> int:
        ada = make_user(email)
        move = looked(ada, [simple(messages=messages)])
        importing.start(move, team=make_team(), left=set(), archived=False)
        with CaptureQueriesContext(
            connection,
        ) as found:
            importing.work()
        return len(found)

    assert queries(2, "a@example.org") == queries(400, "b@example.org")


@pytest.mark.slow
def test_a_thousand_chats_with_twenty_thousand_messages_take_less_than_half_a_minute_of_work() -> None:
    file = json.dumps([simple(f"Chat {n}", messages=20) for n in range(1000)])
    ada = make_user()
    began = time.process_time()  # what others do on the machine is not counted
    imported(ada, file)
    assert time.process_time() - began < 30
    assert (len(chats(ada)), Message.objects.for_housekeeping().count()) == (1000, 20_000)
