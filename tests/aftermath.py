"""What is true of a house left alone, whatever has happened to it: nothing is stuck, endless or without an owner."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import redis
from house import House, eventually

CALM_SECONDS = 20
STREAM_SECONDS, WAKE_SECONDS, PLACES_SECONDS, WEB_SECONDS, SEAL_SECONDS = 3600, 60, 86_400, 6, 20  # the longest lives
HOST_SECONDS = 5
PULSES_SECONDS = 86_400
STOP = "UPDATE chat_generation SET stop_requested = true WHERE state = 'running'"
LIVE = "SELECT id, state, attempt, lease_until, now() FROM chat_generation WHERE state IN ('queued', 'running')"
# The reaper looks every two seconds; a lease that ended long ago is one that it does not see.
LEASELESS = """
SELECT id FROM chat_generation
WHERE state = 'running' AND (lease_until IS NULL OR lease_until < now() - interval '6 seconds')
"""


def rows(house: House, statement: str, *values: Any) -> list[Any]:
    """Run one statement as the application's role. Return its rows."""
    password = (house.var / "postgres_app_password").read_text().strip()
    address = {"host": str(house.var / "run"), "dbname": "hearth", "user": "hearth_app", "password": password}
    with psycopg.connect(**address, autocommit=True, connect_timeout=5) as connection:  # type: ignore[arg-type]
        cursor = connection.execute(statement, values or None)
        return list(cursor.fetchall()) if cursor.description else []


def valkey_of(house: House) -> "redis.Redis[bytes]":
    """Return a client of the house's Redis."""
    return redis.Redis(unix_socket_path=str(house.var / "run" / "valkey.sock"))


def processes_of(house: House) -> list[psutil.Process]:
    """Return every process that writes to the house's logs: an engine inherits nothing else that names the house."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, psutil.NoSuchProcess):
            outputs = [
                str((entry / "fd" / number).readlink()) for number in "12" if (entry / "fd" / number).is_symlink()
            ]
            if any(output.startswith(f"{house.var}/") for output in outputs):
                found.append(psutil.Process(int(entry.name)))
    return found


def strays(house: House) -> list[str]:
    """Return the house's processes that its supervisor does not stand above, and engines beyond the one in use."""
    assert house.process is not None
    supervisor = psutil.Process(house.process.pid)
    family = {supervisor.pid, *(child.pid for child in supervisor.children(recursive=True))}
    found = [f"{process.pid} {process.name()}" for process in processes_of(house) if process.pid not in family]
    return found + [f"{pid} is an engine too many" for pid in house.engine_pids()[1:]]


def endless_keys(house: House) -> list[str]:
    """Return the keys that live longer than they may. The bell's own keys stay, but for waiting bells."""
    with valkey_of(house) as client:
        lives = {key.decode(): client.ttl(key) for key in client.scan_iter(count=1000)}
    longest = {
        "answer": STREAM_SECONDS,
        "wake": WAKE_SECONDS,
        "sockets": PLACES_SECONDS,
        "web": WEB_SECONDS,
        "audit-seal": SEAL_SECONDS,
        "host": HOST_SECONDS,
        "pulses": PULSES_SECONDS,
    }
    kept = ("_kombu.", "unacked", "celery", "models")
    wrong = []
    for key, life in lives.items():
        within = longest.get(key.partition(":")[0])
        if within is None and not key.startswith(kept):
            wrong.append(f"{key} is unknown")
        elif within is not None and life != -2 and not 0 <= life <= within:  # -2: it has just ended
            wrong.append(f"{key} lives {life} s")
    return wrong


def subscribed(house: House) -> list[str]:
    """Return the channels on which somebody listens for a tab or a person."""
    with valkey_of(house) as client:
        return [str(name) for name in client.pubsub_channels("hearth*")]


def nothing(left: Callable[[House], list[str]], house: House) -> None:
    """Wait a moment until nothing is left."""
    with suppress(AssertionError):
        eventually(lambda: not left(house), seconds=5)
    assert left(house) == []


def left_in_peace(house: House) -> None:
    """Stop what is still written, then look for what is stuck, leaks, or has lost its owner."""
    assert rows(house, LEASELESS) == []
    rows(house, STOP)

    def calm() -> bool:
        rows(house, STOP)  # what waited runs now
        return not rows(house, LIVE)

    try:
        eventually(calm, seconds=CALM_SECONDS, what="calm")
    except AssertionError:
        raise AssertionError(f"stuck: {rows(house, LIVE)}") from None
    nothing(subscribed, house)
    nothing(strays, house)
    assert (found := endless_keys(house)) == [], found
