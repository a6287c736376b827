"""A sweep that is killed at any point: each chunk is whole or untouched, and the next sweep completes the work."""

import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connection, connections
from factories import make_user
from keeping import DAY, attach, chat_of, left, rows, set_house

from chat import purging
from chat.models import Attachment, File
from retention import ledger, sweeping
from retention.models import Chunk, Leftover, Run

pytestmark = pytest.mark.django_db(transaction=True)
CHATS, MESSAGES, POINTS = 6, 4, 20


class Killer:
    """Counts what a sweep does and ends the process in the middle of the n-th thing, or behind it."""

    def __init__(self, at: int) -> None:
        self.at, self.seen = at, 0

    def passed(self) -> None:
        self.seen += 1
        if self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.passed()
        done = execute(*args)
        self.passed()
        return done


@contextmanager
def watched(killer: Killer) -> Iterator[None]:
    """Count every statement, and every write to the ledger and removal of a file."""
    write, unlink = os.write, Path.unlink

    def counted_write(descriptor: int, text: bytes) -> int:
        done = write(descriptor, text)
        killer.passed()
        return done

    def counted_unlink(path: Path, missing_ok: bool = False) -> None:
        killer.passed()
        unlink(path, missing_ok)

    rows_of = purging._rows

    def counted_rows(*args: Any) -> Any:
        return killer.around(rows_of, *args)

    with (
        connection.execute_wrapper(killer.around),
        patch.object(purging, "_rows", counted_rows),
        patch("retention.ledger.os.write", counted_write),
        patch.object(Path, "unlink", counted_unlink),
    ):
        yield


def sweep_and_die(at: int) -> bool:
    """Sweep in a process of its own that dies at a point. Return whether it was killed: it was not behind the end."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            with watched(Killer(at)), patch.object(purging, "CANDIDATES", 2):
                sweeping.sweep()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def length_of_a_sweep() -> int:
    """Return how many things a whole sweep does."""
    killer = Killer(0)
    with watched(killer), patch.object(purging, "CANDIDATES", 2):
        sweeping.sweep()
    return killer.seen


def fill() -> set[Any]:
    """Make chats that are due, each with a file, and one that is not. Return that one."""
    ada = make_user(f"ada{random.getrandbits(40)}@example.org")
    for n in range(CHATS):
        attach(chat_of(ada, age=2 * DAY, messages=MESSAGES), f"notes {n}".encode())
    return {chat_of(ada).pk}


def files_on_disk() -> set[str]:
    return {path.name for path in Path(settings.FILES).rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "points", [pytest.param(6, id="a few"), pytest.param(POINTS, id="twenty", marks=pytest.mark.prove)]
)
def test_killed_anywhere_nothing_is_torn_and_the_next_sweep_completes(points: int) -> None:
    set_house(days=1)
    stays = fill()
    length, chance, killed = length_of_a_sweep(), random.Random(59), 0
    assert left() == stays
    for at in sorted(chance.sample(range(1, length), points)):
        stays |= fill()
        killed += sweep_and_die(at)
        chats, messages, answers = rows()
        torn = (messages - 2 * len(stays), answers - len(stays))
        whole = chats - len(stays)
        assert torn == (whole * MESSAGES, whole * MESSAGES // 2), f"a chunk is torn at {at} of {length}"
        run = sweeping.sweep()
        assert run is not None
        assert (left(), Leftover.objects.count(), ledger.open_chunks()) == (stays, 0, [])
        assert (files_on_disk(), File.objects.for_housekeeping().count()) == (set(), 0)
        assert Attachment.objects.for_housekeeping().count() == 0
        assert Run.objects.filter(state=Run.State.RUNNING).count() == 0
    assert killed >= points * 3 // 4
    told = [line.number for line in ledger.tombstones()]
    assert set(told) == set(Chunk.objects.values_list("number", flat=True))
    assert not sweeping.is_ahead()
