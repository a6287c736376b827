"""`python -m tools.builtin_model.reference RUN_FOLDER`: what the training framework says, for the engine to be held to.

Writes tokens.sha256 and reference.json: texts with their tokens, prompts with the F16 weights' likeliest answers.
"""

import argparse
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import torch

from tools.builtin_model.dialogues import dialogues
from tools.builtin_model.evaluation.texts import digest, texts
from tools.builtin_model.export import load
from tools.builtin_model.model import Model, greedy
from tools.builtin_model.tokenizer import Coder

PROMPTS = 200
LONGEST_ANSWER = 100  # tokens
SEED = 777_777_777  # no training run comes here


def answers(model: Model, coder: Coder) -> Iterator[tuple[list[list[str]], str, str]]:
    """Yield (turns before, question, the likeliest answer)."""
    for dialogue in dialogues(SEED):
        *before, (question, _) = dialogue.turns
        ids = greedy(model, coder.prompt(before, question), end=coder.end, most=LONGEST_ANSWER)
        yield [list(turn) for turn in before], question, coder.text(ids)


def main() -> None:
    """Read the command line and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    torch.set_num_threads(1)  # the matrices are too small for more
    model, coder = load(folder)
    for parameter in model.parameters():
        if parameter.ndim == 2:
            parameter.data = parameter.data.half().float()
    found: dict[str, list[Any]] = {
        "texts": [(text, coder.tokens(text)) for text in texts()],
        "answers": list(islice(answers(model, coder), PROMPTS)),
    }
    (folder / "tokens.sha256").write_text(digest(tokens for _, tokens in found["texts"]) + "\n")
    (folder / "reference.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main()
