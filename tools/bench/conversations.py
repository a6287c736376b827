"""People who come back with their next question about a text of their own: the shape of a department's day."""

import statistics
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from models_admin.engine.protocol import Turn
from tools.bench.engines import FRESH, Asked, Engine, Setting, question

RULES = "You answer for this house. Be brief, be kind, name your sources, and say what you do not know. " * 2
TEXT = "In the spring the works council and the plant's management agreed on new hours for the night shift. " * 5
QUESTIONS = 2  # of each person, after the first
TOKENS = 64  # of each answer
WIDTHS = (1, 8, 16)


def first(width: int) -> list[Asked]:
    """Return so many people's first questions: one system prompt, and each a text of about 500 tokens."""
    return [
        Asked(f"back {next(FRESH)}", (Turn("system", RULES), Turn("user", f"{question()} {TEXT}")))
        for _ in range(width)
    ]


def further(asked: Asked) -> Asked:
    """Return the same person's next question, behind a short answer."""
    return replace(asked, turns=(*asked.turns, Turn("assistant", "It says so."), Turn("user", question())))


def rate(engine: Engine, width: int) -> float:
    """Return tokens per second while so many people ask on, each after all have had an answer."""
    asked = first(width)
    engine.answer(asked, tokens=1)
    tokens = seconds = 0.0
    for _ in range(QUESTIONS):
        asked = [further(one) for one in asked]
        measured = engine.answer(asked, tokens=TOKENS)
        tokens, seconds = tokens + measured.tokens, seconds + measured.seconds
    return tokens / seconds


def conversations(
    starts: Callable[[Setting], dict[str, Callable[[], Engine]]], setting: Setting, rounds: int, say: Any
) -> list[dict[str, Any]]:
    """Return the rates of every engine, and ours beside each as the median of the rounds' own ratios."""
    setting = replace(setting, slots=max(WIDTHS), context=1536)
    found: dict[str, dict[int, list[float]]] = {}
    for turn in range(rounds):
        for name, start in starts(setting).items():
            if name == "llama_cpp.server":
                continue  # one at a time behind HTTP, and a round of it takes half an hour
            engine = start()
            try:
                for width in WIDTHS:
                    found.setdefault(name, {}).setdefault(width, []).append(rate(engine, width))
                    say(f"round {turn + 1}  {name:18} {width:3} come back  {found[name][width][-1]:7.1f} tokens/s")
            finally:
                engine.close()
    own = found["hearth"]
    return [
        {
            "engine": name,
            "width": width,
            "tokens_per_second": round(statistics.median(rates), 2),
            "hearth_is": round(statistics.median(a / b for a, b in zip(own[width], rates, strict=True)), 2),
        }
        for name, widths in found.items()
        for width, rates in widths.items()
    ]
