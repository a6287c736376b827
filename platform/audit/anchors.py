"""Anchors: the head of the chain, signed, in an append-only file outside the database, and wherever else it is told.

An anchor is one line of JSON. It names the head (`seq`, `hash`), the Merkle root over the entries since the anchor
before it (`from` to `seq`), the time, and the hash of the line before it: whoever rewrites the log must forge them all.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from audit.entry import GENESIS
from audit.merkle import Tree
from audit.reading import Connection, Ends, ends_of, hashes_of
from audit.signing import Signer, is_signed

VERSION = 1


class CannotAnchor(Exception):
    """The log does not go on from where the last anchor was made; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """One signed head. `first` to `seq` are the entries under `root`; `at` is in microseconds since 1970."""

    seq: int
    hash: str
    first: int
    root: str
    at: int
    previous: str
    key: str
    signature: str = ""
    v: int = VERSION

    def signed_bytes(self) -> bytes:
        """Return what the signature covers: everything but itself, in canonical JSON."""
        return canonical({name: value for name, value in asdict(self).items() if name != "signature"})

    def line(self) -> bytes:
        """Return the anchor as it stands in the file, without the line feed."""
        return canonical(asdict(self))

    @property
    def digest(self) -> str:
        """The hash by which the next anchor names this one."""
        return hashlib.sha256(self.line()).hexdigest()


def canonical(value: dict[str, Any]) -> bytes:
    """Return JSON with sorted keys and no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def parse(line: bytes) -> Anchor:
    """Read one line. Raises ValueError."""
    try:
        anchor = Anchor(**json.loads(line))
    except TypeError as error:
        raise ValueError("A line is no anchor.") from error
    if anchor.line() != line:
        raise ValueError("A line is not in the canonical form.")
    return anchor


def anchors_in(file: Path) -> list[Anchor]:
    """Return the anchors of a file, the oldest first. Raises ValueError with the number of a line that is none."""
    found = []
    whole = file.read_bytes().rpartition(b"\n")[0] if file.exists() else b""
    for number, line in enumerate(whole.splitlines(), start=1):
        try:
            found.append(parse(line))
        except ValueError as error:
            raise ValueError(f"Line {number} of {file.name}: {error}") from error
    return found


def flaw_in(anchors: list[Anchor], keys: frozenset[str]) -> str:
    """Return what is wrong among the anchors themselves, or nothing.

    Each names the one before it by its hash, so that a signature covers all anchors up to its own: of each key the
    last signature is checked, and the last of all.
    """
    previous, reached = GENESIS, anchors[0].first - 1 if anchors else 0
    for anchor in anchors:
        if anchor.previous != previous or anchor.first != reached + 1 or anchor.seq < anchor.first:
            return f"The anchor at {anchor.seq} does not follow the one before it."
        previous, reached = anchor.digest, anchor.seq
    last_of_key = {anchor.key: anchor for anchor in anchors}
    for anchor in last_of_key.values():
        if keys and anchor.key not in keys:
            return f"The anchor at {anchor.seq} is signed with a key that is not this installation's."
        if not is_signed(anchor.signed_bytes(), anchor.signature, anchor.key):
            return f"The anchor at {anchor.seq} has a false signature."
    return ""


@contextmanager
def appending(file: Path) -> Iterator[int]:
    """Hold the file open for appending, one process at a time."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def last_in(file: Path) -> Anchor | None:
    """Return the last anchor of a file. Raises ValueError where its last line is none."""
    with file.open("rb+") as stream:
        start = max(0, stream.seek(0, os.SEEK_END) - 4096)
        stream.seek(start)
        whole, _, torn = stream.read().rpartition(b"\n")
        if torn:  # the machine stopped in the middle of a line: it was never an anchor
            stream.truncate(start + len(whole) + bool(whole))
    return parse(whole.splitlines()[-1]) if whole else None


def make(connection: Connection, *, now: datetime, file: Path | None = None) -> Anchor | None:
    """Sign the head and append it. Return the anchor, or None where nothing was written since the last.

    Raises CannotAnchor where the log is not what the last anchor says, OSError where the file cannot be written.
    """
    signer, file = Signer(), file or Path(settings.ANCHORS)
    with appending(file) as descriptor:
        last, ends = last_in(file), ends_of(connection)
        if ends is None:
            raise CannotAnchor("The head of the log is missing.")
        reached = last.seq if last else ends.first_seq - 1
        if ends.seq < reached:
            raise CannotAnchor(f"Anchors reach {reached}, the log ends at {ends.seq}.")
        _check_last(connection, last)
        if ends.seq == reached:
            return None
        root = _root(connection, reached, ends)
        fresh = Anchor(
            seq=ends.seq,
            hash=ends.hash,
            first=reached + 1,
            root=root,
            at=int(now.timestamp() * 1_000_000),
            previous=last.digest if last else GENESIS,
            key=signer.public,
        )
        anchor = Anchor(**asdict(fresh) | {"signature": signer.sign(fresh.signed_bytes())})
        os.write(descriptor, anchor.line() + b"\n")
        os.fsync(descriptor)
    return anchor


def _check_last(connection: Connection, last: Anchor | None) -> None:
    """Raise CannotAnchor where the entry at the last anchor has another hash. Pruned entries have none."""
    if last is not None:
        for _, digest in hashes_of(connection, after=last.seq - 1, to=last.seq):
            if digest != last.hash:
                raise CannotAnchor(f"Entry {last.seq} is not the one that was anchored.")


def _root(connection: Connection, reached: int, ends: Ends) -> str:
    """Return the Merkle root over the entries behind `reached`, up to the head."""
    tree, digest = Tree(), ""
    for seq, digest in hashes_of(connection, after=reached, to=ends.seq):
        if seq != reached + tree.size + 1:
            break
        tree.add(bytes.fromhex(digest))
    if reached + tree.size != ends.seq:
        raise CannotAnchor(f"Entry {reached + tree.size + 1} is missing.")
    if digest != ends.hash:
        raise CannotAnchor(f"Entry {ends.seq} is not the one that the head names.")
    return tree.root.hex()
