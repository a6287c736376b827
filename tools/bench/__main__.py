"""`make bench`: our engine against its peers, alternating in one run. Prints a table, writes JSON."""

import argparse
import asyncio
import json
import os
import platform
import statistics
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from house import House, link_in

from tools.bench.audit import measure as audit_log
from tools.bench.conversations import conversations
from tools.bench.engines import Engine, Hearth, OneAtATime, Setting, cores, llama_server, python_server, short
from tools.bench.fairness import fairness, returning
from tools.bench.finding import measure as finding
from tools.bench.long_chats import measure as long_chats
from tools.bench.models import half_billion
from tools.bench.people import measure as offices
from tools.bench.retention import measure as retention
from tools.bench.stack import stack
from tools.bench.streaming import measure as streaming
from tools.bench.transport import measure as carry
from tools.bench.transport import row

PARTS = ["engines", "conversations", "fairness", "transport", "stack"]
PARTS += ["audit", "people", "retention", "finding", "long_chats", "streaming"]
WIDTHS = (1, 4, 8, 16, 32)
ONE_AT_A_TIME_UP_TO = 4  # wider rounds of who answers one at a time only take longer; the rate is the same


def engines(setting: Setting) -> dict[str, Callable[[], Engine]]:
    """Return who takes part. The C++ server where LLAMA_SERVER names it, the Python server where it is installed."""
    found: dict[str, Callable[[], Engine]] = {"hearth": lambda: Hearth(setting)}
    if program := os.environ.get("LLAMA_SERVER"):
        found["llama-server"] = lambda: llama_server(setting, program)
    found["one at a time"] = lambda: OneAtATime(setting)
    if find_spec("uvicorn"):
        found["llama_cpp.server"] = lambda: python_server(setting)
    else:
        say("llama_cpp.server takes no part: its packages are not installed (requirements/bench.txt).")
    return found


def say(text: str) -> None:
    sys.stderr.write(text + "\n")


def measure(setting: Setting, widths: tuple[int, ...], rounds: int, only: list[str]) -> list[dict[str, Any]]:
    """Run every engine at every width, one engine in memory at a time, engines alternating within a round."""
    rows: dict[tuple[str, int], list[Any]] = {}
    for turn in range(rounds):
        for name, start in engines(setting).items():
            if only and name not in only:
                continue
            engine = start()
            try:
                engine.answer(short(1), tokens=setting.tokens)  # warm
                for width in widths:
                    if width > ONE_AT_A_TIME_UP_TO and name in ("one at a time", "llama_cpp.server"):
                        continue
                    measured = engine.answer(short(width), tokens=setting.tokens)
                    rows.setdefault((name, width), []).append(measured)
                    say(f"round {turn + 1}  {name:18} {width:3} at once  {measured.rate:7.1f} tokens/s")
            finally:
                engine.close()
    return [
        {
            "engine": name,
            "width": width,
            "tokens_per_second": round(statistics.median(m.rate for m in measured), 2),
            "all": [round(m.rate, 2) for m in measured],
            "first_word_ms": first_words(measured),
        }
        for (name, width), measured in rows.items()
    ]


def first_words(measured: list[Any]) -> float | None:
    """Return the median time to the first word, in milliseconds, where it was seen."""
    firsts = [first for m in measured for first in m.first]
    return round(1000 * statistics.median(firsts), 1) if firsts else None


def table(rows: list[dict[str, Any]]) -> str:
    """Return the rates as Markdown, with their ratios: the median of each round's own, since machines are noisy."""
    names = list(dict.fromkeys(row["engine"] for row in rows))
    found = {(row["engine"], row["width"]): row for row in rows}
    widths = sorted({row["width"] for row in rows})

    def nearest(name: str, width: int) -> dict[str, Any]:
        """Who answers one at a time is not measured at every width: the widest stands for wider ones."""
        return found.get((name, width)) or found[name, max(w for n, w in found if n == name)]

    lines = ["| at once | " + " | ".join(names) + " | " + " | ".join(f"hearth / {n}" for n in names[1:]) + " |"]
    lines.append("| ---: " * (2 * len(names)) + "|")
    for width in widths:
        own, *others = of = [nearest(name, width) for name in names]
        pairs = [zip(own["all"], other["all"], strict=True) for other in others]
        ratios = [statistics.median(a / b for a, b in pair) for pair in pairs]
        cells = [*(f"{one['tokens_per_second']:.1f}" for one in of), *(f"{ratio:.2f}" for ratio in ratios)]
        lines.append(f"| {width} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


async def transport() -> list[dict[str, Any]]:
    """Return the delays of 50 and of 100 streams at ten words a second, through the whole product."""
    with TemporaryDirectory() as var:
        house = House(Path(var), "stub:?words=60&rate=30&slots=100")
        link = link_in(await asyncio.to_thread(house.start))
        try:
            await asyncio.to_thread(house.set_up, link)
            return [row(await carry(house, streams=n, rate=10, seconds=30)) for n in (50, 100)]
        finally:
            await asyncio.to_thread(house.stop)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        default=PARTS,
    )
    parser.add_argument("--model", type=Path)
    parser.add_argument("--widths", type=int, nargs="+", default=list(WIDTHS))
    parser.add_argument("--engines", nargs="+", default=[], help="names as the table has them; all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--context", type=int, default=512)
    parser.add_argument("--slots", type=int, default=32)
    parser.add_argument("--threads", type=int, default=cores())
    parser.add_argument("--out", type=Path, default=Path("var/bench/engines.json"))
    wish = parser.parse_args()
    wish.out.parent.mkdir(parents=True, exist_ok=True)
    needs_none = {"transport", *PARTS[5:]}.issuperset(wish.parts)
    model = wish.model or (Path() if needs_none else half_billion(wish.out.parent / "half-billion.gguf"))
    setting = Setting(model.resolve(), wish.slots, wish.context, wish.threads, wish.tokens)
    rows = measure(setting, tuple(wish.widths), wish.rounds, wish.engines) if "engines" in wish.parts else []
    more: dict[str, Any] = {}
    if "conversations" in wish.parts:
        more["conversations"] = conversations(engines, setting, wish.rounds, say)
    if "fairness" in wish.parts:
        more |= {"fairness": fairness(setting.model), "returning": returning(setting.model)}
    if "transport" in wish.parts:
        more["transport"] = asyncio.run(transport())
    if "stack" in wish.parts:
        eight = replace(setting, slots=8, context=1024, tokens=256)
        more["stack"] = stack(eight, wish.rounds, say)
    if "audit" in wish.parts:
        more["audit"] = audit_log(say)
    if "people" in wish.parts:
        more["people"] = offices(say)
    if "retention" in wish.parts:
        more["retention"] = retention(say)
    if "finding" in wish.parts:
        more["finding"] = finding(say)
    if "long_chats" in wish.parts:
        more["long_chats"] = long_chats(say)
    if "streaming" in wish.parts:
        more["streaming"] = streaming(say)
    machine = {"cores": cores(), "processor": platform.processor() or platform.machine()}
    when = datetime.now(UTC).isoformat(timespec="seconds")
    settings = {name: str(getattr(setting, name)) for name in ("slots", "context", "threads", "tokens")}
    found = {"when": when, "machine": machine, "setting": settings, "rows": rows, **more}
    wish.out.write_text(json.dumps(found, indent=1))
    sys.stdout.write((table(rows) if rows else "") + "\n" + json.dumps(more, indent=1) + "\n")


if __name__ == "__main__":
    main()
