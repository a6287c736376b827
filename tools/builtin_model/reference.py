"""`python -m tools.builtin_model.reference RUN_FOLDER`: what the training framework says, for the engine to be held to.

Writes reference.json: texts with their tokens, and prompts with the likeliest answers of the F16 weights.
"""

import argparse
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

import torch

from tools.builtin_model.dialogues import dialogues
from tools.builtin_model.export import load
from tools.builtin_model.model import Model, greedy
from tools.builtin_model.tokenizer import CONTROL, Coder

PROMPTS = 200
TEXTS = 1000
LONGEST_ANSWER = 100  # tokens
SEED = 777_777_777  # no training run comes here
ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJ .,;:!?'\"-_()[]{}<>|/\\@#$%^&*+=~`",
    "0123456789 .,-+*/=%€$£",
    "äöüßéèêçñøåžłığ ÄÖÜÉ",
    "日本語中文字符漢字かなカナ한국어。、「」",
    "Привет мир Ελληνικά שלום مرحبا नमस्ते ไทย",
    "😀🎉👩‍👩‍👧‍👦🇩🇪👍🏽❤️🔥🧑‍💻✅",
    " \t\n\r\u00a0\u2003\u200b\u3000",
    "\x00\x01\x1b\x7f\u0300\u0301\ufeff\ufffd",
)


def texts(random: Random) -> Iterator[str]:
    """Yield texts of all kinds without end: many scripts, emoji, control characters, typed control tokens."""
    talk = dialogues(SEED)
    while True:
        yield next(talk).turns[0][0]
        yield "".join(random.choices(random.choice(ALPHABETS), k=random.randint(1, 40)))
        mixed = [random.choice([*ALPHABETS, *CONTROL]) for _ in range(random.randint(1, 6))]
        yield "".join(part if part in CONTROL else "".join(random.choices(part, k=5)) for part in mixed)


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
    found = {
        "texts": [(text, coder.tokens(text)) for text in islice(texts(Random(1)), TEXTS)],
        "answers": list(islice(answers(model, coder), PROMPTS)),
    }
    (folder / "reference.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main()
