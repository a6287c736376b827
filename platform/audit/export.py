"""Entries for somebody else's eyes, with what it takes to check them without Hearth.

An export is a folder: `entries.jsonl` (one entry a line), `anchors.jsonl` (the anchors that cover them, with those
before, back to the first), `manifest.json` (what is in it, and the hash of both files) and `manifest.sig`. A proof is
one JSON object: an entry, its place under an anchor, and the anchor. `tools/verify_audit_export.py` checks either.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from audit.anchors import Anchor, canonical
from audit.entry import GENESIS
from audit.merkle import path_of
from audit.reading import Connection, Row, ends_of, hashes_of, rows_of
from audit.signing import Signer

VERSION = 1


class NotThere(Exception):
    """What should be exported is not there, or not yet covered by an anchor; the message is a sentence."""


def line_of(row: Row) -> dict[str, Any]:
    """Return an entry as an export says it: `at` in microseconds since 1970, `body` as the text that is hashed."""
    seq, microseconds, prev, digest, body = row
    return {"seq": seq, "at": microseconds, "prev": prev, "hash": digest, "body": body}


def write(
    connection: Connection,
    folder: Path,
    anchors: list[Anchor],
    *,
    first: int = 1,
    last: int | None = None,
    now: datetime,
) -> dict[str, Any]:
    """Write the entries from `first` to `last` (all) into this folder. Return the manifest. Raises NotThere."""
    folder.mkdir(parents=True, exist_ok=True)
    ends = ends_of(connection)
    if ends is None or ends.seq == ends.first_seq - 1:
        raise NotThere("The log is empty.")
    first, last = max(first, ends.first_seq), min(last or ends.seq, ends.seq)
    digest, count, prev, end = hashlib.sha256(), 0, GENESIS, ""
    with (folder / "entries.jsonl").open("wb") as out:
        for row in _rows(connection, first, last):
            line = canonical(line_of(row)) + b"\n"
            out.write(line)
            digest.update(line)
            prev, end, count = row[2] if not count else prev, row[3], count + 1
    if not count:
        raise NotThere(f"There are no entries from {first} to {last}.")
    kept = b"".join(anchor.line() + b"\n" for anchor in anchors if anchor.first <= last)
    (folder / "anchors.jsonl").write_bytes(kept)
    signer = Signer()
    manifest = {
        "v": VERSION,
        "made_at": int(now.timestamp() * 1_000_000),
        "first": first,
        "last": last,
        "entries": count,
        "first_prev": prev,
        "last_hash": end,
        "head": ends.seq,
        "sha256": {"entries.jsonl": digest.hexdigest(), "anchors.jsonl": hashlib.sha256(kept).hexdigest()},
        "key": signer.public,
    }
    text = canonical(manifest)
    (folder / "manifest.json").write_bytes(text)
    (folder / "manifest.sig").write_text(signer.sign(text) + "\n")
    return manifest


def _rows(connection: Connection, first: int, last: int) -> Iterator[Row]:
    for rows in rows_of(connection, after=first - 1, to=last):
        yield from rows


def proofs_of(connection: Connection, seqs: list[int], anchors: list[Anchor]) -> Iterator[dict[str, Any]]:
    """Yield a proof for each of these entries, the oldest first. Raises NotThere for one that has none."""
    wanted = sorted(set(seqs))
    for anchor in anchors:
        mine = [seq for seq in wanted if anchor.first <= seq <= anchor.seq]
        if not mine:
            continue
        wanted = [seq for seq in wanted if seq > anchor.seq]
        hashes = [bytes.fromhex(digest) for _, digest in hashes_of(connection, after=anchor.first - 1, to=anchor.seq)]
        if len(hashes) != anchor.seq - anchor.first + 1:
            raise NotThere(f"Entries next to {mine[0]} are cut: it can be proved by an export alone.")
        for seq in mine:
            (row,) = _rows(connection, seq, seq)
            yield _proof(row, anchor, hashes)
    if wanted:
        raise NotThere(f"No anchor covers entry {wanted[0]} yet; one is made every ten minutes.")


def _proof(row: Row, anchor: Anchor, hashes: list[bytes]) -> dict[str, Any]:
    index = row[0] - anchor.first
    return {
        "v": VERSION,
        "entry": line_of(row),
        "index": index,
        "size": len(hashes),
        "path": [step.hex() for step in path_of(hashes, index)],
        "anchor": asdict(anchor),
    }


def as_text(proof: dict[str, Any]) -> str:
    """Return a proof as it is printed."""
    return json.dumps(proof, ensure_ascii=False, indent=1)
