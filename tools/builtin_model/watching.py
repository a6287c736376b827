"""What a run has learnt so far: the share of new dialogues whose last answer is foreseen token by token."""

from collections import defaultdict
from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np

from tools.builtin_model.dialogues import dialogues
from tools.builtin_model.packing import Batch, batches
from tools.builtin_model.tokenizer import Coder

SEED = 999_999_937  # no training run comes here
KINDS = 1200  # dialogues


class Watch:
    """New dialogues, grouped by the first part of their kind."""

    def __init__(self, coder: Coder, *, rows: int, length: int) -> None:
        self.kinds: dict[tuple[int, ...], tuple[str, int]] = {}
        examples = []
        for dialogue in islice(dialogues(SEED), KINDS):
            example = coder.example(dialogue.turns)
            group = dialogue.kind if dialogue.kind.startswith("skill") else dialogue.kind.partition(".")[0]
            asked = max(place for place, said in enumerate(example[1]) if said and not example[1][place - 1])
            self.kinds[tuple(example[0])] = group, asked - 1
            examples.append(example)
        total = sum(len(ids) for ids, _ in examples)
        # One round over the examples; what does not fill the last batch is left out.
        endless = (example for _ in iter(int, 1) for example in examples)
        self.batches = list(islice(batches(endless, rows=rows, length=length), total // (rows * length)))

    def report(self, right: Callable[[Batch], Any]) -> str:
        """Return a line with each group's share; `right` tells for each of a batch's places whether it was foreseen."""
        seen: dict[str, list[bool]] = defaultdict(list)
        for batch in self.batches:
            missed = set(batch.places[: batch.said][~right(batch)[: batch.said]])
            for row, owners in enumerate(batch.owner):
                for owner in range(1, int(owners.max()) + 1):
                    places = np.flatnonzero(owners == owner)
                    kind, asked = self.kinds[tuple(batch.tokens[row][places].tolist())]
                    seen[kind].append(missed.isdisjoint(places[asked:] + row * len(owners)))
        return "  ".join(f"{kind} {sum(hits) / len(hits):.0%}" for kind, hits in sorted(seen.items()))
