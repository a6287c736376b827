#!/usr/bin/env python3
"""Check an export of Hearth's audit log, or the proof of one entry, with nothing but Python 3.10 or newer.

    python3 verify_audit_export.py FOLDER --key 64-HEX-DIGITS
    python3 verify_audit_export.py PROOF.json --key 64-HEX-DIGITS

The key is the public half of the installation's anchor key. Get it another way than with the export: whoever could
forge the one could forge the other. Ends with 0 and a sentence where all is sound, else with 1 and the first flaw.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

GENESIS = "0" * 64
Point = tuple[int, int, int, int]


class Flaw(Exception):
    """What is wrong, as a sentence."""


# Ed25519 as RFC 8032 describes it (5.1), the verifying half. Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add(a: Point, b: Point) -> Point:
    """Return the sum of two points."""
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    i, j, k, m = f - e, h - g, h + g, f + e
    return (i * j % P, k * m % P, j * k % P, i * m % P)


def times(n: int, point: Point) -> Point:
    """Return the point added to itself n times."""
    total: Point = (0, 1, 1, 0)
    while n:
        if n & 1:
            total = add(total, point)
        point = add(point, point)
        n >>= 1
    return total


def x_of(y: int, odd: int) -> int | None:
    """Return the x of a point with this y, the odd or the even one, or None where there is none."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if odd else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != odd else x


def point_of(data: bytes) -> Point | None:
    """Return the point of its 32 bytes, or None."""
    number = int.from_bytes(data, "little")
    y = number & (2**255 - 1)
    x = x_of(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = x_of(BASE_Y, 0) or 0
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def is_signed(data: bytes, signature: bytes, public: bytes) -> bool:
    """Whether the owner of this public key has signed these bytes."""
    if len(signature) != 64 or len(public) != 32:
        return False
    a, r = point_of(public), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + data).digest(), "little") % ORDER
    left, right = times(s, BASE), add(r, times(k, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# The log's own forms, as docs/audit.md describes them.


def canonical(value: dict[str, Any]) -> bytes:
    """Return JSON with sorted keys and no spaces, in UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hash_of(entry: dict[str, Any]) -> str:
    """Return the hash that an entry must have."""
    text = f"{entry['prev']}\n{entry['seq']}\n{entry['at']}\n{entry['body']}"
    return hashlib.sha256(text.encode()).hexdigest()


def check_signature(anchor: dict[str, Any], key: str) -> None:
    """Raise Flaw where this key has not signed the anchor."""
    signed = {name: value for name, value in anchor.items() if name != "signature"}
    if anchor["key"] != key:
        raise Flaw(f"The anchor at {anchor['seq']} is signed with another key, {anchor['key']}.")
    if not is_signed(canonical(signed), bytes.fromhex(anchor["signature"]), bytes.fromhex(key)):
        raise Flaw(f"The anchor at {anchor['seq']} has a false signature.")


class Tree:
    """A Merkle tree (RFC 6962) that grows leaf by leaf."""

    def __init__(self) -> None:
        self.perfect: list[tuple[int, bytes]] = []

    def add(self, digest: str) -> None:
        """Put one entry's hash behind the others."""
        height, fresh = 0, hashlib.sha256(b"\x00" + bytes.fromhex(digest)).digest()
        while self.perfect and self.perfect[-1][0] == height:
            fresh = hashlib.sha256(b"\x01" + self.perfect.pop()[1] + fresh).digest()
            height += 1
        self.perfect.append((height, fresh))

    def root(self) -> str:
        """Return the root over all leaves, of which there is one at least."""
        above = self.perfect[-1][1]
        for _, left in reversed(self.perfect[:-1]):
            above = hashlib.sha256(b"\x01" + left + above).digest()
        return above.hex()


def root_from(proof: dict[str, Any]) -> str | None:
    """Return the root that a proof's path leads to, or None where the path has another length."""
    above = hashlib.sha256(b"\x00" + bytes.fromhex(proof["entry"]["hash"])).digest()
    index, last, steps = proof["index"], proof["size"] - 1, [bytes.fromhex(step) for step in proof["path"]]
    while last > 0:
        if index % 2 or index < last:
            if not steps:
                return None
            step = steps.pop(0)
            above = hashlib.sha256(b"\x01" + (step + above if index % 2 else above + step)).digest()
        index, last = index // 2, last // 2
    return None if steps else above.hex()


def check_proof(proof: dict[str, Any], key: str) -> str:
    """Check one entry's proof. Raises Flaw."""
    entry, anchor = proof["entry"], proof["anchor"]
    if hash_of(entry) != entry["hash"]:
        raise Flaw(f"Entry {entry['seq']} is not what was written.")
    check_signature(anchor, key)
    place = proof["index"] == entry["seq"] - anchor["first"] and proof["size"] == anchor["seq"] - anchor["first"] + 1
    if not place or not 0 <= proof["index"] < proof["size"] or root_from(proof) != anchor["root"]:
        raise Flaw(f"The anchor at {anchor['seq']} does not cover entry {entry['seq']} as it stands here.")
    return f"Sound: entry {entry['seq']} is covered by the anchor at {anchor['seq']}."


def read_manifest(folder: Path, key: str) -> dict[str, Any]:
    """Return the manifest whose signature holds. Raises Flaw."""
    text = (folder / "manifest.json").read_bytes()
    signature = bytes.fromhex((folder / "manifest.sig").read_text().strip())
    if not is_signed(text, signature, bytes.fromhex(key)):
        raise Flaw("The manifest is not signed with this key.")
    manifest: dict[str, Any] = json.loads(text)
    return manifest


def lines_of(folder: Path, name: str, digest: "hashlib._Hash") -> Iterator[dict[str, Any]]:
    """Yield the objects of a file, and feed its bytes to the digest."""
    with (folder / name).open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            digest.update(line)
            try:
                yield json.loads(line)
            except ValueError:
                raise Flaw(f"Line {number} of {name} cannot be read.") from None


def read_anchors(folder: Path, manifest: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the anchors, each naming the one before it, the last one signed. Raises Flaw."""
    digest, found = hashlib.sha256(), []
    previous, reached = GENESIS, None
    for anchor in lines_of(folder, "anchors.jsonl", digest):
        if anchor["previous"] != previous or (reached is not None and anchor["first"] != reached + 1):
            raise Flaw(f"The anchor at {anchor['seq']} does not follow the one before it.")
        previous, reached = hashlib.sha256(canonical(anchor)).hexdigest(), anchor["seq"]
        found.append(anchor)
    if digest.hexdigest() != manifest["sha256"]["anchors.jsonl"]:
        raise Flaw("The anchors are not those of the manifest.")
    if found:
        check_signature(found[-1], key)
    return found


class Walk:
    """One way through the entries: what must come next, and which anchor is due."""

    def __init__(self, manifest: dict[str, Any], anchors: list[dict[str, Any]]) -> None:
        self.seq, self.prev = manifest["first"] - 1, manifest["first_prev"]
        self.due = [anchor for anchor in anchors if self.seq < anchor["seq"] <= manifest["last"]][::-1]
        self.begun, self.tree, self.fitting = self.seq + 1, Tree(), 0

    def over(self, entry: dict[str, Any]) -> None:
        """Check the next entry. Raises Flaw."""
        if entry["seq"] != self.seq + 1:
            raise Flaw(f"Entry {self.seq + 1} is missing.")
        if entry["prev"] != self.prev or hash_of(entry) != entry["hash"]:
            raise Flaw(f"Entry {entry['seq']} is not what was written.")
        self.seq, self.prev = entry["seq"], entry["hash"]
        self.tree.add(self.prev)
        if self.due and self.due[-1]["seq"] == self.seq:
            self.check_anchor(self.due.pop())

    def check_anchor(self, anchor: dict[str, Any]) -> None:
        """Compare what was read with what was anchored. Raises Flaw."""
        whole = anchor["first"] == self.begun
        if anchor["hash"] != self.prev or (whole and anchor["root"] != self.tree.root()):
            raise Flaw(f"Entry {self.seq}, or one from {self.begun} on, is not what was anchored.")
        self.begun, self.tree, self.fitting = self.seq + 1, Tree(), self.fitting + 1


def check_selection(folder: Path, manifest: dict[str, Any]) -> str:
    """Check entries that were chosen by filters, each by itself. Raises Flaw."""
    digest, seq, count = hashlib.sha256(), 0, 0
    for entry in lines_of(folder, "entries.jsonl", digest):
        if entry["seq"] <= seq or hash_of(entry) != entry["hash"]:
            raise Flaw(f"Entry {entry['seq']} is not what was written.")
        seq, count = entry["seq"], count + 1
    if count != manifest["entries"] or digest.hexdigest() != manifest["sha256"]["entries.jsonl"]:
        raise Flaw("The entries are not those of the manifest.")
    return f"Sound: {count} entries, a selection. That none of the chosen was left out rests on the signature alone."


def check_export(folder: Path, key: str) -> str:
    """Check a whole export. Raises Flaw."""
    manifest = read_manifest(folder, key)
    anchors = read_anchors(folder, manifest, key)
    if "filters" in manifest:
        return check_selection(folder, manifest)
    walk = Walk(manifest, anchors)
    digest = hashlib.sha256()
    for entry in lines_of(folder, "entries.jsonl", digest):
        walk.over(entry)
    if walk.seq != manifest["last"] or walk.prev != manifest["last_hash"]:
        raise Flaw(f"The manifest goes to {manifest['last']}, the entries end at {walk.seq}.")
    if digest.hexdigest() != manifest["sha256"]["entries.jsonl"]:
        raise Flaw("The entries are not those of the manifest.")
    rest = walk.seq - walk.begun + 1
    return f"Sound: entries {manifest['first']} to {manifest['last']}, {walk.fitting} anchors, {rest} entries since."


def check(path: Path, key: str) -> str:
    """Check a folder or a proof. Raises Flaw."""
    try:
        if path.is_dir():
            return check_export(path, key)
        return check_proof(json.loads(path.read_text()), key)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Flaw(f"It cannot be read: {error!r}.") from None


def main() -> NoReturn:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, help="the folder of an export, or the file of a proof")
    parser.add_argument("--key", required=True, help="the installation's public key, 64 hex digits")
    wish = parser.parse_args()
    try:
        sys.stdout.write(check(wish.path, wish.key.strip().lower()) + "\n")
    except Flaw as flaw:
        sys.stderr.write(f"{flaw}\n")
        sys.exit(1)
    sys.exit(0)


if __name__ == "__main__":
    main()
