"""Ways to break a house, and to come back to it as the page does."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import replace

from aftermath import rows
from house import Asked, House, Person, eventually, free_port
from websockets.exceptions import WebSocketException


async def end_of(person: Person, asked: Asked, seconds: float = 60) -> tuple[str, str]:
    """Return how the answer ended and its text, coming back when the socket is lost."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                async with person.socket() as tab:
                    await tab.follow(asked)
                    ended = await tab.until("answer.ended", seconds)
                    return ended["state"], tab.text
            except (OSError, WebSocketException):
                await asyncio.sleep(0.25)


def kill(house: House, victim: str) -> None:
    """Kill the model's worker, its engine child, or both."""
    engines = house.engine_pids()
    if victim in ("host", "both"):
        house.kill("host")
    if victim in ("engine", "both"):
        for pid in engines:
            os.kill(pid, signal.SIGKILL)


@asynccontextmanager
async def nobody_restarts(house: House) -> AsyncIterator[None]:
    """For a while what dies stays dead."""
    assert house.process is not None
    house.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        house.process.send_signal(signal.SIGCONT)


@contextmanager
def beside(house: House, role: str, command: list[str], **extra: str) -> Iterator[None]:
    """Run one more process over the house's servers, as another machine would."""
    env = house.env | house.servers | {"HEARTH_SECRET_KEY_FILE": str(house.var / "secret_key"), "HEARTH_ROLE": role}
    with (house.var / "log" / f"{role}-two.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], env=env | extra, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


# Another machine has what is deployed in memory.
HAS_IT = """SELECT 1 FROM models_admin_placement p JOIN models_admin_host h ON h.id = p.host_id
            WHERE h.name = 'two' AND p.state = 'ready' AND h.heard_at > now() - interval '5 seconds'"""


@contextmanager
def second_host(house: House) -> Iterator[None]:
    """Run another worker for models."""
    command = ["celery", "-A", "config", "worker", "-n", "host-two@%h", "-Q", "models"]
    command += ["--concurrency", "8", "--pool", "threads", "--without-gossip", "--without-mingle"]
    with beside(house, "host", command, HEARTH_HOST="two"):
        eventually(lambda: bool(rows(house, HAS_IT)), seconds=40, what="the second host")
        yield


@contextmanager
def second_web(house: House, **extra: str) -> Iterator[House]:
    """Run another web process with other settings. Yield the house as who comes by its port sees it."""
    twin = replace(house, port=free_port())
    command = ["daphne", "-e", f"tcp:port={twin.port}:interface=127.0.0.1", "--no-server-name"]
    with beside(house, "web", [*command, "config.asgi:application"], HEARTH_ORIGINS=twin.origin, **extra):

        def answers() -> bool:
            with closing(socket.socket()) as probe:
                return probe.connect_ex(("127.0.0.1", twin.port)) == 0

        eventually(answers, seconds=30, what="the second web process")
        yield twin
