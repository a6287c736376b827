"""Whether the log is what it was: the chain, the head, the anchors. Names the first entry that is not."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from audit.anchors import Anchor, flaw_in
from audit.merkle import Tree
from audit.reading import Connection, Ends, Row, ends_of, rows_of

GUARDS = """
SELECT (SELECT count(*) FROM pg_trigger WHERE tgrelid = 'audit_entry'::regclass AND tgenabled IN ('O', 'A')
        AND tgname IN ('audit_chain', 'audit_refuse')),
       (SELECT count(*) FROM pg_attribute WHERE attrelid = 'audit_entry'::regclass AND attgenerated = 's')
"""
Progress = Callable[[int], object]


def _silent(reached: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `entries` were checked, `anchors` fit; `bad_seq` is the first entry that is not sound."""

    sound: bool
    entries: int
    first: int
    last: int
    anchors: int
    unanchored: int
    bad_seq: int | None
    sentence: str


class Unsound(Exception):
    """Something does not fit: the entry's number where one can be named, and a sentence."""

    def __init__(self, seq: int | None, sentence: str) -> None:
        super().__init__(sentence)
        self.seq, self.sentence = seq, sentence


def verify(
    connection: Connection, anchors: list[Anchor], *, keys: frozenset[str] = frozenset(), progress: Progress = _silent
) -> Verdict:
    """Check the whole log against its head and these anchors, signed with one of these keys (none: with any).

    Where the beginning is cut off while this runs, it begins anew.
    """
    ends = ends_of(connection)
    walk = Walk(anchors, ends)
    try:
        if flaw := flaw_in(anchors, keys):
            raise Unsound(None, flaw)
        _check_guards(connection)
        for rows in rows_of(connection, after=0):
            walk.over(rows)
            progress(walk.reached)
        last = ends_of(connection)
        for rows in rows_of(connection, after=walk.reached, to=last.seq if last else None):
            walk.over(rows)  # what was written meanwhile
        walk.end(last)
    except Unsound as found:
        again = ends_of(connection)
        if ends and again and again.first_seq != ends.first_seq:
            return verify(connection, anchors, keys=keys, progress=progress)
        return walk.verdict(found)
    return walk.verdict(None)


def _check_guards(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute(GUARDS)
        triggers, generated = cursor.fetchone()
    if triggers != 2 or generated != 5:
        raise Unsound(None, "The table's triggers or generated columns are not as Hearth made them.")


class Walk:
    """One way through the chain: what must come next, and which anchor is due."""

    def __init__(self, anchors: list[Anchor], ends: Ends | None) -> None:
        self.ends = ends
        self.first = ends.first_seq if ends else 1
        self.reached, self.hash = self.first - 1, ends.first_prev if ends else ""
        self.all = anchors
        self.due = deque(anchor for anchor in anchors if anchor.seq >= self.first)
        self.tree = Tree()
        self.fitting, self.checked = 0, 0
        self.anchored = self.first - 1

    def over(self, rows: list[Row]) -> None:
        """Check the next entries. Raises Unsound at the first that does not fit."""
        if self.ends is None:
            raise Unsound(None, "The head of the log is missing.")
        if not self.checked:
            self._check_beginning()
        prev, expected, due = self.hash, self.reached + 1, self._due_seq()
        digest, tree = sha256, self.tree
        for seq, microseconds, claimed_prev, claimed, body in rows:
            if seq != expected:
                raise self._gap(expected, seq)
            made = digest(f"{prev}\n{seq}\n{microseconds}\n{body}".encode())
            if claimed_prev != prev or claimed != made.hexdigest():
                raise Unsound(seq, f"Entry {seq} is not what was written.")
            prev, expected = claimed, seq + 1
            self.reached, self.hash, self.checked = seq, claimed, self.checked + 1
            if due is not None:
                tree.add(made.digest())
                if seq == due:
                    self._check_anchor()
                    due, tree = self._due_seq(), self.tree

    def _due_seq(self) -> int | None:
        return self.due[0].seq if self.due else None

    def _gap(self, expected: int, seq: int) -> Unsound:
        if seq < expected:
            return Unsound(seq, f"Entry {seq} stands before the beginning of the log.")
        return Unsound(expected, f"Entry {expected} is missing.")

    def _check_beginning(self) -> None:
        """A log that was cut begins behind an anchor."""
        if self.first == 1 or not self.all:
            return
        if not any(anchor.seq == self.first - 1 and anchor.hash == self.hash for anchor in self.all):
            raise Unsound(self.first, f"The log begins with entry {self.first}, and no anchor covers that cut.")

    def _check_anchor(self) -> None:
        anchor = self.due.popleft()
        whole = anchor.first == self.anchored + 1  # else the entries under it are cut in part
        if anchor.hash != self.hash or (whole and anchor.root != self.tree.root.hex()):
            since = max(self.first, self.anchored + 1)
            raise Unsound(anchor.seq, f"Entry {anchor.seq}, or one from {since} on, is not what was anchored.")
        self.fitting, self.anchored, self.tree = self.fitting + 1, anchor.seq, Tree()

    def end(self, ends: Ends | None) -> None:
        """Check the end, which was read before the last entries were. Raises Unsound."""
        if ends is None:
            raise Unsound(None, "The head of the log is missing.")
        if self.due:
            raise Unsound(self.reached + 1, f"Anchors reach {self.due[-1].seq}, the log ends at {self.reached}.")
        if ends.seq < self.reached:
            raise Unsound(ends.seq + 1, f"Entry {ends.seq + 1} stands behind the head.")
        if ends.seq > self.reached:
            raise Unsound(self.reached + 1, f"The head is at {ends.seq}, the log ends at {self.reached}.")
        if ends.hash != self.hash:
            raise Unsound(ends.seq, f"Entry {ends.seq} is not the one that the head names.")

    def verdict(self, found: Unsound | None) -> Verdict:
        """Return what was found, as a sentence."""
        unanchored = self.reached - self.anchored
        sentence = found.sentence if found else f"Sound: entries {self.first} to {self.reached}, {self.fitting} anchors"
        if found is None:
            sentence += f", {unanchored} entries since the last." if self.fitting else "; the chain alone was checked."
        return Verdict(
            sound=found is None,
            entries=self.checked,
            first=self.first,
            last=self.reached,
            anchors=self.fitting,
            unanchored=unanchored,
            bad_seq=found.seq if found else None,
            sentence=sentence,
        )
