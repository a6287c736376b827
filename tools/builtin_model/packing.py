"""Packs dialogues into rows of one length, so that a compiled step sees one shape only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WAITING = 64  # dialogues among which one is sought that fills a row's rest
MOST_SAID = 0.55  # share of a batch's tokens that count at most; the logits of the others are never computed

Example = tuple[list[int], list[bool]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Arrays of (rows, length): tokens, and whose dialogue each is, numbered from 1; 0 is padding.

    `places` are the flat indices of those tokens whose successor the model is to say, `following` those successors,
    both of one fixed size; the first `said` of them count.
    """

    tokens: NDArray[np.int64]
    owner: NDArray[np.int32]
    places: NDArray[np.int64]
    following: NDArray[np.int64]
    said: int


def batches(examples: Iterator[Example], *, rows: int, length: int) -> Iterator[Batch]:
    """Yield full batches. Dialogues longer than a row are left out."""
    waiting: list[Example] = []
    while True:
        tokens = np.zeros((rows, length), np.int64)
        owner = np.zeros((rows, length), np.int32)
        said = np.zeros((rows, length), bool)
        for row in range(rows):
            _fill(tokens[row], owner[row], said[row], _row(examples, waiting, length))
        yield _batch(tokens, owner, said)


def _batch(tokens: NDArray[np.int64], owner: NDArray[np.int32], said: NDArray[np.bool_]) -> Batch:
    room = int(tokens.size * MOST_SAID)
    found = np.flatnonzero(said)[:room]
    places = np.zeros(room, np.int64)
    places[: len(found)] = found - 1  # no dialogue begins with an answer
    following = np.zeros(room, np.int64)
    following[: len(found)] = tokens.flat[found]
    return Batch(tokens, owner, places, following, len(found))


def _row(examples: Iterator[Example], waiting: list[Example], length: int) -> list[Example]:
    """Take dialogues for one row out of those that wait: the oldest first, then whatever still fits."""
    while len(waiting) < WAITING:
        example = next(examples)
        if len(example[0]) <= length:
            waiting.append(example)
    taken: list[Example] = []
    room = length
    for example in list(waiting):
        if len(example[0]) <= room:
            taken.append(example)
            waiting.remove(example)
            room -= len(example[0])
    return taken


def _fill(
    tokens: NDArray[np.int64], owner: NDArray[np.int32], said: NDArray[np.bool_], examples: Sequence[Example]
) -> None:
    at = 0
    for number, (ids, answers) in enumerate(examples, 1):
        end = at + len(ids)
        tokens[at:end], owner[at:end], said[at:end] = ids, number, answers
        at = end
