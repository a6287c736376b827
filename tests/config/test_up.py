"""`manage.py up` says what is wrong in one sentence, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from house import ROOT, House, eventually
from tiny_gguf import write_tiny_gguf

from config.supervisor.servers import run_directory


def up(var: Path, *words: str) -> "subprocess.Popen[str]":
    env = {name: value for name, value in os.environ.items() if not name.startswith(("HEARTH_", "DJANGO_"))}
    command = [sys.executable, str(ROOT / "manage.py"), "up", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=env | {"HEARTH_VAR": str(var)}, stdout=pipe, stderr=pipe, text=True)


def refusal(process: "subprocess.Popen[str]") -> str:
    _, error = process.communicate(timeout=20)
    assert process.returncode == 1
    assert len(error.strip().splitlines()) == 1, error
    return error


def servers_of(var: Path) -> list[int]:
    """Return every process that names this directory."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(var).encode() in file.read_bytes() and int(file.parent.name) != os.getpid():
                found.append(int(file.parent.name))
        except OSError:
            continue
    return found


def test_a_busy_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"Port {port} is taken" in refusal(up(tmp_path, "--port", str(port)))
    assert servers_of(tmp_path) == []


def test_a_missing_model_is_one_sentence(tmp_path: Path) -> None:
    assert "There is no model file at nowhere.gguf." in refusal(up(tmp_path, "--model", "nowhere.gguf"))


@pytest.mark.slow
def test_a_second_supervisor_a_restart_and_a_kill(tmp_path: Path) -> None:
    first = up(tmp_path, "--only", "postgres,valkey")
    noted = tmp_path / "processes.json"
    eventually(noted.exists, what="the servers")
    try:
        assert "Hearth runs already" in refusal(up(tmp_path, "--only", "postgres,valkey"))
        before = noted.read_text()
        os.kill(int(before.split('"valkey": ')[1].strip("}")), signal.SIGKILL)
        eventually(lambda: noted.read_text() != before, seconds=10, what="the restart")
    finally:
        first.kill()
        first.communicate()
    eventually(lambda: servers_of(tmp_path) == [], seconds=10, what="the end of all")


@pytest.mark.slow
def test_control_c_ends_in_order_and_the_data_stays(tmp_path: Path) -> None:
    for _ in range(2):
        process = up(tmp_path, "--only", "postgres,valkey")
        eventually((tmp_path / "processes.json").exists, what="the servers")
        assert secret(tmp_path)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        assert process.returncode == 0
        assert time.monotonic() - began < 10
        assert servers_of(tmp_path) == []
        assert secret(tmp_path)
    assert (tmp_path / "postgres" / "PG_VERSION").exists()


def secret(var: Path) -> bool:
    """Whether what only its owner may see is for its owner alone."""
    names = ("postgres_password", "postgres_owner_password", "postgres_app_password", "postgres")
    return not any(path.stat().st_mode & 0o077 for path in [run_directory(var), *(var / name for name in names)])


@pytest.mark.prove
def test_without_a_model_the_builtin_one_is_hosted_and_a_chosen_one_stays(tmp_path: Path) -> None:
    assert "Model      Hearth demo\n" in started(tmp_path, "")
    assert "Model      tiny\n" in started(tmp_path, str(write_tiny_gguf(tmp_path / "tiny.gguf")))
    assert "Model      tiny\n" in started(tmp_path, "")


def started(var: Path, model: str) -> str:
    """Start a whole house and end it. Return what it printed."""
    house = House(var, model)
    printed = house.start()
    house.stop()
    return printed
