"""Sharing that meets the end of the chat: nothing stays behind, nobody fails, nobody waits for ever.

In `make prove` each meeting happens 200 times.
"""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone
from factories import make_user
from keeping import chat_of
from shares import share_of

from chat import actions as chats
from chat.models import Conversation
from retention import sweeping
from sharing import actions, queries
from sharing.models import Share, SharedMessage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_redis")]
TIMES = [pytest.param(4, id="a few times"), pytest.param(200, id="200 times", marks=pytest.mark.prove)]


def meet(*acts: Callable[[], object]) -> list[BaseException]:
    """Do things at the same moment, each over a connection of its own. Return what went wrong."""
    gate, wrong = threading.Barrier(len(acts)), list[BaseException]()

    def run(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            act()
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive(), "somebody waits for ever"
    return wrong


@pytest.mark.parametrize("times", TIMES)
def test_a_chat_that_is_deleted_while_it_is_shared_is_read_by_nobody(times: int) -> None:
    ada, bob = make_user(), make_user("bob@example.org")
    for _ in range(times):
        chat = Conversation.objects.of(ada).get(pk=chat_of(ada).pk)
        wrong = meet(lambda chat=chat: share_of(chat, bob), lambda chat=chat: chats.delete(chat))  # type: ignore[misc]
        assert all(isinstance(error, Conversation.DoesNotExist) for error in wrong), wrong
        assert not queries.shares_with(bob).exists()


@pytest.mark.parametrize("times", TIMES)
def test_a_chat_that_is_purged_while_it_is_shared_leaves_nothing(times: int) -> None:
    ada, bob = make_user(), make_user("bob@example.org")
    old = timezone.now() - timedelta(days=9)
    for _ in range(times):
        chat, back = chat_of(ada), share_of(chat_of(ada), bob)
        for one in (chat, back.conversation):
            Conversation.objects.within(one).update(deleted_at=old, last_activity_at=old)
        acts = (lambda c=chat: share_of(c, bob), sweeping.sweep, lambda b=back: actions.revoke(b))
        wrong = meet(*acts)
        assert all(isinstance(error, Conversation.DoesNotExist) for error in wrong), wrong
        sweeping.sweep()
        assert not Share.objects.for_housekeeping().exists()
        assert not SharedMessage.objects.for_housekeeping().exists()


@pytest.mark.parametrize("times", TIMES)
def test_a_copy_that_meets_the_taking_back_is_whole_or_not_there(times: int) -> None:
    ada, bob = make_user(), make_user("bob@example.org")
    for n in range(times):
        share = share_of(chat_of(ada), bob)
        wrong = meet(
            lambda share=share: actions.copy(share, by=bob, team=None),  # type: ignore[misc]
            lambda share=share: actions.revoke(share),  # type: ignore[misc]
        )
        assert all(isinstance(error, Share.DoesNotExist) for error in wrong), (n, wrong)
        copies = Conversation.objects.of(bob)
        assert [copy.messages.count() for copy in copies] == [2] * copies.count()
