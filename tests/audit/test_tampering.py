"""A superuser changes the log behind everybody's back; the verification names the first entry that is not sound."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from chains import Connection, body_of, link, micros, rewrite, untriggered, write

from audit import anchors
from audit.anchors import CannotAnchor, anchors_in
from audit.verifying import Verdict, verify

pytestmark = pytest.mark.django_db  # only so that the database is made
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
Tamper = Callable[[Connection], None]


@pytest.fixture
def log(superuser: Connection, anchors_file: Path) -> Connection:
    """Thirty entries, with anchors at ten and twenty."""
    for _ in range(2):
        write(superuser, 10)
        anchors.make(superuser, now=NOW, file=anchors_file)
    write(superuser, 10)
    return superuser


def judged(log: Connection, file: Path) -> Verdict:
    return verify(log, anchors_in(file))


def test_what_nobody_touched_is_sound(log: Connection, anchors_file: Path) -> None:
    verdict = judged(log, anchors_file)
    assert (verdict.sound, verdict.entries, verdict.anchors, verdict.unanchored) == (True, 30, 2, 10)
    assert verdict.sentence == "Sound: entries 1 to 30, 2 anchors, 10 entries since the last."


def run(*statements: str) -> Tamper:
    def tamper(log: Connection) -> None:
        for statement in statements:
            log.execute(statement)

    return tamper


def insert(log: Connection) -> None:
    """Put a well-formed entry behind the last, past the head."""
    row = log.execute("SELECT hash FROM audit_entry WHERE seq = 30").fetchone()
    assert row is not None
    made = link(row[0], 31, micros(NOW), body_of())
    values = (31, NOW, row[0], made, body_of())
    log.execute("INSERT INTO audit_entry (seq, at, prev, hash, body) VALUES (%s, %s, %s, %s, %s)", values)


SWAP = """
UPDATE audit_entry AS one SET body = other.body FROM audit_entry AS other
WHERE (one.seq, other.seq) IN ((25, 26), (26, 25))
"""


@pytest.mark.parametrize(
    ("tamper", "bad_seq", "sentence"),
    [
        (run("UPDATE audit_entry SET body = replace(body, 't3', 't4') WHERE seq = 4"), 4, "is not what was written"),
        (run("UPDATE audit_entry SET body = body || ' ' WHERE seq = 27"), 27, "is not what was written"),
        (run("UPDATE audit_entry SET at = at + interval '1 us' WHERE seq = 14"), 14, "is not what was written"),
        (run("UPDATE audit_entry SET hash = repeat('a', 64) WHERE seq = 30"), 30, "is not what was written"),
        (run("UPDATE audit_entry SET prev = repeat('a', 64) WHERE seq = 22"), 22, "is not what was written"),
        (run(SWAP), 25, "is not what was written"),
        (run("DELETE FROM audit_entry WHERE seq = 12"), 12, "Entry 12 is missing"),
        (run("DELETE FROM audit_entry WHERE seq <= 5"), 1, "Entry 1 is missing"),
        (run("DELETE FROM audit_entry WHERE seq > 28"), 29, "The head is at 30, the log ends at 28"),
        (run("DELETE FROM audit_entry WHERE seq > 15"), 16, "Anchors reach 20, the log ends at 15"),
        (run("DELETE FROM audit_entry"), 1, "Anchors reach 20, the log ends at 0"),
        (insert, 31, "Entry 31 stands behind the head"),
        (run("UPDATE audit_head SET hash = repeat('a', 64)"), 30, "is not the one that the head names"),
        (run("UPDATE audit_head SET first_seq = 3"), 3, "no anchor covers that cut"),
        (run("DELETE FROM audit_head"), None, "The head of the log is missing"),
        (run("ALTER TABLE audit_entry DISABLE TRIGGER audit_chain"), None, "triggers"),
        (run("ALTER TABLE audit_entry ALTER COLUMN verb DROP EXPRESSION"), None, "generated columns"),
    ],
)
def test_a_change_is_found(
    log: Connection, anchors_file: Path, tamper: Tamper, bad_seq: int | None, sentence: str
) -> None:
    with untriggered(log):
        tamper(log)
    verdict = judged(log, anchors_file)
    assert not verdict.sound
    assert verdict.bad_seq == bad_seq
    assert sentence in verdict.sentence


def restore(log: Connection, to: int) -> None:
    """Bring back the database as it was at an entry, as an older backup would."""
    with untriggered(log):
        log.execute("DELETE FROM audit_entry WHERE seq > %s", [to])
        log.execute("UPDATE audit_head SET seq = %s, hash = (SELECT hash FROM audit_entry WHERE seq = %s)", [to, to])


def test_an_older_backup_is_a_rollback(log: Connection, anchors_file: Path) -> None:
    restore(log, 17)
    assert judged(log, anchors_file).sentence == "Anchors reach 20, the log ends at 17."
    with pytest.raises(CannotAnchor, match="Anchors reach 20, the log ends at 17"):
        anchors.make(log, now=NOW, file=anchors_file)


def test_what_is_written_after_a_rollback_hides_nothing(log: Connection, anchors_file: Path) -> None:
    restore(log, 17)
    write(log, 20, actor="somebody else")
    verdict = judged(log, anchors_file)
    assert (verdict.sound, verdict.bad_seq) == (False, 20)
    with pytest.raises(CannotAnchor, match="Entry 20 is not the one that was anchored"):
        anchors.make(log, now=NOW, file=anchors_file)


def test_a_chain_that_is_rewritten_consistently_does_not_fit_its_anchors(log: Connection, anchors_file: Path) -> None:
    rewrite(log, lambda seq, body: body.replace("t3", "t9") if seq == 4 else body)
    assert verify(log, []).sound, "the chain alone cannot tell"
    verdict = judged(log, anchors_file)
    assert (verdict.sound, verdict.bad_seq) == (False, 10)
    assert "Entry 10, or one from 1 on, is not what was anchored." in verdict.sentence


def test_forged_anchors_are_found(log: Connection, anchors_file: Path, tmp_path: Path, settings: object) -> None:
    own = frozenset({anchors_in(anchors_file)[0].key})
    rewrite(log, lambda seq, body: body.replace("t3", "t9"))
    settings.ANCHOR_KEY = tmp_path / "thiefs_key"  # type: ignore[attr-defined]
    forged = tmp_path / "forged.jsonl"
    anchors.make(log, now=NOW, file=forged)
    assert verify(log, anchors_in(forged)).sound
    assert "signed with a key that is not this installation's" in verify(log, anchors_in(forged), keys=own).sentence


@pytest.mark.parametrize("old_new", [(b'"seq":20', b'"seq":19'), (b'"at":1', b'"at":2'), (b'"root":"', b'"root":"0')])
def test_a_changed_line_of_anchors_is_found(log: Connection, anchors_file: Path, old_new: tuple[bytes, bytes]) -> None:
    lines = anchors_file.read_bytes().splitlines()
    anchors_file.write_bytes(lines[0] + b"\n" + lines[1].replace(*old_new) + b"\n")
    assert not judged(log, anchors_file).sound


@pytest.mark.parametrize("left", [slice(1, None), slice(None, None, -1)])
def test_anchors_taken_away_or_swapped_are_found(log: Connection, anchors_file: Path, left: slice) -> None:
    lines = anchors_file.read_bytes().splitlines()
    anchors_file.write_bytes(b"\n".join(lines[left]) + b"\n")
    assert "does not follow the one before it" in judged(log, anchors_file).sentence
