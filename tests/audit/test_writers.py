"""Many write at once, and some die or think better of it: no gap, no fork."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from chains import Connection, body_of
from servers import Servers

from audit.reading import ends_of
from audit.verifying import verify

pytestmark = pytest.mark.django_db  # only so that the database is made
WRITERS = 8


def write(connect: Callable[[], Connection], name: str, count: int, dice: random.Random) -> list[int]:
    """Write entries, each in a transaction; every tenth is taken back. Begin anew when killed. Return the numbers."""
    kept: list[int] = []
    connection, done = connect(), 0
    while done < count:
        try:
            row = connection.execute(
                "INSERT INTO audit_entry (body) VALUES (%s) RETURNING seq", [body_of(target=f"{name} {done}")]
            ).fetchone()
            assert row is not None
            if dice.random() < 0.1:
                connection.rollback()
                continue
            connection.commit()
            kept.append(row[0])
            done += 1
        except psycopg.OperationalError:
            connection = connect()
    return kept


def kill_some(superuser: Connection, over: threading.Event, pause: float) -> int:
    """Kill writers in the middle of their work until it is over."""
    killed = 0
    while not over.wait(pause):
        row = superuser.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity "
            "WHERE usename = 'hearth_app' AND query LIKE 'INSERT INTO audit_entry%' ORDER BY random() LIMIT 1) AS one"
        ).fetchone()
        killed += row[0] if row else 0
    return killed


@pytest.mark.parametrize("count", [100, pytest.param(10_000, marks=pytest.mark.prove)])
def test_writers_that_are_killed_leave_no_gap_and_no_fork(
    count: int, as_app: Callable[..., Connection], servers: Servers, test_database: str
) -> None:
    watcher = as_app(autocommit=True)
    before, over, began = ends_of(watcher), threading.Event(), time.monotonic()
    assert before is not None
    with (
        psycopg.connect(servers.postgres.superuser_url(test_database), autocommit=True) as superuser,
        ThreadPoolExecutor(WRITERS + 1) as pool,
    ):
        killing = pool.submit(kill_some, superuser, over, 0.02 if count < 1000 else 0.5)
        writing = [pool.submit(write, as_app, f"w{n}", count, random.Random(n)) for n in range(WRITERS)]
        kept = [seq for one in writing for seq in one.result()]
        over.set()
        killed = killing.result()
    seconds, after = time.monotonic() - began, ends_of(watcher)
    assert after is not None
    assert killed > 0
    verdict = verify(watcher, [])
    assert verdict.sound, verdict.sentence
    assert verdict.last == after.seq
    assert len(set(kept)) == len(kept) == WRITERS * count
    # a commit whose answer died with its connection may have been written all the same
    assert 0 <= after.seq - before.seq - len(kept) <= killed
    assert len(kept) / seconds > 500 or count < 1000
