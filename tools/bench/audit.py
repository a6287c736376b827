"""The audit log: how fast eight writers write, how fast it is verified, and how long filters take among a million."""

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django
import psycopg
from chains import body_of, write_past

from config.supervisor.servers import Postgres

WRITERS, SECONDS = 8, 10.0
ENTRIES = 1_000_000
PEOPLE, TARGETS = 500, 20_000
QUESTIONS = 40  # of each kind of filter
Say = Callable[[str], None]


def _write(seconds: float) -> int:
    """Write entries as actions do, in a process of its own. Return how many."""
    django.setup()
    from django.db import transaction

    from audit import verbs
    from audit.actions import record
    from audit.entry import Target

    count, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        with transaction.atomic():
            record(verbs.PERSON_ADDED, targets=[Target("person", f"{count}")], changes={"role": (None, "member")})
        count += 1
    return count


def writing(seconds: float) -> dict[str, Any]:
    """Return the rate of eight writers, each commit on the disk before the next."""
    with ProcessPoolExecutor(WRITERS, mp_context=get_context("spawn")) as pool:
        list(pool.map(_write, [0.5] * WRITERS))  # started and connected
        began = time.monotonic()
        count = sum(pool.map(_write, [seconds] * WRITERS))
        took = time.monotonic() - began
    return {"writers": WRITERS, "entries": count, "per_second": round(count / took)}


def bodies(count: int, dice: random.Random) -> Iterator[str]:
    """Yield a house's worth of entries: some people and verbs are busier than others."""
    from audit.verbs import VERBS

    names = list(VERBS)
    for _ in range(count):
        person = f"p{int(dice.paretovariate(1.0)) % PEOPLE}"
        verb = names[min(int(dice.expovariate(0.5)), len(names) - 1)]
        result = "refused" if dice.random() < 0.03 else "done"
        yield body_of(verb, actor=person, target=f"t{dice.randrange(TARGETS)}", result=result)


def filling(postgres: Postgres, count: int) -> datetime:
    """Write a year of entries behind what is there. Return when it began."""
    began = datetime.now(UTC) - timedelta(days=365)
    with psycopg.connect(postgres.superuser_url("hearth")) as connection:
        write_past(connection, bodies(count, random.Random(1)), at=began, step=timedelta(days=364) / count)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE audit_entry")
    return began


def verifying() -> dict[str, Any]:
    """Return how many entries a second are verified, chain, anchors and Merkle roots, in one process."""
    from django.db import connection
    from django.utils import timezone

    from audit import anchors
    from audit.verification import verdict_over

    anchors.make(connection, now=timezone.now())
    began = time.monotonic()
    verdict = verdict_over()
    took = time.monotonic() - began
    return {"sentence": verdict.sentence, "per_second": round(verdict.entries / took)}


def filters(began: datetime) -> dict[str, dict[str, float]]:
    """Return the median and the 95th percentile of each kind of filter, first page and the next, in milliseconds."""
    from audit.queries import Filter, page_of
    from audit.verbs import VERBS

    dice, names = random.Random(2), list(VERBS)

    def someone() -> str:
        return f"p{dice.randrange(PEOPLE)}"

    def days() -> dict[str, Any]:
        since = began + timedelta(days=dice.uniform(0, 360))
        return {"since": since, "until": since + timedelta(days=dice.choice([0.1, 1, 7, 30]))}

    kinds: dict[str, Callable[[], Any]] = {
        "everything": Filter,
        "person": lambda: Filter(actor=someone()),
        "verb": lambda: Filter(verb=dice.choice(names)),
        "target": lambda: Filter(target=f"t{dice.randrange(TARGETS)}"),
        "refused": lambda: Filter(result="refused"),
        "time": lambda: Filter(**days()),
        "person and verb": lambda: Filter(actor=someone(), verb=dice.choice(names)),
        "person, refused": lambda: Filter(actor=someone(), result="refused"),
        "verb and time": lambda: Filter(verb=dice.choice(names), **days()),
        "person, verb and time": lambda: Filter(actor=someone(), verb=dice.choice(names), **days()),
        "target and verb": lambda: Filter(target=f"t{dice.randrange(TARGETS)}", verb=dice.choice(names)),
        "nobody": lambda: Filter(actor="nobody", target="nothing"),
    }
    return {kind: _times(make, page_of) for kind, make in kinds.items()}


def _times(make: Callable[[], Any], page_of: Callable[..., list[Any]]) -> dict[str, float]:
    took = []
    for _ in range(QUESTIONS):
        wish, before = make(), None
        for _ in range(2):
            began = time.monotonic()
            page = page_of(wish, before=before)
            took.append(1000 * (time.monotonic() - began))
            before = page[-1].seq if page else None
            if before is None:
                break
    ordered = sorted(took)
    return {"median_ms": round(statistics.median(took), 1), "p95_ms": round(ordered[int(0.95 * len(ordered))], 1)}


def measure(say: Say, *, entries: int = ENTRIES, seconds: float = SECONDS) -> dict[str, Any]:
    """Run all of it against a PostgreSQL of its own, which writes to the disk as it does in a house."""
    with TemporaryDirectory() as directory:
        var = Path(directory)
        (var / "log").mkdir()
        postgres = Postgres(var)
        server = postgres.child()
        server.start()
        try:
            postgres.wait_until_ready()
            return _measure(postgres, var, say, entries, seconds)
        finally:
            server.end()


def _measure(postgres: Postgres, var: Path, say: Say, entries: int, seconds: float) -> dict[str, Any]:
    os.environ |= {"HEARTH_VAR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ |= {"HEARTH_DATABASE_URL": postgres.url, "HEARTH_OWNER_DATABASE_URL": postgres.owner_url}
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    del os.environ["HEARTH_OWNER_DATABASE_URL"]  # the writers have the application's role
    found: dict[str, Any] = {"writing": writing(seconds)}
    say(f"writing    {found['writing']}")
    began = filling(postgres, entries)
    found["verifying"] = verifying()
    say(f"verifying  {found['verifying']}")
    found["filters"] = filters(began)
    for kind, times in found["filters"].items():
        say(f"filter     {kind:24} {times}")
    connection.close()
    return found
