"""A house's database for a benchmark, and what people wait for its pages."""

import gc
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from config.supervisor.servers import Postgres

PART = {"X-Hearth-Partial": "part"}


def set_up(postgres: Postgres, var: Path, *, redis: str = "") -> Any:
    """Migrate an empty database. Return the id of a model."""
    os.environ |= {"HEARTH_VAR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ |= {"HEARTH_DATABASE_URL": postgres.url, "HEARTH_OWNER_DATABASE_URL": postgres.owner_url}
    os.environ |= {"HEARTH_REDIS_URL": redis} if redis else {}
    django.setup()
    from django.core.management import call_command

    from models_admin.models import Deployment

    call_command("migrate", verbosity=0)
    gc.collect()
    gc.freeze()  # as the web process does
    return Deployment.objects.create(path="stub:", name="Stub").pk


def _worked() -> Callable[[], float]:
    """Return how to read the processor's time (s) of this process and of its PostgreSQL backend: the same when busy."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        spent = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return lambda: time.process_time() + int(spent.read_text().split()[0]) / 1e9


def waits(
    who: Callable[[], str], what: Callable[[], str], looks: int, *, warm: int = 5, partial: bool = True
) -> dict[str, Any]:
    """Return the queries, the server's time and its work (ms) of `looks` requests, each of somebody for something."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User

    took, work, queries, worked = [], [], 0, _worked()
    for n in range(looks + warm):
        client = Client(SERVER_NAME="localhost", headers=PART if partial else {})
        person = User.objects.get(email=who())
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        path = what()
        if n < warm:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200, path
            queries = max(queries, len(captured))
            continue
        began, before = time.perf_counter(), worked()
        client.get(path)
        took.append(1000 * (time.perf_counter() - began))
        work.append(1000 * (worked() - before))
    return row(took) | {f"work_{name}": value for name, value in row(work).items()} | {"queries": queries}


def row(took: list[float]) -> dict[str, float]:
    """Return the median, the 95th percentile and the longest of some milliseconds."""
    ordered = sorted(took)
    p95 = ordered[int(0.95 * len(ordered))]
    return {"median_ms": round(statistics.median(ordered), 1), "p95_ms": round(p95, 1), "max_ms": round(ordered[-1], 1)}
