"""Merkle trees over entries' hashes (RFC 6962): one root for many entries, and proof that one of them is among them."""

import hashlib
from collections.abc import Iterable, Sequence


def leaf(digest: bytes) -> bytes:
    """Return the node of one entry's hash (32 bytes)."""
    return hashlib.sha256(b"\x00" + digest).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the node above two nodes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf and keeps one node a level: any number of entries in little memory."""

    def __init__(self) -> None:
        self.size = 0
        self.perfect: list[tuple[int, bytes]] = []  # (height, node) of perfect subtrees, highest first

    def add(self, digest: bytes) -> None:
        """Put one entry's hash behind the others."""
        height, fresh = 0, leaf(digest)
        while self.perfect and self.perfect[-1][0] == height:
            fresh = node(self.perfect.pop()[1], fresh)
            height += 1
        self.perfect.append((height, fresh))
        self.size += 1

    @property
    def root(self) -> bytes:
        """The root over all leaves; SHA-256 of nothing while there are none."""
        if not self.perfect:
            return hashlib.sha256().digest()
        above = self.perfect[-1][1]
        for _, left in reversed(self.perfect[:-1]):
            above = node(left, above)
        return above


def root_of(digests: Iterable[bytes]) -> bytes:
    """Return the root over these hashes."""
    tree = Tree()
    for digest in digests:
        tree.add(digest)
    return tree.root


def path_of(digests: Sequence[bytes], index: int) -> list[bytes]:
    """Return the sibling nodes from this leaf up to the root."""
    level, path = [leaf(digest) for digest in digests], []
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        pairs = [node(level[n], level[n + 1]) for n in range(0, len(level) - 1, 2)]
        level, index = pairs + level[len(pairs) * 2 :], index // 2
    return path


def root_from(digest: bytes, *, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that this path leads to from this hash, or None where the path has another length."""
    above, last, steps = leaf(digest), size - 1, list(path)
    while last > 0:
        if index % 2 or index < last:
            if not steps:
                return None
            sibling = steps.pop(0)
            above = node(sibling, above) if index % 2 else node(above, sibling)
        index, last = index // 2, last // 2
    return None if steps else above
