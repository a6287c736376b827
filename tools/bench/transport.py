"""From the engine's word to the browser's frame: the whole product with an engine that stamps its words."""

import asyncio
import re
import statistics
import time
from dataclasses import asdict, dataclass
from typing import Any

from house import House, Person

STAMP = re.compile(r"(\d+)\.(\d+) ")


@dataclass(frozen=True, slots=True)
class Delay:
    """Words while all answers run: how many, how many were lost of all, and how late they came, in milliseconds."""

    streams: int
    per_second: float
    words: int
    lost: int
    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, streams: int, per_second: float, lost: int, late: list[float]) -> "Delay":
        marks = statistics.quantiles(late, n=100)
        return cls(streams, per_second, len(late), lost, *(round(marks[n], 1) for n in (49, 94, 98)))


async def follow(person: Person, words: int, rate: float) -> list[tuple[float, float]]:
    """Ask for stamped words. Return when each was said and how late it came, in milliseconds, in order.

    A gap raises AssertionError.
    """
    asked = await person.ask(f"stamped [[words={words}]] [[rate={rate}]] [[stamp=1]]")
    late: list[tuple[float, float]] = []
    async with person.socket() as tab:
        await tab.follow(asked)
        read = 0
        while (frame := await tab.next(60))["type"] != "answer.ended":
            if frame["type"] != "answer.grew":
                continue
            now = time.time()
            for found in STAMP.finditer(tab.text, read):
                assert int(found[1]) == len(late), "a word is missing or doubled"
                late.append((float(found[2]), 1000 * now - float(found[2])))
                read = found.end()
    return late


async def measure(house: House, *, streams: int, rate: float, seconds: float, people: int = 10) -> Delay:
    """Let some people read so many answers at once."""
    names = [f"reader{n}" for n in range(people)]
    await asyncio.to_thread(house.add_people, *names)
    readers = [await house.person(name) for name in names]
    words = int(seconds * rate)
    told = await asyncio.gather(*(follow(readers[n % people], words, rate) for n in range(streams)))
    # While pages load and answers begin and end, other things are measured than the way of a word.
    first, last = max(sum(one[0]) for one in told), min(one[-1][0] for one in told)
    late = [delay for one in told for said, delay in one if first <= said <= last]
    return Delay.of(streams, rate, words * streams - sum(map(len, told)), late)


def row(delay: Delay) -> dict[str, Any]:
    """Return it for JSON."""
    return asdict(delay)
