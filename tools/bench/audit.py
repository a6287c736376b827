"""The audit log: how fast eight writers write, how fast it is verified, and how long filters and pages take among a
million entries.
"""

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import combinations
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
    """Return the rate of eight writers, each commit on the disk before the next, and of one alone: the disk's own."""
    with ProcessPoolExecutor(WRITERS, mp_context=get_context("spawn")) as pool:
        list(pool.map(_write, [0.5] * WRITERS))  # started and connected
        began = time.monotonic()
        count = sum(pool.map(_write, [seconds] * WRITERS))
        took = time.monotonic() - began
        alone = pool.submit(_write, seconds / 2).result() / (seconds / 2)
    return {"writers": WRITERS, "entries": count, "per_second": round(count / took), "alone_per_second": round(alone)}


def bodies(count: int, dice: random.Random) -> Iterator[str]:
    """Yield a house's worth of entries: some people and verbs are busier than others, models were deployed long ago."""
    names = _verbs()
    for n in range(count):
        verb = names[min(int(dice.expovariate(0.3)), len(names) - 1)]
        if verb.startswith("models.") and n > count // 10:
            verb = names[0]
        kind, of = {"mode": ("deployment", 3), "chat": ("conversation", TARGETS)}.get(verb[:4], ("person", PEOPLE))
        yield body_of(
            verb,
            actor=f"p{int(dice.paretovariate(1.0)) % PEOPLE}",
            kind=kind,
            target=f"{kind[0]}{int(dice.paretovariate(0.5)) % of}",
            result="refused" if verb.endswith("refused") or dice.random() < 0.03 else "done",
        )


def _verbs() -> list[str]:
    from audit.verbs import VERBS

    return list(VERBS)


def filling(postgres: Postgres, count: int) -> datetime:
    """Write a year of entries, the index of tags made once at the end. Return when it began."""
    began = datetime.now(UTC) - timedelta(days=365)
    with psycopg.connect(postgres.superuser_url("hearth")) as connection:
        (index,) = connection.execute("SELECT pg_get_indexdef('audit_by_tags'::regclass)").fetchone() or ("",)
        connection.execute("DROP INDEX audit_by_tags")
        write_past(connection, bodies(count, random.Random(1)), at=began, step=timedelta(days=364) / count)
        connection.execute(index)
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
    """Return how long every filter and every two take, first page and the next: common values, rare ones, none."""
    from audit.queries import Filter, page_of

    dice = random.Random(2)

    def days() -> dict[str, Any]:
        since = began + timedelta(days=dice.uniform(0, 360))
        return {"since": since, "until": since + timedelta(days=dice.choice([0.1, 1, 7, 30, 300]))}

    def one(kind: str) -> Callable[[], dict[str, Any]]:
        return lambda: {kind: dice.choice(values[kind])}

    values = {
        "actor": ["p1", "p2", *(f"p{dice.randrange(PEOPLE)}" for _ in range(6)), "nobody"],
        "verb": _verbs(),
        "kind": ["person", "team", "deployment", "conversation"],
        "target": ["p1", "p2", "d1", *(f"c{dice.randrange(TARGETS)}" for _ in range(6)), "nothing"],
        "result": ["done", "refused"],
    }
    kinds: dict[str, Callable[[], dict[str, Any]]] = {kind: one(kind) for kind in values} | {"time": days}
    found = {"everything": _times(Filter, page_of)}
    for names in [*combinations(kinds, 1), *combinations(kinds, 2)]:

        def mixed(names: tuple[str, ...] = names) -> Filter:
            return Filter(**{field: value for name in names for field, value in kinds[name]().items()})

        found[" and ".join(names)] = _times(mixed, page_of)
    return found


def pages() -> dict[str, dict[str, float]]:
    """Return how long the auditors' page takes in the server, chart counted anew and remembered, search for people."""
    from django.contrib.auth import get_user_model
    from django.core.cache import cache
    from django.test import Client

    people = get_user_model()._default_manager
    people.bulk_create(
        [people.model(email=f"p{n}@example.org", display_name=f"Person {n}", password="!") for n in range(PEOPLE)]
    )
    auditor = people.create(email="auditor@example.org", organisation_role="auditor")
    client = Client(SERVER_NAME="localhost")
    client.force_login(auditor, backend="allauth.account.auth_backends.AuthenticationBackend")
    addresses = {
        "the log": "/audit/",
        "90 days": "/audit/?days=90",
        "kind and verb": "/audit/?kind=conversation&verb=accounts.signed_in",
        "people": "/audit/?person=person",
    }
    found = {}
    for name, address in addresses.items():
        for chart in ("cold", "warm"):
            took = []
            for _ in range(QUESTIONS // 2):
                if chart == "cold":
                    cache.clear()
                began = time.monotonic()
                assert client.get(address).status_code == 200
                took.append(1000 * (time.monotonic() - began))
            found[f"{name}, {chart}"] = _summary(took)
    return found


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
    return _summary(took)


def _summary(took: list[float]) -> dict[str, float]:
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
    began = filling(postgres, entries)  # first: the log's order is that of time
    found: dict[str, Any] = {"writing": writing(seconds)}
    say(f"writing    {found['writing']}")
    found["verifying"] = verifying()
    say(f"verifying  {found['verifying']}")
    found["filters"] = filters(began)
    for kind, times in found["filters"].items():
        say(f"filter     {kind:24} {times}")
    found["pages"] = pages()
    for kind, times in found["pages"].items():
        say(f"page       {kind:24} {times}")
    connection.close()
    return found
