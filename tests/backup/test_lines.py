"""Anchors and tombstones of a backup beside those on the disk: the newest counts, and no deletion is lost."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from audit.anchors import Anchor
from backup.lines import Meeting, anchors_until, chunks_in, put_anchors, put_tombstones, whole_lines
from backup.refused import Refused
from retention import ledger
from retention.ledger import GENESIS, Torn


def anchor(seq: int, previous: Anchor | None = None) -> Anchor:
    first, before = (previous.seq + 1, previous.digest) if previous else (1, GENESIS)
    return Anchor(seq=seq, hash="a" * 64, first=first, root="b" * 64, at=seq, previous=before, key="c", signature="d")


def file_of(*anchors: Anchor) -> bytes:
    return b"".join(one.line() + b"\n" for one in anchors)


FIRST = anchor(10)
SECOND = anchor(20, FIRST)
THIRD = anchor(30, SECOND)


def test_a_backup_takes_the_anchors_that_its_log_fits_to() -> None:
    text = file_of(FIRST, SECOND, THIRD)
    assert anchors_until(25, text) == (file_of(FIRST, SECOND), SECOND)
    assert anchors_until(9, text) == (b"", None)
    with pytest.raises(Refused, match="cannot be read"):
        anchors_until(9, b"{}\n")


def test_a_line_that_nobody_finished_is_none(tmp_path: Path) -> None:
    (tmp_path / "lines").write_bytes(b"one\ntwo")
    assert whole_lines(tmp_path / "lines") == b"one\n"
    assert whole_lines(tmp_path / "nowhere") == b""


@pytest.mark.parametrize(
    ("here", "there", "met", "left"),
    [
        ((), (FIRST,), Meeting.NEWER_THERE, (FIRST,)),
        ((FIRST,), (FIRST,), Meeting.SAME, (FIRST,)),
        ((FIRST,), (FIRST, SECOND), Meeting.NEWER_THERE, (FIRST, SECOND)),
        ((FIRST, SECOND), (FIRST,), Meeting.NEWER_HERE, (FIRST, SECOND)),
        ((FIRST, anchor(21, FIRST)), (FIRST, SECOND), Meeting.APART, (FIRST, anchor(21, FIRST))),
    ],
)
def test_newer_anchors_stay(here: Any, there: Any, met: Meeting, left: Any, settings: Any) -> None:
    settings.ANCHORS.write_bytes(file_of(*here))
    assert put_anchors(file_of(*there), settings.ANCHORS, aside=None) is met
    assert settings.ANCHORS.read_bytes() == file_of(*left)


def test_newer_anchors_give_way_where_that_is_asked_for_and_are_kept(settings: Any, own_places: Path) -> None:
    settings.ANCHORS.write_bytes(file_of(FIRST, SECOND))
    aside = own_places / "aside.jsonl"
    put_anchors(file_of(FIRST), settings.ANCHORS, aside=aside)
    assert (aside.read_bytes(), settings.ANCHORS.read_bytes()) == (file_of(FIRST, SECOND), file_of(FIRST))


def bury(*chunks: tuple[str, tuple[str, ...]], known: int = 0) -> bytes:
    """Write tombstones as sweeps do. Return the file."""
    for kind, ids in chunks:
        ledger.close(ledger.mean(kind, ids, known=known), committed=True)
    return whole_lines(ledger._file())


def deleted() -> set[tuple[str, str]]:
    return {(line.kind, pk) for line in ledger.tombstones() for pk in line.ids}


def test_a_lost_file_of_tombstones_is_the_backups_again(settings: Any) -> None:
    backup = bury(("chats", ("1", "2")), ("files", ("3",)))
    settings.TOMBSTONES.unlink()
    assert put_tombstones(backup, settings.TOMBSTONES).met is Meeting.NEWER_THERE
    assert settings.TOMBSTONES.read_bytes() == backup


def test_tombstones_that_go_on_from_the_backups_stay_as_they_are(settings: Any) -> None:
    backup = bury(("chats", ("1",)))
    newer = bury(("chats", ("2",)))
    assert put_tombstones(backup, settings.TOMBSTONES).met is Meeting.NEWER_HERE
    assert settings.TOMBSTONES.read_bytes() == newer


def test_tombstones_that_parted_become_one_file_of_all_deletions(settings: Any) -> None:
    backup = bury(("chats", ("1", "2")), ("files", ("3",)))
    settings.TOMBSTONES.unlink()
    bury(("chats", ("2", "9")))
    before = ledger.reached()
    buried = put_tombstones(backup, settings.TOMBSTONES)
    assert (buried.met, buried.added) == (Meeting.APART, 2)
    assert deleted() == {("chats", "1"), ("chats", "2"), ("chats", "9"), ("files", "3")}
    assert ledger.reached() > max(before, 2), "a database that knows either file is behind this one"
    assert put_tombstones(backup, settings.TOMBSTONES).added == 0


def test_chunks_that_never_committed_are_not_deleted_again(settings: Any) -> None:
    ledger.close(ledger.mean("chats", ("1",), known=0), committed=False)
    ledger.mean("chats", ("2",), known=0)  # a process died around its commit: what was due then is due
    assert [line.ids for line in chunks_in(whole_lines(settings.TOMBSTONES))] == [("2",)]


def test_a_line_that_was_cut_off_hides_no_chunk_that_is_open(settings: Any) -> None:
    ledger.close(ledger.mean("chats", ("1",), known=0), committed=True)
    settings.TOMBSTONES.write_bytes(settings.TOMBSTONES.read_bytes()[:-1])  # "done" never came to its end
    assert deleted() == {("chats", "1")}


def test_tombstones_that_were_changed_are_told_by_their_line(settings: Any) -> None:
    data = bury(("chats", ("1",)), ("chats", ("2",)))
    with pytest.raises(Torn, match="Line 2 of the tombstones does not follow"):
        list(chunks_in(data.replace(b'"1"', b'"7"', 1)))
    with pytest.raises(Torn, match="Line 1 of the tombstones is none"):
        list(chunks_in(b"{}\n"))


def test_an_anchor_is_what_the_audit_log_writes() -> None:
    assert asdict(FIRST)["v"] == 1
    assert anchors_until(10, file_of(FIRST))[1] == FIRST
