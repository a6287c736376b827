"""The log's own retention: a cut at an anchor, no younger than the floor, found where it is not covered."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from chains import Connection, body_of, write, write_past

from audit import anchors, pruning
from audit.anchors import anchors_in
from audit.verifying import Verdict, verify

pytestmark = pytest.mark.django_db  # only so that the database is made
DAY = timedelta(days=1)


@pytest.fixture
def log(superuser: Connection, anchors_file: Path) -> Connection:
    """One entry a day for 500 days, an anchor every 50; today's come from the application."""
    at = datetime.now(UTC) - 500 * DAY
    for n in range(10):
        bodies = [body_of(target=f"{n} {k}") for k in range(50)]
        write_past(superuser, bodies, at=at + n * 50 * DAY, step=DAY)
        anchors.make(superuser, now=at + (n + 1) * 50 * DAY, file=anchors_file)
    write(superuser, 5)
    return superuser


def judged(log: Connection, file: Path) -> Verdict:
    return verify(log, anchors_in(file))


def cut(log: Connection, days: int, seq: int) -> int:
    row = log.execute(
        "SELECT audit_prune(%s, %s, (SELECT hash FROM audit_entry WHERE seq = %s))", [days, seq, seq]
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_what_is_older_goes_and_the_cut_is_an_entry(log: Connection, anchors_file: Path) -> None:
    assert pruning.prune(400, over=log) == 100
    last = log.execute("SELECT seq, verb, body FROM audit_entry ORDER BY seq DESC LIMIT 1").fetchone()
    assert last is not None
    assert (last[0], last[1]) == (506, "audit.pruned")
    checkpoint = anchors_in(anchors_file)[1]
    assert f'"checkpoint_hash":"{checkpoint.hash}","days":400,"entries":100,"first_seq":101' in last[2]
    verdict = judged(log, anchors_file)
    assert (verdict.sound, verdict.first, verdict.last, verdict.anchors) == (True, 101, 506, 8)
    anchors.make(log, now=datetime.now(UTC), file=anchors_file)
    assert judged(log, anchors_file).unanchored == 0
    assert pruning.prune(400, over=log) == 0


def test_nothing_goes_before_the_floor(log: Connection) -> None:
    for days in (182, 1, 0, -400):
        with pytest.raises(psycopg.errors.CheckViolation, match="183 days"), log.transaction():
            cut(log, days, 50)
    with pytest.raises(psycopg.errors.CheckViolation, match="younger than 183 days"), log.transaction():
        cut(log, 183, 350)
    assert cut(log, 183, 300) == 300


def test_a_checkpoint_that_is_not_in_the_log_cuts_nothing(log: Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="not in the log"), log.transaction():
        log.execute("SELECT audit_prune(400, 50, repeat('a', 64))")


def test_a_cut_that_no_anchor_covers_is_found(log: Connection, anchors_file: Path) -> None:
    assert cut(log, 400, 60) == 60
    verdict = judged(log, anchors_file)
    assert (verdict.sound, verdict.bad_seq) == (False, 61)
    assert verdict.sentence == "The log begins with entry 61, and no anchor covers that cut."


def test_a_change_behind_the_cut_is_still_found(log: Connection, anchors_file: Path) -> None:
    pruning.prune(400, over=log)
    log.execute("SET session_replication_role = replica")
    log.execute("UPDATE audit_entry SET body = replace(body, '9 3', '9 4') WHERE seq = 454")
    assert judged(log, anchors_file).bad_seq == 454


def test_the_application_may_cut_and_the_floor_holds_for_it(as_app: Callable[..., Connection]) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="183 days"):
        as_app().execute("SELECT audit_prune(10, 1, '')")


def test_a_long_log_is_cut_piece_by_piece(log: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.pruning.AT_ONCE", 50)
    assert pruning.prune(183, over=log) == 300
    rows = log.execute("SELECT body FROM audit_entry WHERE verb = 'audit.pruned'").fetchall()
    assert len(rows) > 1


def test_rows_are_deleted_before_the_head_is_locked(log: Connection) -> None:
    """Or nobody could write meanwhile."""
    row = log.execute("SELECT pg_get_functiondef('audit_prune'::regproc)").fetchone()
    assert row is not None
    places = [
        row[0].index(part) for part in ("DELETE FROM public.audit_entry", "FOR UPDATE", "UPDATE public.audit_head")
    ]
    assert places == sorted(places)


def test_the_second_of_two_cuts_at_once_is_taken_back(log: Connection) -> None:
    """Its rows are gone when it comes to the head, which begins behind its checkpoint."""
    log.execute("UPDATE audit_head SET first_seq = 101")
    with pytest.raises(psycopg.errors.CheckViolation, match="not in the log"), log.transaction():
        cut(log, 400, 50)
