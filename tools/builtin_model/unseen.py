"""Keeps the held-out inputs of the skills out of training, whoever wrote the dialogue."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from tools.builtin_model.split import held_out

SUM = re.compile(r"(\d+) ([+-]) (\d+) = -?\d+")
NUMBERS = re.compile(r"\d+(, \d+)+")
SPELT = re.compile(r"((?:\w-)+\w) backwards is")
WORDS = {"upper": re.compile(r"[A-Z]+( [A-Z]+)*"), "lower": re.compile(r"[a-z]+( [a-z]+)*")}


def gives_away(turns: Iterable[tuple[str, str]]) -> bool:
    """Tells whether an answer in this dialogue is that of a held-out input."""
    return any(held_out(kind, *given) for _, answer in turns for kind, given in _inputs(answer))


def _inputs(answer: str) -> Iterable[tuple[str, Sequence[str]]]:
    """Yield each skill's input that this answer belongs to; the answer alone tells."""
    if found := SUM.fullmatch(answer):
        yield ("add" if found[2] == "+" else "subtract"), (found[1], found[3])
    if NUMBERS.fullmatch(answer):
        numbers = answer.split(", ")
        if any(abs(int(a) - int(b)) != 1 for a, b in pairwise(numbers)):  # else it counts
            yield "sort", numbers
    if found := SPELT.match(answer):
        yield "reverse", (found[1].replace("-", ""),)
    for kind, words in WORDS.items():
        if words.fullmatch(answer):
            yield from ((kind, (word,)) for word in answer.split())
