"""What one person's long prompt costs another, and what a conversation costs that returns: in this process."""

import statistics
import time
from pathlib import Path
from typing import Any

from models_admin.engine.batching import BatchingEngine
from models_admin.engine.protocol import Ended, EngineSpec, Piece, Request, Sampling, Turn
from tools.bench.engines import cores, question

LONG = "Read this carefully. " * 190  # about 4,000 tokens for the benchmark's model, which reads letters


def _ask(engine: BatchingEngine, name: str, text: str, tokens: int, *, seat: str = "") -> None:
    turns = (Turn("user", text),)
    engine.submit(Request(name, seat or name, turns, Sampling(temperature=0, max_tokens=tokens)))


def _first_word(engine: BatchingEngine, name: str) -> float:
    """Ask a short question. Return the seconds to its first word, and let it end."""
    began = time.perf_counter()
    _ask(engine, name, question(), 4)
    first = 0.0
    while name in engine.running:
        for event in engine.poll(0):
            if isinstance(event, Piece) and event.id == name and not first:
                first = time.perf_counter() - began
    return first


def _median(values: list[float]) -> float:
    return round(1000 * statistics.median(values), 1)


def fairness(model: Path, rounds: int = 5) -> dict[str, Any]:
    """Return milliseconds: a short question alone and beside a long prompt, and the pauses of a running answer."""
    engine = BatchingEngine(EngineSpec(str(model), slots=4, context=4608, threads=cores()))
    _first_word(engine, "warm")
    idle = [_first_word(engine, f"idle {n}") for n in range(rounds)]
    busy, chunks, steps, pauses = [], [], [], []
    for n in range(rounds):
        _ask(engine, f"long {n}", f"{question()} {LONG}", 2)
        for _ in range(4):
            began = time.perf_counter()
            engine.poll(0)
            chunks.append(time.perf_counter() - began)
        busy.append(_first_word(engine, f"busy {n}"))
        _ask(engine, f"runs {n}", question(), 40)
        last = 0.0
        while f"runs {n}" in engine.running:
            began = time.perf_counter()
            said = any(isinstance(event, Piece) and event.id == f"runs {n}" for event in engine.poll(0))
            now = time.perf_counter()
            steps.append(now - began)
            if said:
                pauses += [now - last] if last else []
                last = now
        engine.cancel(f"long {n}")
        engine.poll(0)
    engine.close()
    return {
        "idle_first_word_ms": _median(idle),
        "busy_first_word_ms": _median(busy),
        "chunk_ms": _median(chunks),
        "step_ms": _median(steps),
        "longest_pause_ms": round(1000 * max(pauses), 1),
        "longest_step_ms": round(1000 * max(steps), 1),
    }


def returning(model: Path, rounds: int = 3) -> dict[str, Any]:
    """Return milliseconds to read a conversation first, again after it lost its slot, and with a second turn."""
    engine = BatchingEngine(EngineSpec(str(model), slots=2, context=4608, threads=cores()))
    first, again, second, there = [], [], [], []
    for n in range(rounds):
        text = f"{question()} {LONG[:2000]}"
        first.append(_read(engine, f"first {n}", (Turn("user", text),), f"mine {n}"))
        said = next(reversed(engine.slots[_slot(engine, f"mine {n}")].said))
        turns = (Turn("user", text), Turn("assistant", said), Turn("user", "And then, in a few words more?" * 4))
        second.append(_read(engine, f"second {n}", turns, f"mine {n}"))
        there.append(_read_end(engine, f"there {n}", turns, f"twin {n}"))
        _read(engine, f"other {n}", (Turn("user", question()),), f"other {n}")
        _read(engine, f"another {n}", (Turn("user", question()),), f"another {n}")
        again.append(_read(engine, f"again {n}", (Turn("user", text),), f"mine {n}"))
    engine.close()
    return {
        "first_ms": _median(first),
        "returned_ms": _median(again),
        "second_turn_ms": _median(second),
        "its_new_tokens_where_they_stand_ms": _median(there),
    }


def _slot(engine: BatchingEngine, seat: str) -> int:
    return next(slot.index for slot in engine.slots if slot.seat == seat)


def _read(engine: BatchingEngine, name: str, turns: tuple[Turn, ...], seat: str) -> float:
    """Return the seconds from asking to the first token chosen."""
    began = time.perf_counter()
    engine.submit(Request(name, seat, turns, Sampling(temperature=0, max_tokens=1)))
    while True:
        if any(isinstance(event, Ended) and event.id == name for event in engine.poll(0)):
            return time.perf_counter() - began


def _read_end(engine: BatchingEngine, name: str, turns: tuple[Turn, ...], seat: str) -> float:
    """Return what the new tokens of a second turn cost where they stand, for somebody who reads all of it.

    A token costs more the further behind it stands: alone, the same words would be cheaper.
    """
    new = len(engine.writer.tokens_of(turns[-1:])) + 3  # and the end of what was said
    engine.submit(Request(name, seat, turns, Sampling(temperature=0, max_tokens=1)))
    while len(engine.running[name].unread) > new:
        engine.poll(0)
    left, began = len(engine.running[name].unread), time.perf_counter()
    while name in engine.running:
        engine.poll(0)
    return (time.perf_counter() - began) * new / left
