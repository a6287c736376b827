"""Set-up mends what an interrupted one left, and compiles llama.cpp again when that is asked for."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Python whose venv module works, and the environment that it makes: everything writes down how it was called.
PYTHON = """#!/bin/sh
[ "$2" = venv ] || exit 0
rm -rf .venv && mkdir -p .venv/bin && cp fakes/inside .venv/bin/python && cp fakes/uv .venv/bin/uv
"""
INSIDE = """#!/bin/sh
echo "python $*" >>calls
"""
UV = """#!/bin/sh
echo "uv $* CMAKE_ARGS=$CMAKE_ARGS" >>calls
"""
BROKEN = """#!/bin/sh
[ "$2" = pip ] && exit 1
exit 0
"""


def put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(0o755)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which everything but set-up itself is a fake."""
    for name in ("requirements/uv.txt", "requirements/run.txt", "requirements/dev.txt", "pyproject.toml"):
        put(tmp_path / name, name)
    for name in ("tools/llama.cmake", "tools/words.py", "locale/de/LC_MESSAGES/django.po", "package.json"):
        put(tmp_path / name, name)
    for name in ("package-lock.json", "tools/vendor.mjs"):
        put(tmp_path / name, name)
    put(tmp_path / "tools/node", "#!/bin/sh\nmkdir -p static/vendor\n")
    put(tmp_path / ".setup/node/bin/node", "#!/bin/sh\n")
    for name, text in (("python", PYTHON), ("inside", INSIDE), ("uv", UV)):
        put(tmp_path / "fakes" / name, text)
    shutil.copy(ROOT / "tools/setup", tmp_path / "tools/setup")
    return tmp_path


def set_up(checkout: Path, **env: str) -> list[str]:
    """Set up for running. Return how uv was called to install packages."""
    calls = checkout / "calls"
    calls.write_text("")
    clean = {name: value for name, value in os.environ.items() if name not in ("CMAKE_ARGS", "HEARTH_CUDA")}
    clean |= {"PYTHON_FOR_SETUP": str(checkout / "fakes/python"), **env}
    with (checkout / "said").open("w") as said:  # a file: the clock's last tick would keep a pipe open
        done = subprocess.run([checkout / "tools/setup", "run"], env=clean, stdout=said, stderr=said, check=False)
    assert done.returncode == 0, (checkout / "said").read_text()
    return [line for line in calls.read_text().splitlines() if "run.txt" in line and line.startswith("uv")]


def test_an_environment_without_pip_is_made_anew(checkout: Path) -> None:
    put(checkout / ".venv/bin/python", BROKEN)
    assert len(set_up(checkout)) == 1
    assert (checkout / ".venv/bin/python").read_text() == INSIDE


def test_what_is_done_is_skipped_unless_the_environment_is_gone(checkout: Path) -> None:
    assert len(set_up(checkout)) == 1
    assert set_up(checkout) == []
    shutil.rmtree(checkout / ".venv")
    assert len(set_up(checkout)) == 1


def test_cuda_after_the_processor_compiles_again_and_stays(checkout: Path) -> None:
    (plain,) = set_up(checkout)
    assert "GGML_CUDA" not in plain
    (cuda,) = set_up(checkout, HEARTH_CUDA="1")
    assert "--reinstall-package llama-cpp-python --no-cache" in cuda
    assert "-DGGML_CUDA=on" in cuda
    assert set_up(checkout) == []
    (back,) = set_up(checkout, HEARTH_CUDA="0")
    assert "--reinstall-package" in back
    assert "GGML_CUDA" not in back


def test_the_wheels_of_a_bundle_are_installed_and_no_index_is_asked(checkout: Path) -> None:
    for name in ("run", "uv"):
        put(checkout / "wheels" / f"{name}.txt", name)
    (asked,) = set_up(checkout)
    wheels = checkout / "wheels"
    assert f"pip install -q --no-index --find-links {wheels} --require-hashes -r {wheels}/run.txt" in asked
    calls = (checkout / "calls").read_text()
    assert f"--no-index --find-links {wheels} --require-hashes -r {wheels}/uv.txt" in calls
    assert calls.count("--no-index") == 3  # and Hearth itself
    assert set_up(checkout) == []


def test_a_folder_that_holds_no_bundle_is_refused(checkout: Path) -> None:
    env = os.environ | {"PYTHON_FOR_SETUP": str(checkout / "fakes/python"), "HEARTH_WHEELS": str(checkout)}
    done = subprocess.run([checkout / "tools/setup", "run"], env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (1, f"HEARTH_WHEELS={checkout} holds no wheels of a bundle.")
