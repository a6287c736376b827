"""What one text has that another had not, word by word; line by line where both are long."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
MOST_WORDS = 1500  # of one text: the comparison takes the square of it


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words: in both texts (`same`), `gone`, or `new`."""

    kind: str
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """Return what leads from one text to the other. Pieces that are not gone make up the later one."""
    first, second = WORDS.findall(before), WORDS.findall(after)
    if max(len(first), len(second)) > MOST_WORDS:
        first, second = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return list(_pieces(first, second))


def _pieces(first: list[str], second: list[str]) -> Iterator[Piece]:
    for kind, i, j, k, m in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(first[i:j]))
            continue
        if i < j:
            yield Piece("gone", "".join(first[i:j]))
        if k < m:
            yield Piece("new", "".join(second[k:m]))
