"""Who stays unwell in a container is ended, so that it begins anew; nobody is for the silence of others."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from config.env import ROOT

# `python manage.py healthy --role X` says what stands in a file named for the role.
PYTHON = """#!/bin/sh
exit "$(cat "$ANSWERS/$4" 2>/dev/null || echo 0)"
"""


@pytest.fixture
def parent() -> Iterator["subprocess.Popen[bytes]"]:
    """What stands for a container's first process: it has one child, which sleeps."""
    process = subprocess.Popen(["sh", "-c", "sleep 60 & wait"], start_new_session=True)
    deadline = time.monotonic() + 5
    while not children(process.pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    yield process
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def looked(tmp_path: Path, parent: "subprocess.Popen[bytes]", role: str, **answers: str) -> int:
    """Look once, as Docker does, and with no patience where none is said. Return the exit code."""
    seconds = answers.pop("seconds", "0")
    program = tmp_path / "bin" / "python"
    program.parent.mkdir(exist_ok=True)
    program.write_text(PYTHON)
    program.chmod(0o755)
    for name, code in answers.items():
        (tmp_path / name).write_text(code)
    env = {"PATH": f"{program.parent}:{os.environ['PATH']}", "ANSWERS": str(tmp_path), "ALIVE_NOTES": str(tmp_path)}
    env |= {"ALIVE_FIRST": str(parent.pid), "ALIVE_HOME": str(tmp_path), "ALIVE_GRACE": "0.3"}
    env["ALIVE_SECONDS"] = seconds
    return subprocess.run([ROOT / "tools/compose/alive", role], env=env, capture_output=True, check=False).returncode


def test_who_is_unwell_four_times_in_a_row_is_ended(tmp_path: Path, parent: "subprocess.Popen[bytes]") -> None:
    assert [looked(tmp_path, parent, "host", host="1") for _ in range(3)] == [1, 1, 1]
    assert looked(tmp_path, parent, "host", host="0") == 0  # in a row: this begins anew
    assert [looked(tmp_path, parent, "host", host="1") for _ in range(3)] == [1, 1, 1]
    assert len(children(parent.pid)) == 1
    assert looked(tmp_path, parent, "host", host="1") == 1
    assert parent.wait(5) == 0  # as a container ends with what it was there for


def test_one_that_stands_still_is_ended_too(tmp_path: Path, parent: "subprocess.Popen[bytes]") -> None:
    [frozen] = children(parent.pid)
    os.kill(frozen, signal.SIGSTOP)
    for _ in range(4):
        looked(tmp_path, parent, "web", web="1")
    assert parent.wait(5) == 0


@pytest.mark.parametrize("role", ["host", "housekeeping"])
def test_without_beat_no_worker_is_ended(tmp_path: Path, parent: "subprocess.Popen[bytes]", role: str) -> None:
    for _ in range(8):
        assert looked(tmp_path, parent, role, beat="1", **{role: "1"}) == 1
    assert len(children(parent.pid)) == 1


def test_one_who_still_begins_is_not_ended_however_often_docker_asks(
    tmp_path: Path, parent: "subprocess.Popen[bytes]"
) -> None:
    assert [looked(tmp_path, parent, "host", seconds="80", host="1") for _ in range(6)] == [1] * 6
    assert len(children(parent.pid)) == 1
    (tmp_path / "unwell").write_text(f"{time.time() - 85:.0f}\n" * 6)
    looked(tmp_path, parent, "host", seconds="80", host="1")
    assert parent.wait(5) == 0


@pytest.mark.parametrize("role", ["host", "housekeeping", "beat"])
def test_without_redis_nobody_is_ended(tmp_path: Path, parent: "subprocess.Popen[bytes]", role: str) -> None:
    for _ in range(8):
        assert looked(tmp_path, parent, role, **{"beat": "3", role: "3"}) == 1
    assert len(children(parent.pid)) == 1
