"""`python -m tools.builtin_model.evaluation FILE.gguf`: how often the model is right, as JSON and Markdown."""

import argparse
import json
import time
from pathlib import Path

from models_admin.engine.protocol import Sampling, Turn
from tools.builtin_model.evaluation.asking import ask, open_engine
from tools.builtin_model.evaluation.measuring import Marks, measure

BUILT_IN = Path("models_admin/builtin/hearth-demo.gguf")
LONG = Sampling(temperature=0.0, max_tokens=200)
QUESTION = (Turn("user", "count to 20"),)


def rate(path: Path, streams: int, threads: int) -> float:
    """Return the tokens per second of each of so many answers at once."""
    engine = open_engine(path, slots=streams, threads=threads)
    try:
        ask(engine, [QUESTION] * streams, LONG)
        began = time.perf_counter()
        replies = ask(engine, [QUESTION] * streams * 4, LONG)
        return sum(reply.tokens for reply in replies) / streams / (time.perf_counter() - began)
    finally:
        engine.close()


def table(marks: dict[str, Marks], rates: dict[int, float]) -> str:
    """Return the figures as Markdown."""
    lines = ["| Questions | Asked | Right |", "|---|---:|---:|"]
    lines += [f"| {name} | {mark.asked} | {mark.share:.0%} |" for name, mark in marks.items()]
    if rates:
        lines += ["", "| Answers at once | Tokens/s of each |", "|---:|---:|"]
        lines += [f"| {streams} | {each:,.0f} |" for streams, each in rates.items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Read the command line, ask, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=BUILT_IN)
    parser.add_argument("--out", type=Path, help="folder for evaluation.json and evaluation.md")
    parser.add_argument("--wrong", action="store_true", help="print the answers that were wrong")
    parser.add_argument("--speed", action="store_true", help="measure tokens per second as well")
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args()
    engine = open_engine(options.file, threads=options.threads)
    marks = measure(engine)
    engine.close()
    rates = {n: rate(options.file, n, options.threads) for n in (1, 8)} if options.speed else {}
    text = table(marks, rates)
    print(text)
    if options.wrong:
        for name, mark in marks.items():
            for question, answer in mark.wrong:
                print(f"[{name}] {question}\n    {answer}")
    if options.out:
        (options.out / "evaluation.md").write_text(text)
        shares = {name: {"asked": m.asked, "right": m.right, "wrong": m.wrong} for name, m in marks.items()}
        figures = {"marks": shares, "tokens_per_second": rates}
        (options.out / "evaluation.json").write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
