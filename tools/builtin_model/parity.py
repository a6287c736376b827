"""`python -m tools.builtin_model.parity RUN_FOLDER`: does the engine read and answer as the training framework does?

Compares with reference.json. Ends with 1 when a text is split or answered otherwise.
"""

import argparse
import json
import sys
from pathlib import Path

from models_admin.engine.protocol import Sampling, Turn
from tools.builtin_model.evaluation.asking import ask, open_engine

GREEDY = Sampling(temperature=0.0, max_tokens=100)


def main() -> None:
    """Read the command line and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    reference = json.loads((folder / "reference.json").read_text())
    engine = open_engine(folder / "hearth-demo-F16.gguf", slots=1)
    split = [
        text for text, tokens in reference["texts"] if engine.vocabulary.tokens(text, special=False) != list(tokens)
    ]
    talks = [_turns(before, question) for before, question, _ in reference["answers"]]
    said = [reply.text for reply in ask(engine, talks, GREEDY)]
    engine.close()
    other = [
        (asked, right, answer)
        for (_, asked, right), answer in zip(reference["answers"], said, strict=True)
        if answer.strip() != right.strip()
    ]
    print(f"texts split otherwise:     {len(split)} of {len(reference['texts'])}")
    print(f"questions answered otherwise: {len(other)} of {len(said)}")
    for line in [*split[:5], *other[:5]]:
        print(repr(line))
    sys.exit(bool(split or other))


def _turns(before: list[tuple[str, str]], question: str) -> tuple[Turn, ...]:
    earlier = [turn for asked, answer in before for turn in (Turn("user", asked), Turn("assistant", answer))]
    return (*earlier, Turn("user", question))


if __name__ == "__main__":
    main()
