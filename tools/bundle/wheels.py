"""The wheels of a bundle: each as its hash in the lock file says, and llama.cpp compiled for any x86-64 with AVX2."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from packaging.utils import canonicalize_name, parse_wheel_filename

from tools.bundle.tree import CannotBundle
from tools.locked import Locked, requirements
from tools.verify_bundle import hash_of

LLAMA = "llama-cpp-python"
GENERIC = "-DLLAVA_BUILD=OFF -DGGML_NATIVE=OFF -DCMAKE_PROJECT_INCLUDE={root}/tools/llama.cmake"


def of_set(root: Path, name: str) -> list[Locked]:
    """Return what this machine needs of a requirement set."""
    return [one for one in requirements(root / "requirements" / f"{name}.txt") if one.is_for_here]


def download(python: Path, wanted: Iterable[Locked], into: Path) -> None:
    """Fetch wheels through pip, each compared with its hash."""
    into.mkdir(parents=True, exist_ok=True)
    asked = into / "asked.txt"
    asked.write_text("".join(one.line(one.hashes) for one in wanted))
    command = [str(python), "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary", ":all:", "--require-hashes", "-r", str(asked), "-d", str(into)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    asked.unlink()
    if done.returncode:
        raise CannotBundle(f"Wheels could not be fetched: {done.stderr.strip().splitlines()[-1]}")


def llama(root: Path, python: Path, wanted: Locked, *, given: Path | None) -> Path:
    """Return the wheel of llama.cpp: a given one, the one of an earlier bundle, or one that is compiled now."""
    if given is not None:
        _check_name(given, wanted)
        return given
    kept = root / ".setup" / "bundle"
    made = sorted(kept.glob(f"llama_cpp_python-{wanted.version}-*.whl"))
    return made[0] if made else _compile(root, python, wanted, kept)


def _check_name(given: Path, wanted: Locked) -> None:
    name, version, _, _ = parse_wheel_filename(given.name)
    if (name, str(version)) != (canonicalize_name(wanted.name), wanted.version):
        raise CannotBundle(f"{given.name} is not {wanted.name} {wanted.version}.")


def _compile(root: Path, python: Path, wanted: Locked, into: Path) -> Path:
    into.mkdir(parents=True, exist_ok=True)
    asked = into / "asked.txt"
    asked.write_text(wanted.line(wanted.hashes))
    command = [str(python), "-m", "pip", "wheel", "-q", "--disable-pip-version-check", "--no-deps"]
    command += ["--no-cache-dir", "--require-hashes", "-r", str(asked), "-w", str(into)]
    env = os.environ | {"CMAKE_ARGS": GENERIC.format(root=root)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    if done.returncode:
        raise CannotBundle(f"llama.cpp could not be compiled: {done.stderr.strip()[-300:]}")
    return next(into.glob("llama_cpp_python-*.whl"))


def by_name(folder: Path) -> dict[str, Path]:
    """Return the wheels of a folder by the names of their packages."""
    return {str(parse_wheel_filename(file.name)[0]): file for file in sorted(folder.glob("*.whl"))}


def write_requirements(wanted: Iterable[Locked], folder: Path, file: Path) -> None:
    """Write a hashed requirements file for the wheels that are there. Raises CannotBundle where one is missing."""
    there = by_name(folder)
    lines = []
    for one in wanted:
        wheel = there.get(canonicalize_name(one.name))
        if wheel is None:
            raise CannotBundle(f"There is no wheel of {one.name}.")
        lines.append(one.line((hash_of(wheel),)))
    file.write_text("".join(lines))


def gather(root: Path, python: Path, into: Path, *, given: Path | None) -> Path:
    """Fill a folder with all wheels and the two files that install them. Return the wheel of llama.cpp."""
    run, uv = of_set(root, "run"), of_set(root, "uv")
    compiled = next(one for one in run if one.name == LLAMA)
    download(python, {one.name: one for one in (*uv, *run) if one.name != LLAMA}.values(), into)
    wheel = llama(root, python, compiled, given=given)
    shutil.copy2(wheel, into / wheel.name)
    write_requirements(run, into, into / "run.txt")
    write_requirements(uv, into, into / "uv.txt")
    return wheel
