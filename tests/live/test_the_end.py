"""The end of everything at once, the start after it, and the end by Ctrl-C. Stands last: it ends the house."""

import re
import time
from collections.abc import Iterator

import httpx
import psutil
import pytest
from aftermath import processes_of
from house import House, eventually

pytestmark = pytest.mark.slow

CHILDREN = {"postgres", "valkey", "web", "host", "housekeeping", "beat"}
WARM_SECONDS, GONE_SECONDS = 15, 5


def test_a_killed_supervisor_leaves_no_process_behind_and_starts_again_soon(house: House) -> None:
    eventually(house.engine_pids, what="the engine")
    assert house.process is not None
    alive = {process.pid: process for process in processes_of(house)}
    assert {house.pid(name) for name in CHILDREN} | set(house.engine_pids()) <= set(alive)
    house.process.kill()
    house.process.wait()

    def left() -> list[str]:
        dead = (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
        known = [one for one in alive.values() if one.is_running() and one.status() not in dead]
        return [f"{one.pid} {one.name()}" for one in [*known, *processes_of(house)]]

    deadline = time.monotonic() + GONE_SECONDS
    while left() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left() == []
    house.start()
    assert httpx.get(f"{house.origin}/account/login/").status_code == 200


@pytest.mark.prove
def test_it_starts_soon_over_its_data(house: House) -> None:
    house.stop()
    assert min(started_in(house)) <= WARM_SECONDS


def started_in(house: House) -> Iterator[float]:
    """Start the house over its data, and twice more where a busy machine was slow. Yield the printed seconds."""
    for _ in range(3):
        printed = house.start()
        found = re.search(r"^Hearth +\S+ \(([\d.]+) s\)", printed, re.MULTILINE)
        assert found, printed
        yield (seconds := float(found[1]))
        if seconds <= WARM_SECONDS:
            return
        house.stop()
    house.start()


def test_the_end_is_anchored(house: House) -> None:
    anchors = house.var / "anchors" / "anchors.jsonl"
    house.run("from audit.actions import note_reading; note_reading({})")  # else there may be nothing new to anchor
    before = len(anchors.read_text().splitlines())
    assert house.stop() < 10
    assert len(anchors.read_text().splitlines()) > before
    assert '"audit.anchor_failed"' not in (house.var / "log" / "housekeeping.log").read_text()
