"""Backups of `make run`: the servers that it brings along are found, or started for as long as the command takes."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from backup.refused import Refused
from config.env import ROOT, env
from config.supervisor.process import Child
from config.supervisor.servers import CannotStart, Postgres, Valkey

SERVERS = {"postgres", "valkey"}


def is_meant() -> bool:
    """Whether nobody names another database: then it is the one of `make run`."""
    return not env().database_url


def pass_on(words: list[str], *, as_owner: bool) -> int:
    """Run this command once more, told where the embedded servers are. Return how it ended.

    With `as_owner` it also is the role that owns the tables, and nothing but the servers may run. Raises Refused.
    """
    with _servers(env().var.resolve(), alone=as_owner) as (postgres, valkey, ours):
        told = {"HEARTH_VAR": str(env().var.resolve()), "HEARTH_DATABASE_URL": postgres.url}
        told |= {"HEARTH_REDIS_URL": valkey.url}
        told |= {"HEARTH_OWNER_DATABASE_URL": postgres.owner_url} if as_owner else {}
        at_once = ["--look-seconds=0"] if as_owner and ours else []  # nobody else can have come yet
        return _run([sys.executable, str(ROOT / "manage.py"), *words, *at_once], os.environ | told)


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Run a command to its end. It is told of a signal and ends in its own order."""
    process = subprocess.Popen(command, env=environment)

    def tell(number: int, frame: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)

    before = {number: signal.signal(number, tell) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        return process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _servers(var: Path, *, alone: bool) -> Iterator[tuple[Postgres, Valkey, bool]]:
    """Have both servers run, and say whether they are ours alone.

    Raises Refused where they cannot, or where others run that may not.
    """
    for folder in (var, var / "log"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (var / "lock").open("a") as lock:
        mine = _is_free(lock)
        if not mine and alone and (others := running(var) - SERVERS):
            raise Refused(f"Hearth runs over {var} ({', '.join(sorted(others))}): end it with Ctrl-C first.")
        try:
            postgres, valkey = Postgres(var), Valkey(var)
            with _started(postgres, valkey) if mine else contextlib.nullcontext():
                yield postgres, valkey, mine
        except CannotStart as reason:
            raise Refused(str(reason)) from None


def _is_free(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def _started(*servers: Postgres | Valkey) -> Iterator[None]:
    children: list[Child] = []
    try:
        for server in servers:
            children.append(child := server.child())
            child.start()
        for server in servers:
            server.wait_until_ready()
        yield
    finally:
        for child in reversed(children):
            child.end()


def running(var: Path) -> set[str]:
    """Return the names of the processes that a supervisor over this directory looks after."""
    try:
        return set(json.loads((var / "processes.json").read_text()))
    except (OSError, ValueError):
        return {"a supervisor that has just begun"}
