"""Packs dialogues into rows of one length, so that a compiled step sees one shape only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WAITING = 64  # dialogues among which one is sought that fills a row's rest

Example = tuple[list[int], list[bool]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Arrays of (rows, length): tokens, the token that follows each, what its loss counts, and whose dialogue it is.

    Dialogues in a row are numbered from 1; 0 is padding.
    """

    tokens: NDArray[np.int64]
    following: NDArray[np.int64]
    weight: NDArray[np.float32]
    owner: NDArray[np.int32]


def batches(examples: Iterator[Example], *, rows: int, length: int, unsaid: float = 0.0) -> Iterator[Batch]:
    """Yield full batches. Tokens that the model is not to say weigh `unsaid`; too long dialogues are left out."""
    waiting: list[Example] = []
    while True:
        batch = _empty(rows, length)
        for row in range(rows):
            _fill(batch, row, _row(examples, waiting, length), unsaid)
        yield batch


def _empty(rows: int, length: int) -> Batch:
    shape = (rows, length)
    return Batch(
        np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.float32), np.zeros(shape, np.int32)
    )


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


def _fill(batch: Batch, row: int, examples: Sequence[Example], unsaid: float) -> None:
    at = 0
    for owner, (ids, said) in enumerate(examples, 1):
        end = at + len(ids)
        batch.tokens[row, at:end] = ids
        batch.owner[row, at:end] = owner
        batch.following[row, at : end - 1] = ids[1:]
        batch.weight[row, at : end - 1] = np.where(said[1:], 1.0, unsaid)
        at = end
