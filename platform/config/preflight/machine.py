"""The machine: disks, memory, Python, llama.cpp, GPUs, the port."""

import fcntl
import platform
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from shutil import disk_usage
from typing import Any

from config.preflight.findings import GIB, Finding, advice, error, ok, warning
from models_admin.folder import existing

FULL, NEARLY = 1 * GIB, 5 * GIB  # bytes that are free
LITTLE_MEMORY, TIGHT_MEMORY = 1 * GIB, 2 * GIB
OLDEST_PYTHON = (3, 11)
LOOK_SECONDS = 60
PROBE = "import llama_cpp; print(int(llama_cpp.llama_supports_gpu_offload()))"  # in a process of its own: it may abort
NO_DRIVER = "No NVIDIA driver is found: models run on the processor."
NOT_OFFLOADED = (
    "{names}: the driver is there, but llama.cpp was compiled for the processor. Set up again with HEARTH_CUDA=1."
)


def disks(folders: Mapping[str, Path]) -> Iterator[Finding]:
    """Look at the room in each folder; those on one device are one finding."""
    devices: dict[int, list[str]] = {}
    for name, folder in folders.items():
        devices.setdefault(existing(folder).stat().st_dev, []).append(name)
    for names in devices.values():
        yield disk(", ".join(names), disk_usage(existing(folders[names[0]])).free)


def disk(names: str, free: int) -> Finding:
    """Judge the room, in bytes, where these are kept."""
    says = f"{free / GIB:.1f} GiB are free for {names}."
    if free < FULL:
        return error("disk", f"{says} Hearth needs 1 GiB at least: make room before you start or upgrade.")
    if free < NEARLY:
        return warning("disk", f"{says} Make room soon: a database that cannot write stops everybody.")
    return ok("disk", says)


def memory(free: int) -> Finding:
    """Judge how many bytes this process may still take."""
    says = f"{free / GIB:.1f} GiB of memory are free."
    if free < LITTLE_MEMORY:
        return error("memory", f"{says} Hearth itself takes 1 GiB, each model comes on top.")
    if free < TIGHT_MEMORY:
        return warning("memory", f"{says} That is enough for Hearth, and for very small models only.")
    return ok("memory", says)


def python() -> Finding:
    """Look at the version of Python."""
    says = f"Python {platform.python_version()}."
    return (
        ok("python", says)
        if sys.version_info >= OLDEST_PYTHON
        else error("python", f"{says} It must be 3.11 or later.")
    )


def llama(probe: str = PROBE) -> tuple[Finding, bool]:
    """Say whether llama.cpp can be loaded, and return whether it can use GPUs."""
    try:
        if find_spec("llama_cpp") is None:
            raise PackageNotFoundError
        found = version("llama-cpp-python")
    except PackageNotFoundError:
        return error("llama.cpp", "llama-cpp-python is not installed; run `make setup`."), False
    command = [sys.executable, "-c", probe]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LOOK_SECONDS)
    except subprocess.TimeoutExpired:
        return error("llama.cpp", f"llama-cpp-python {found} does not load within {LOOK_SECONDS} s."), False
    if done.returncode:
        why = f"exit {done.returncode}; compiled for another processor?"
        return error("llama.cpp", f"llama-cpp-python {found} cannot be loaded here ({why})."), False
    return ok("llama.cpp", f"llama-cpp-python {found} loads."), done.stdout.strip() == "1"


def graphics(found: list[dict[str, Any]], *, offloads: bool) -> Iterator[Finding]:
    """Judge the GPUs, as `models_admin.gpus` describes them, beside what llama.cpp was compiled for."""
    if not found:
        yield advice("gpu", NO_DRIVER) if offloads else ok("gpu", NO_DRIVER)
        return
    names = ", ".join(f"{one['name']} ({one['free'] / GIB:.0f} of {one['total'] / GIB:.0f} GiB free)" for one in found)
    yield ok("gpu", f"{names}; llama.cpp uses them.") if offloads else warning("gpu", NOT_OFFLOADED.format(names=names))


def port(number: int, *, host: str, var: Path) -> Finding:
    """Look whether the web's port is free, or taken by the Hearth that runs over `var`."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError:
            if is_running(var):
                return ok("port", f"Port {number} is taken, and Hearth runs.")
            return warning("port", f"Port {number} is taken by somebody else; choose another with PORT=.")
    return ok("port", f"Port {number} is free.")


def is_running(var: Path) -> bool:
    """Whether a supervisor holds the lock of this folder."""
    try:
        with (var / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
