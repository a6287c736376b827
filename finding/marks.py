"""Where the found words stand in a text: a piece of it around them, with marks that are no HTML.

The database finds; this only shows. Words are folded here as chat/migrations/0010_search.py folds them.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from finding.asking import Term

ON, OFF = "\ue000", "\ue001"  # nobody's characters: the template makes <mark> of them, behind its escaping
ALONE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
WORD = re.compile(rf"[{ALONE}]|[^\W_{ALONE}]+")
READ = 40_000  # characters that are looked through at once
BEFORE, LENGTH, SLACK = 60, 240, 24  # characters
MOST = 100  # places of each term that are weighed against each other


@dataclass(frozen=True, slots=True)
class Place:
    """From where to where the words of one term stand."""

    start: int
    end: int
    term: int


@cache
def _folded(character: str) -> str:
    parts = unicodedata.normalize("NFKD", character.lower())
    return unicodedata.normalize("NFC", "".join(each for each in parts if not "\u0300" <= each <= "\u036f"))


def folded(text: str) -> tuple[str, Sequence[int]]:
    """Return the text without case and accents, and where each of its characters stood."""
    if text.isascii():
        return text.lower(), range(len(text))
    pieces, at = [], []
    for index, character in enumerate(text):
        piece = _folded(character)
        pieces.append(piece)
        at += [index] * len(piece)
    return "".join(pieces), at


def words(text: str) -> list[str]:
    """Return the words of a text as they are compared."""
    return WORD.findall(folded(text)[0])


def places(text: str, terms: Sequence[Term]) -> list[Place]:
    """Return where the terms stand, from the beginning on; parts of words where no whole word matches."""
    line, at = folded(text)
    tokens = list(WORD.finditer(line))
    said = [token[0] for token in tokens]
    spans = [
        (tokens[n].start(), tokens[n + length - 1].end(), number)
        for number, term in enumerate(terms)
        for n, length in _runs(said, words(term.text), open=term.open)
    ]
    if not spans:
        spans = list(_inside(line, terms))
    return sorted(
        (Place(at[start], at[end - 1] + 1, number) for start, end, number in spans), key=lambda place: place.start
    )


def _runs(said: Sequence[str], wanted: Sequence[str], *, open: bool) -> Iterator[tuple[int, int]]:
    """Yield where the wanted words stand behind one another, and how many words that are."""
    if not wanted:
        return
    *firsts, last = wanted
    length = len(wanted)
    for n, word in enumerate(said[length - 1 :]):
        if (word == last or (open and word.startswith(last))) and list(said[n : n + length - 1]) == firsts:
            yield n, length


def _inside(line: str, terms: Sequence[Term]) -> Iterator[tuple[int, int, int]]:
    for number, term in enumerate(terms):
        part = folded(term.text)[0]
        start = line.find(part) if part.strip() else -1
        if start >= 0:
            yield start, start + len(part), number


def snippet(text: str, terms: Sequence[Term]) -> str:
    """Return a piece of the text around the found words, in one line, each found word between marks."""
    text = text.replace(ON, " ").replace(OFF, " ")
    for begin in range(0, max(len(text), 1), READ):
        piece = text[begin : begin + READ + LENGTH]
        if found := places(piece, terms):
            start = _start(piece, found)
            return _shown(piece, start, found, more=begin > 0, further=begin + len(piece) < len(text))
    return _shown(text[: 2 * LENGTH], 0, [], further=len(text) > 2 * LENGTH)


def marked(text: str, terms: Sequence[Term]) -> str:
    """Return all of a short text, each found word between marks."""
    text = text.replace(ON, " ").replace(OFF, " ")
    return _with_marks(text, 0, len(text), places(text, terms))


def _start(text: str, found: Sequence[Place]) -> int:
    """Return where the piece begins that has most of the terms, at the beginning of a word."""
    starts = [[place.start for place in found if place.term == term] for term in {place.term for place in found}]

    def worth(at: int) -> int:
        return sum(bisect_left(some, at + LENGTH - BEFORE) > bisect_left(some, at - BEFORE) for some in starts)

    best = max((at for some in starts for at in some[:MOST]), key=lambda at: (worth(at), -at))
    start = max(0, best - BEFORE)
    gap = text.find(" ", start, min(start + SLACK, best)) if start else -1
    return gap + 1 if gap >= 0 else start


def _shown(text: str, start: int, found: Sequence[Place], *, more: bool = False, further: bool = False) -> str:
    end = min(len(text), start + LENGTH)
    gap = text.rfind(" ", end - SLACK, end) if end < len(text) else -1
    end = gap if gap > start else end
    line = " ".join(_with_marks(text, start, end, found).split())
    return ("… " if start or more else "") + line + (" …" if end < len(text) or further else "")


def _with_marks(text: str, start: int, end: int, found: Sequence[Place]) -> str:
    pieces, at = [], start
    for place in found:
        if place.start < at or place.end > end:
            continue
        pieces += [text[at : place.start], ON, text[place.start : place.end], OFF]
        at = place.end
    return "".join([*pieces, text[at:end]])
