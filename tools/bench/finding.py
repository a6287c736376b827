"""Search and the palette over a million messages of 5,000 people: what somebody waits, and one who has 100,000."""

import random
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from config.supervisor.servers import Postgres
from tools.bench.filling import PEOPLE, fill
from tools.bench.measuring import set_up, waits

LOOKS = 300
HEAVY_LOOKS = 60
Say = Callable[[str], None]


def questions(dice: random.Random, words: list[str]) -> str:
    """Return what somebody might ask: rare and common words, a phrase, a word still being typed, a day, a minus."""
    common, middle = dice.choice(words[:50]), dice.choice(words[50:2_000])
    rare = dice.choice(words[2_000:])
    return dice.choice(
        [
            middle,
            middle,
            rare,
            rare,
            f"{common} {middle}",
            f"{middle} {rare}",
            f'"{common} {middle}"',
            f"{middle} -{common}",
            f"{common} or {middle}",
            f"{middle} after:2020-01-01",
            f"{rare} in:{common}",
            rare[:4],
            common,
        ]
    )


def measure(say: Say) -> dict[str, Any]:
    """Run all of it against a PostgreSQL of its own."""
    with TemporaryDirectory() as directory:
        var = Path(directory)
        (var / "log").mkdir()
        postgres = Postgres(var)
        server = postgres.child()
        server.start()
        try:
            postgres.wait_until_ready()
            deployment = set_up(postgres, var)
            began = time.perf_counter()
            with psycopg.connect(postgres.superuser_url("hearth"), autocommit=True) as superuser:
                words = fill(superuser, deployment)
            say(f"made a million messages in {time.perf_counter() - began:.0f} s")
            return searched(words, say)
        finally:
            server.end()


def searched(words: list[str], say: Say) -> dict[str, Any]:
    """Search as people who are picked by chance, then as the one with 10,000 chats; then type into the palette."""
    dice = random.Random(11)

    def anybody() -> str:
        return f"p{dice.randrange(2, PEOPLE + 1)}@example.org"

    def ask() -> str:
        return "/search/?" + _q(questions(dice, words))

    def type_() -> str:
        return "/search/palette/?" + _q(dice.choice(words[:2_000])[: dice.randrange(2, 6)])

    found = {
        "somebody searches": waits(anybody, ask, LOOKS),
        "one with 100,000 messages searches": waits(lambda: "p1@example.org", ask, HEAVY_LOOKS),
        "somebody types into the palette": waits(anybody, type_, LOOKS),
        "one with 10,000 chats types into the palette": waits(lambda: "p1@example.org", type_, HEAVY_LOOKS),
        "somebody opens the palette": waits(anybody, lambda: "/search/palette/?all=1", HEAVY_LOOKS),
    }
    for name, row in found.items():
        say(f"{name:45} {row}")
    return found


def _q(text: str) -> str:
    from urllib.parse import urlencode

    return urlencode({"q": text})
