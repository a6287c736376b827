"""A house whose processes stand still says so, and says when they are back: by pulses that go the whole way.

Pulses are quick here; that they are in time with the settings of a house is a long proof.
"""

import asyncio
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest
from aftermath import rows
from house import ROOT, House, Person, eventually, in_use
from websockets.exceptions import InvalidStatus

pytestmark = pytest.mark.slow

PULSE_SECONDS, IN_TIME = 4.0, 60
MODEL = "stub:?words=60&rate=30&slots=8"
TOKEN = secrets.token_hex(32)
SPELLS = "SELECT count(*) FROM health_spell WHERE until IS NULL"


@pytest.fixture(scope="module")
def standing_house(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house of its own: what stands still here is none of the others'. The long proofs take what a house has."""
    var = tmp_path_factory.mktemp("health")
    (var / "token").touch(mode=0o600)
    (var / "token").write_text(TOKEN)
    quick = {} if pytestconfig.getoption("markexpr") == "prove" else {"HEARTH_PULSE_SECONDS": str(PULSE_SECONDS)}
    yield from in_use(var, MODEL, HEARTH_METRICS_TOKEN_FILE=str(var / "token"), **quick)


@pytest.fixture
def quick_house(standing_house: House) -> House:
    """The house, with every check well."""
    until_green(standing_house, 60)
    return standing_house


def until_green(house: House, seconds: float) -> None:
    """Wait until every check is well; say which is not."""
    with suppress(AssertionError):
        eventually(lambda: not red(house), seconds=seconds)
    assert red(house) == set()


def red(house: House) -> set[str]:
    """Return the red checks, within three seconds."""
    began = time.monotonic()
    told = httpx.get(f"{house.origin}/readyz", timeout=10)
    assert time.monotonic() - began < 3
    checks = told.json()["checks"]
    found = {name for name, state in checks.items() if state != "ok"}
    assert told.status_code == (503 if found else 200)
    return found


@contextmanager
def standing_still(house: House, name: str) -> Iterator[None]:
    house.kill(name, signal.SIGSTOP)
    try:
        yield
    finally:
        house.kill(name, signal.SIGCONT)


def healthy(house: House, role: str) -> bool:
    """Ask as a container's health check does."""
    command = [sys.executable, str(ROOT / "manage.py"), "healthy", "--role", role, "--port", str(house.port)]
    env = house.env | house.servers | {"HEARTH_SECRET_KEY_FILE": str(house.var / "secret_key")}
    return subprocess.run(command, env=env, capture_output=True, check=False).returncode == 0


def is_found_and_over(house: House, name: str, expected: set[str], *, within: float) -> None:
    """Let a process stand still: it is found in time, and green again soon when it goes on."""
    with standing_still(house, name):
        began = time.monotonic()
        eventually(lambda: red(house) >= expected, seconds=within, what=f"{name} is found")
        assert time.monotonic() - began <= within
        assert httpx.get(f"{house.origin}/healthz").status_code == 200
        if name in ("host", "housekeeping", "beat"):
            assert not healthy(house, name)
    until_green(house, within)


STILL = [("housekeeping", {"housekeeping"}), ("host", {"hosts"}), ("beat", {"beat", "housekeeping", "hosts"})]


@pytest.mark.parametrize(("name", "expected"), STILL, ids=[name for name, _ in STILL])
def test_a_process_that_stands_still_is_found(quick_house: House, name: str, expected: set[str]) -> None:
    is_found_and_over(quick_house, name, expected, within=20)


@pytest.mark.prove
@pytest.mark.parametrize(("name", "expected"), STILL, ids=[name for name, _ in STILL])
def test_a_process_that_stands_still_is_found_within_a_minute(
    quick_house: House, name: str, expected: set[str]
) -> None:
    is_found_and_over(quick_house, name, expected, within=IN_TIME)


def test_a_redis_that_stands_still_is_found_at_once(quick_house: House) -> None:
    is_found_and_over(quick_house, "valkey", {"redis", "beat", "housekeeping", "hosts"}, within=20)


def postgres_of(house: House) -> list[int]:
    """Return every process of the database server."""
    import psutil

    parent = psutil.Process(house.pid("postgres"))
    return [parent.pid, *(child.pid for child in parent.children(recursive=True))]


def test_a_database_that_stands_still_is_found_at_once(quick_house: House) -> None:
    pids = postgres_of(quick_house)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        eventually(lambda: red(quick_house) >= {"database", "sweeps", "anchors"}, seconds=10, what="found")
        assert "redis" not in red(quick_house)
    finally:
        for pid in reversed(pids):
            os.kill(pid, signal.SIGCONT)
    until_green(quick_house, 30)


def test_containers_are_healthy(quick_house: House) -> None:
    assert {role: healthy(quick_house, role) for role in ("web", "host", "housekeeping", "beat")} == dict.fromkeys(
        ("web", "host", "housekeeping", "beat"), True
    )


async def test_monitoring_reads_figures_with_the_token(quick_house: House) -> None:
    ada = await quick_house.person("ada")
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with ada.socket() as tab:
        asked = await ada.ask("How warm is it? [[words=20]]")
        await tab.follow(asked)
        await tab.until("answer.ended")
        async with httpx.AsyncClient(base_url=quick_house.origin) as prometheus:
            assert (await prometheus.get("/metrics")).status_code == 401
            told = await prometheus.get("/metrics", headers=headers)
    stranger = Person(quick_house, httpx.AsyncClient(base_url=quick_house.origin, headers=headers))
    with pytest.raises(InvalidStatus):
        async with stranger.socket():
            pass
    after = await stranger.http.get("/metrics")
    assert "hearth_sockets_open 0.0" in after.text, "who is gone and who was refused are not counted"
    assert told.status_code == 200
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "hearth_sockets_open 1.0" in told.text
    assert re.search(r"^hearth_socket_frames_sent_total [1-9]", told.text, re.MULTILINE)
    assert 'hearth_source_up{source="database"} 1.0' in told.text
    assert 'hearth_check_ok{check="hosts"} 1.0' in told.text
    assert 'hearth_http_requests_total{method="POST",route="chat:begin",status="3xx"}' in told.text
    assert asked.generation not in told.text


async def test_probes_need_no_name_and_no_tls(quick_house: House) -> None:
    async with httpx.AsyncClient(base_url=quick_house.origin) as stranger:
        for path in ("/healthz", "/readyz"):
            assert (await stranger.get(path, headers={"Host": "10.9.8.7:8000"})).status_code == 200
        many = await asyncio.gather(*(stranger.get("/healthz") for _ in range(200)))
    assert {one.status_code for one in many} == {200}, "nobody is too often asked whether it answers"


def test_housekeeping_writes_down_how_everything_is(quick_house: House) -> None:
    eventually(lambda: rows(quick_house, SPELLS) == [(9,)], seconds=45, what="the first look")
