"""A purge that meets somebody who works on the same chat: nothing comes back, nobody fails, nobody waits for ever.

In `make prove` each meeting happens 200 times.
"""

import threading
from collections.abc import Callable
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import connections
from django.utils import timezone
from factories import asked, make_deployment, make_owner, make_user
from keeping import DAY, attach, chat_of, left, rows, set_house

from accounts.models import User
from chat import actions, away, files, queue
from chat.models import Attachment, Conversation, File, Generation, Message
from retention import erasing, exporting, holding, sweeping
from retention.models import Export, Hold

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = [pytest.param(4, id="a few times"), pytest.param(200, id="200 times", marks=pytest.mark.prove)]


def meet(*acts: Callable[[], object]) -> list[object]:
    """Do things at the same moment, each over a connection of its own. Return what each returned or raised."""
    gate = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(n: int, act: Callable[[], object]) -> None:
        gate.wait()
        try:
            results[n] = act()
        except Exception as error:
            results[n] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive(), "somebody waits for ever"
    return results


def due_chat(ada: User, **fields: Any) -> Conversation:
    """A chat that its owner deleted long ago."""
    return chat_of(ada, age=2 * DAY, deleted_at=timezone.now() - 9 * DAY, **fields)


def all_fine(results: list[object], *refusals: type[Exception]) -> None:
    for result in results:
        assert not isinstance(result, Exception) or isinstance(result, refusals), repr(result)


@pytest.fixture
def ada() -> User:
    make_owner(), make_deployment()
    return make_user()


@pytest.fixture(autouse=True)
def _no_bells() -> Any:
    with patch("chat.actions._ring_quietly"), patch("retention.exporting.ring"):
        yield


@pytest.mark.parametrize("times", TIMES)
def test_a_hold_that_is_placed_first_always_wins(times: int, ada: User) -> None:
    olga = make_owner()
    kept = 0
    for _ in range(times):
        chat = due_chat(ada)
        results = meet(lambda: holding.place(by=olga, reason="A case at court.", person=ada), sweeping.sweep)
        all_fine(results)
        assert isinstance(results[0], Hold)
        assert rows() in ((0, 0, 0), (1, 2, 1)), "whole, or gone"
        kept += chat.pk in left()
        if chat.pk in left():
            sweeping.sweep()
            assert chat.pk in left(), "once it stood beside its hold, it stays"
        Hold.objects.all().delete()
        sweeping.sweep()
        assert left() == set()
    assert 0 <= kept <= times


@pytest.mark.parametrize("times", TIMES)
def test_a_hold_that_was_committed_before_is_seen_by_every_chunk(times: int, ada: User) -> None:
    olga = make_owner()
    for _ in range(times):
        chat = due_chat(ada)
        placed = threading.Event()

        def hold() -> Hold:
            made = holding.place(by=olga, reason="A case at court.", conversation=chat.pk)  # noqa: B023
            placed.set()  # noqa: B023
            return made

        def sweep_behind_it() -> object:
            assert placed.wait(10)  # noqa: B023
            return sweeping.sweep()

        all_fine(meet(hold, sweep_behind_it))
        assert chat.pk in left()
        Hold.objects.all().delete()
        sweeping.sweep()


@pytest.mark.parametrize("times", TIMES)
def test_an_answer_that_ends_brings_nothing_back(times: int, ada: User) -> None:
    for _ in range(times):
        chat = due_chat(ada)
        answer = Generation.objects.for_housekeeping().get(message__conversation=chat)
        running = Generation.objects.within(answer)
        running.update(state="running", attempt=1, lease_until=timezone.now() + DAY)

        def end() -> bool:
            return queue.finish(answer.pk, 1, state="done", text="All of it")  # noqa: B023

        results = meet(end, sweeping.sweep)
        all_fine(results)
        sweeping.sweep()
        assert rows() == (0, 0, 0)
        assert queue.keep(answer.pk, 1, text="More") is None, "who still writes hears that it was replaced"
        assert rows() == (0, 0, 0)


@pytest.mark.parametrize("times", TIMES)
def test_a_question_in_an_expired_chat_keeps_it_or_comes_too_late(times: int, ada: User) -> None:
    set_house(days=1)
    for _ in range(times):
        chat = chat_of(ada, age=2 * DAY)
        question = chat.messages.order_by("created_at", "pk").filter(role="user").first()
        assert question is not None
        asked: dict[str, Any] = {"deployment": make_deployment(), "client_id": uuid4()}
        results = meet(lambda: actions.edit(question, text="Other words", **asked), sweeping.sweep)  # noqa: B023
        all_fine(results, Conversation.DoesNotExist, Message.DoesNotExist)
        if isinstance(results[0], Generation):
            assert rows() == (1, 4, 2), "asked in time, everything is there"
        else:
            assert rows() == (0, 0, 0)
        end_all()


@pytest.mark.parametrize("times", TIMES)
def test_an_upload_that_ends_keeps_the_file_that_it_uses(times: int, ada: User) -> None:
    for _ in range(times):
        gone, stays = due_chat(ada), chat_of(ada)
        attach(gone, b"the same bytes")
        results = meet(lambda: attached(stays, b"the same bytes"), sweeping.sweep)  # noqa: B023
        all_fine(results)
        use = Attachment.objects.for_housekeeping().select_related("file").get()
        assert File.objects.for_housekeeping().count() == 1
        assert files.path_of(use.file_id).read_bytes() == b"the same bytes"
        end_all()
        assert (File.objects.for_housekeeping().count(), files.path_of(use.file_id).exists()) == (0, False)


def end_all() -> None:
    """Let every chat go, whatever it is in."""
    Generation.objects.for_housekeeping().update(state="stopped", lease_until=None)
    old = timezone.now() - 9 * DAY
    Conversation.objects.for_housekeeping().update(deleted_at=old, last_activity_at=old)
    sweeping.sweep()
    assert rows() == (0, 0, 0)


def attached(chat: Conversation, content: bytes) -> object:
    """Ask with a file."""
    sent = [files.taken("notes.md", content)]
    return actions.ask(chat, text="What is it?", deployment=make_deployment(), client_id=uuid4(), sent=sent)


@pytest.mark.slow
@pytest.mark.parametrize("times", TIMES)
def test_an_export_that_is_made_meanwhile_has_no_chat_that_is_gone(times: int, ada: User) -> None:
    set_house(days=1)
    for _ in range(times):
        chat_of(ada, age=2 * DAY)
        export = exporting.ask(ada)
        results = meet(lambda: exporting.make(), sweeping.sweep)
        all_fine(results)
        sweeping.sweep()
        assert left() == set()
        kept = Export.objects.filter(pk=export.pk).first()
        assert kept is None or kept.chats == [], "no copy of what is gone is left"
        assert exporting.path_of(export.pk).exists() == (kept is not None and kept.state == "ready")
        Export.objects.all().update(expires_at=timezone.now())
        sweeping.sweep()
        assert not exporting.path_of(export.pk).exists()


@pytest.mark.parametrize("times", TIMES)
def test_nothing_that_comes_back_escapes_an_erasure(times: int, ada: User) -> None:
    for _ in range(times):
        chat = chat_of(ada, deleted_at=timezone.now())
        restore, ask = lambda: away.restore(chat), lambda: erasing.ask(ada, by=ada)  # noqa: B023
        all_fine(meet(restore, ask), actions.Refusal, Conversation.DoesNotExist)
        assert not Conversation.objects.of(ada).exists(), "hidden before, or hidden by the erasure"
        sweeping.sweep()
        assert left() == set()


@pytest.mark.parametrize("times", TIMES)
def test_what_comes_back_during_a_purge_is_whole_or_gone(times: int, ada: User) -> None:
    set_house(days=1, grace_days=7)
    for _ in range(times):
        chat = chat_of(ada, age=2 * DAY, deleted_at=timezone.now())
        all_fine(meet(lambda: away.restore(chat), sweeping.sweep), Conversation.DoesNotExist)  # noqa: B023
        assert rows() in ((0, 0, 0), (1, 2, 1)), "whole, or gone"
        sweeping.sweep()
        assert left() == set()


@pytest.mark.parametrize("times", TIMES)
def test_deleting_all_meets_an_end_an_undo_and_a_hold(times: int, ada: User) -> None:
    set_house(grace_days=7)
    olga = make_owner()
    for _ in range(times):
        back, waiting = chat_of(ada, deleted_at=timezone.now()), asked(ada)
        chat_of(ada)
        claimed = queue.claim(waiting.deployment_id)
        assert claimed

        def end() -> bool:
            return queue.finish(claimed.pk, claimed.attempt, state="done", text="An end.")  # noqa: B023

        def hold() -> Hold:
            return holding.place(by=olga, reason="A case at court.", person=ada)

        everything, undo = lambda: away.delete_all(ada), lambda: away.restore(back)  # noqa: B023
        all_fine(meet(everything, end, undo, hold))
        assert set(Conversation.objects.of(ada).values_list("pk", flat=True)) <= {back.pk}
        sweeping.sweep()
        assert len(left()) == 3, "the hold keeps all of them"
        Hold.objects.all().delete()
        Conversation.objects.for_housekeeping().update(deleted_at=timezone.now() - 9 * DAY)
        sweeping.sweep()
        assert left() == set()
