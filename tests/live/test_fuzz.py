"""Whatever a tab sends, it gets a sentence or the door; nobody else notices."""

import asyncio
import json
import random
import statistics
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import psutil
import pytest
from house import Asked, House, Person
from websockets.exceptions import ConnectionClosed

from tools.bench.transport import STAMP

SEED = 21
FRAMES = 500
LATE_MILLISECONDS = 100.0
ODD_CURSORS = [
    *(
        "99999999999999999999-0",
        "18446744073709551616-0",
        "1-18446744073709551616",
        "1_0-0",
        "1-0_1",
        "\u0665-0",
        "5-\u0665",
    ),
    *("+1-0", "-1-0", "1--1", " 1-0", "1-0 ", "1-0\n", "\t1-0", "1-0-0", "0x1-0", "1e3-0", "1.0-0", "1-0\x00", "\x00"),
    *("", "-", "+", "$", ">", "*", "(1-0", "inf-0", "²-0", "1-0;FLUSHALL", "1-0\r\nPING\r\n", "1" * 63, "\U0001d7d9-0"),
]
ODD_VALUES: list[Any] = [
    *(
        None,
        True,
        0,
        -1,
        1.5,
        10**400,
        1e308,
        float("nan"),
        float("inf"),
        [],
        {},
        [[]],
        {"": None},
        "",
        "\x00",
        "\ud800",
    ),
    *(
        "x" * 64,
        "x" * 60_000,
        "\ufefffollow",
        "\u202ewollof",
        "FOLLOW",
        "follow\x00",
        ["follow"],
        {"type": "follow"},
        "💥" * 9,
    ),
]


def odd(chance: random.Random) -> Any:
    """Return a value that is never right; another one almost every time."""
    value = chance.choice(ODD_VALUES)
    return [value, chance.random()] if chance.random() < 0.5 else value


def a_cursor(chance: random.Random, own: str) -> str:
    cursor = chance.choice(ODD_CURSORS)
    if chance.random() < 0.5 and cursor[:1].isascii():  # the same oddity with other digits
        cursor = cursor.replace("1", str(chance.randint(1, 10**9)), 1)
    kind, name = chance.choice([("follow", "after"), ("seen", "cursor")])
    return json.dumps({"type": kind, "generation": own, name: cursor})


def a_field(chance: random.Random, own: str) -> str:
    """One field is of another type, or is missing, or one is too many."""
    word: dict[str, Any] = {"type": "follow", "generation": own, "after": "0"}
    match chance.choice(["changed", "missing", "more"]):
        case "changed":
            word[chance.choice(list(word))] = odd(chance)
        case "missing":
            del word[chance.choice(list(word))]
            word[f"x{chance.random()}"] = odd(chance)
        case "more":
            word[f"x{chance.random()}"] = odd(chance)
    return json.dumps(word)


def a_value(chance: random.Random, own: str) -> str:
    return json.dumps([odd(chance), own] if chance.random() < 0.5 else {"type": odd(chance), "x": chance.random()})


def a_depth(chance: random.Random, own: str) -> str:
    depth = chance.randint(1000, 5000)
    begin, end = chance.choice([("[", "]"), ('{"type":', "}"), ('{"a":[', "]}")])
    shut = chance.choice([depth, depth, 0, depth - 1])
    return begin * depth + json.dumps(own) + end * shut


def a_number(chance: random.Random, own: str) -> str:
    number = chance.choice(
        ["9" * chance.randint(20, 9000), f"1e{chance.randint(400, 10**6)}", "-" + "8" * 500, "0" * 99]
    )
    return f'{{"type": "seen", "generation": "{own}", "cursor": {number}}}'


def garbage(chance: random.Random, own: str) -> str:
    text = (
        "".join(chance.choice('{}[]":,\\u0 \x00\x1f\x7fé🔥\u202e\u0661x') for _ in range(chance.randint(1, 60))) + "x"
    )
    whole = json.dumps({"type": "follow", "generation": own, "after": "0"})
    return chance.choice([text, whole[: chance.randint(1, len(whole) - 1)] + "\x00", whole + text, text + whole])


KINDS: list[Callable[[random.Random, str], str]] = [a_cursor, a_cursor, a_field, a_value, a_depth, a_number, garbage]


def fuzz(own: str) -> list[str]:
    """Return frames of which no two are alike and none is a word."""
    chance, found = random.Random(SEED), set[str]()
    frames: list[str] = []
    while len(frames) < FRAMES:
        frame = chance.choice(KINDS)(chance, own)
        if frame not in found:
            found.add(frame)
            frames.append(frame)
    return frames


async def answered(person: Person, frames: list[str]) -> int:
    """Send every frame, with a new socket after each one that was shut. Return how many were shut."""
    left, shut = list(reversed(frames)), 0
    while left:
        async with person.socket() as tab:
            try:
                while left:
                    await tab.connection.send(frame := left.pop())
                    reply = await tab.next(5)
                    assert reply["type"] == "socket.refused", (frame[:300], reply)
                    assert "Traceback" not in reply["reason"]
            except ConnectionClosed as end:
                left.append(frame)
                shut += 1
                code = end.rcvd.code if end.rcvd else None
            except TimeoutError:
                raise AssertionError(f"no reply to {frame[:300]!r}") from None
            else:
                return shut
        assert code == 1008, frame[:300]
    return shut


async def lateness(person: Person, asked: Asked, done: asyncio.Event) -> list[float]:
    """Read stamped words until the event. Return how late each one said meanwhile came, in milliseconds."""
    late: list[float] = []
    async with person.socket() as tab:
        began, read = 1000 * time.time(), 0
        await tab.follow(asked)
        while not done.is_set():
            frame = await tab.next(10)
            now = 1000 * time.time()
            assert frame["type"] in ("answer.queued", "answer.started", "answer.grew"), frame
            for found in STAMP.finditer(tab.text, read):
                late += [now - float(found[2])] if float(found[2]) > began else []
                read = found.end()
    return late


@pytest.mark.parametrize("most", [10 * LATE_MILLISECONDS, pytest.param(LATE_MILLISECONDS, marks=pytest.mark.prove)])
async def test_five_hundred_different_frames_harm_nobody(house: House, most: float) -> None:
    """How late others hear is measured where nothing else runs; here it shows that nobody had to wait for a frame."""
    eve, bob = await house.person("eve"), await house.person("bob")
    own = await eve.ask(f"fuzz {uuid4()} [[words=1000]] [[rate=10]]")
    asked = await bob.ask(f"stamped {uuid4()} [[words=5000]] [[rate=100]] [[stamp=1]]")
    web, log = psutil.Process(house.pid("web")), house.var / "log" / "web.log"
    quiet, done = log.stat().st_size, asyncio.Event()
    reading = asyncio.create_task(lateness(bob, asked, done))
    try:
        shut = await answered(eve, fuzz(own.generation))
    finally:
        done.set()
        late = await reading
    assert shut >= 10  # after so many the door
    assert web.is_running()
    assert house.pid("web") == web.pid
    with log.open("rb") as file:
        file.seek(quiet)
        assert b"Traceback" not in file.read()
    await asyncio.gather(*(one.post(f"/generations/{a.generation}/stop/") for one, a in ((eve, own), (bob, asked))))
    assert len(late) >= 50
    assert statistics.quantiles(late, n=20)[18] <= most, sorted(late)[-20:]


async def test_tabs_at_odd_places_do_not_slow_the_others(house: House) -> None:
    """All tabs of a process share one blocking read: a place that Redis does not understand would break it for all."""
    eve, bob = await house.person("eve"), await house.person("bob")
    own = await eve.ask(f"odd {uuid4()} [[words=1000]] [[rate=10]]")
    asked = await bob.ask(f"stamped {uuid4()} [[words=1000]] [[rate=20]] [[stamp=1]]")
    done = asyncio.Event()
    async with AsyncExitStack() as opened:
        tabs = [await opened.enter_async_context(eve.socket(close_timeout=0)) for _ in range(4)]
        for tab, cursor in zip(tabs, ("99999999999999999999-0", "1_0-0", "\u0665-0", "+1-0"), strict=True):
            await tab.follow(own, cursor)
        reading = asyncio.create_task(lateness(bob, asked, done))
        await asyncio.sleep(1.5)
        done.set()
        late = await reading
    await asyncio.gather(*(one.post(f"/generations/{a.generation}/stop/") for one, a in ((eve, own), (bob, asked))))
    assert statistics.median(late) <= LATE_MILLISECONDS, sorted(late)[-20:]
