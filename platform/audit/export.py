"""Entries for somebody else's eyes, with what it takes to check them without Hearth.

An export is a folder: `entries.jsonl` (one entry a line), `anchors.jsonl` (the anchors that cover them, with those
before, back to the first), `manifest.json` (what is in it, and the hash of both files) and `manifest.sig`. A proof is
one JSON object: an entry, its place under an anchor, and the anchor. `tools/verify_audit_export.py` checks either.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from audit.anchors import Anchor, canonical
from audit.entry import GENESIS, micros
from audit.merkle import path_of
from audit.models import Entry
from audit.reading import CHUNK, Connection, Row, ends_of, hashes_of, rows_of
from audit.sealing import Facts, Seal

VERSION = 1


class NotThere(Exception):
    """What should be exported is not there, or not yet covered by an anchor; the message is a sentence."""


def line_of(row: Row) -> dict[str, Any]:
    """Return an entry as an export says it: `at` in microseconds since 1970, `body` as the text that is hashed."""
    seq, microseconds, prev, digest, body = row
    return {"seq": seq, "at": microseconds, "prev": prev, "hash": digest, "body": body}


def parts_of(
    connection: Connection, anchors: list[Anchor], *, first: int = 1, last: int | None = None, seal: Seal
) -> Iterator[tuple[str, bytes]]:
    """Yield an export of the entries from `first` to `last` (all), piece by piece, each with its file's name.

    The pieces of one file follow each other. Raises NotThere, and what `seal` raises.
    """
    ends = ends_of(connection)
    if ends is None or ends.seq == ends.first_seq - 1:
        raise NotThere(_("The log is empty."))
    first, last = max(first, ends.first_seq), min(last or ends.seq, ends.seq)
    digest, count, prev, end = hashlib.sha256(), 0, GENESIS, ""
    for rows in rows_of(connection, after=first - 1, to=last):
        piece = lines_of(rows)
        digest.update(piece)
        prev, end, count = prev if count else rows[0][2], rows[-1][3], count + len(rows)
        yield "entries.jsonl", piece
    if not count:
        raise NotThere(_("There are no entries from %(first)s to %(last)s.") % {"first": first, "last": last})
    facts = {"first": first, "last": last, "entries": count, "first_prev": prev, "last_hash": end, "head": ends.seq}
    yield from _closing(facts, digest.hexdigest(), anchors, seal)


def selected(
    entries: QuerySet[Entry], anchors: list[Anchor], *, filters: Mapping[str, object], seal: Seal
) -> Iterator[tuple[str, bytes]]:
    """Yield an export of those entries alone, likewise. The manifest holds the filters by which they were chosen."""
    digest, count, first, last = hashlib.sha256(), 0, 0, 0
    while chunk := list(entries.filter(seq__gt=last).order_by("seq")[:CHUNK]):
        piece = lines_of((entry.seq, micros(entry.at), entry.prev, entry.hash, entry.body) for entry in chunk)
        digest.update(piece)
        first, last, count = first or chunk[0].seq, chunk[-1].seq, count + len(chunk)
        yield "entries.jsonl", piece
    facts = {"first": first, "last": last, "entries": count, "filters": dict(filters)}
    yield from _closing(facts, digest.hexdigest(), anchors, seal)


def _closing(facts: Facts, digest: str, anchors: list[Anchor], seal: Seal) -> Iterator[tuple[str, bytes]]:
    """Yield what stands behind the entries: anchors, the manifest, its signature."""
    kept = [anchor for anchor in anchors if anchor.first <= facts["last"]]
    of_anchors = hashlib.sha256()
    for start in range(0, max(1, len(kept)), CHUNK):
        piece = b"".join(anchor.line() + b"\n" for anchor in kept[start : start + CHUNK])
        of_anchors.update(piece)
        yield "anchors.jsonl", piece
    digests = {"entries.jsonl": digest, "anchors.jsonl": of_anchors.hexdigest()}
    text, signature = seal(facts | {"sha256": digests})
    yield "manifest.json", text
    yield "manifest.sig", (signature + "\n").encode()


def write(
    connection: Connection,
    folder: Path,
    anchors: list[Anchor],
    *,
    first: int = 1,
    last: int | None = None,
    seal: Seal,
) -> dict[str, Any]:
    """Write the entries from `first` to `last` (all) into this folder. Return the manifest. Raises as `parts_of`."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = parts_of(connection, anchors, first=first, last=last, seal=seal)
    for name, pieces in groupby(parts, key=itemgetter(0)):
        with (folder / name).open("wb") as out:
            out.writelines(piece for _, piece in pieces)
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    return manifest


def lines_of(rows: Iterable[Row]) -> bytes:
    """Return these entries as lines of an export."""
    return b"".join(canonical(line_of(row)) + b"\n" for row in rows)


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
            raise NotThere(
                _("Entries next to %(mine)s are cut: it can be proved by an export alone.") % {"mine": mine[0]}
            )
        for seq in mine:
            (row,) = _rows(connection, seq, seq)
            yield _proof(row, anchor, hashes)
    if wanted:
        raise NotThere(
            _("No anchor covers entry %(wanted)s yet; one is made every ten minutes.") % {"wanted": wanted[0]}
        )


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
