"""The doors for machines answer before anything else does, whatever hangs."""

import asyncio
import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from knocking import Told, knock
from servers import Servers

from health import probing, pulses
from health.checks import NAMES, Found
from health.probes import DOORS, Probes
from health.probing import ORDER, Source

TOKEN = b"f" * 64
OF_DATABASE = {"database", "sweeps", "anchors", "deletions"}
OF_REDIS = {"redis", "beat", "housekeeping", "hosts"}


async def nobody(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("nothing behind the doors is asked")


probes = Probes(nobody)


def well(source: str) -> list[Found]:
    return [Found(name, True) for name in NAMES[source]]


@contextmanager
def asked(**asks: Callable[[], list[Found]]) -> Iterator[dict[str, Source[list[Found]]]]:
    """Answer for the sources; those that are not named are well."""
    usual = {name: lambda name=name: well(name) for name in NAMES}
    sources = {name: Source(ask) for name, ask in (usual | asks).items()}
    with patch.object(probing, "sources", lambda: sources):
        yield sources


def red(told: Told) -> set[str]:
    said = json.loads(told.body)
    return {name for name, state in said["checks"].items() if state != "ok"}


async def test_a_process_that_answers_says_so_without_asking_anybody() -> None:
    with asked() as sources:
        told = await knock(probes, "/healthz")
    assert all(source.future is None for source in sources.values()), "nobody was asked"
    assert (told.status, told.body) == (200, b"ok\n")
    assert told.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_nothing_can_be_sent(path: str, method: str) -> None:
    told = await knock(probes, path, method=method)
    assert (told.status, told.headers["allow"], told.body) == (405, "GET, HEAD", b"")


async def test_ready_means_that_every_check_is_well() -> None:
    with asked():
        told = await knock(probes, "/readyz")
        head = await knock(probes, "/readyz", method="HEAD")
    assert (told.status, json.loads(told.body)) == (200, {"ready": True, "checks": dict.fromkeys(ORDER, "ok")})
    assert (head.status, head.body) == (200, b"")


async def test_one_red_check_is_not_ready_and_strangers_learn_its_name_alone() -> None:
    full = [Found("disk", False, {"full": {"files": 5}, "least": 5})]
    with asked(disk=lambda: full):
        told = await knock(probes, "/readyz")
    assert (told.status, red(told)) == (503, {"disk"})
    assert set(json.loads(told.body)["checks"].values()) == {"ok", "failing"}


@pytest.mark.slow
async def test_what_hangs_is_red_within_three_seconds_and_costs_one_thread() -> None:
    over, threads = threading.Event(), []

    def hang() -> list[Found]:
        threads.append(threading.current_thread())
        over.wait(30)
        return well("database")

    with asked(database=hang):
        began = time.monotonic()
        first = await knock(probes, "/readyz")
        several = await asyncio.gather(*(knock(probes, "/readyz") for _ in range(5)))
        took = time.monotonic() - began
        assert {frozenset(red(told)) for told in (first, *several)} == {frozenset(OF_DATABASE)}
        assert took < 2 * 3
        assert len(threads) == 1
        over.set()
        threads[0].join()
        assert red(await knock(probes, "/readyz")) == set()


async def test_an_error_is_red_and_says_nothing() -> None:
    def fail() -> list[Found]:
        raise OSError("secret path")

    with asked(redis=fail):
        told = await knock(probes, "/readyz")
    assert red(told) == OF_REDIS
    assert b"secret" not in told.body


async def test_who_asks_at_once_is_answered_once() -> None:
    count = []

    def count_up() -> list[Found]:
        count.append(1)
        return well("redis")

    with asked(redis=count_up):
        await asyncio.gather(*(knock(probes, "/readyz") for _ in range(20)))
    assert len(count) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
async def test_a_redis_that_stands_still_is_red_in_time_and_green_again(servers: Servers) -> None:
    valkey = servers.children["valkey"].process
    assert valkey is not None
    for whose in (pulses.BEAT, pulses.HOUSEKEEPING, pulses.of_host()):
        pulses.mark(whose)
    before = red(await knock(probes, "/readyz"))
    assert not before & (OF_REDIS | {"database"})
    valkey.send_signal(signal.SIGSTOP)
    try:
        await asyncio.sleep(1.1)  # an answer serves for a second
        began = time.monotonic()
        assert red(await knock(probes, "/readyz")) - before == OF_REDIS
        assert time.monotonic() - began < 3
    finally:
        valkey.send_signal(signal.SIGCONT)
    await asyncio.sleep(1.5)
    assert red(await knock(probes, "/readyz")) == before


async def test_figures_open_to_the_token_alone(tmp_path: Path, settings: Any) -> None:
    settings.METRICS_TOKEN_FILE = None
    assert (await knock(probes, "/metrics")).status == 404
    settings.METRICS_TOKEN_FILE = tmp_path / "token"
    assert (await knock(probes, "/metrics")).status == 404, "a token that is not there opens nothing"
    settings.METRICS_TOKEN_FILE.write_bytes(b"\n")
    assert (await knock(probes, "/metrics", headers=[(b"authorization", b"Bearer ")])).status == 404
    settings.METRICS_TOKEN_FILE.write_bytes(TOKEN + b"\n")
    for said in (None, b"Bearer wrong", TOKEN, b"Basic " + TOKEN, b"Bearer \xff"):
        headers = [(b"authorization", said)] if said else []
        told = await knock(probes, "/metrics", headers=headers)
        assert (told.status, told.headers["www-authenticate"]) == (401, "Bearer")
        assert b"hearth_" not in told.body


def test_the_order_of_pages_names_every_check() -> None:
    assert sorted(ORDER) == sorted(name for names in NAMES.values() for name in names)
