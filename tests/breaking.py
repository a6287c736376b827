"""Ways to break a house, and to come back to it as the page does."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from aftermath import valkey_of
from house import Asked, House, Person, eventually
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


def _listening(house: House) -> int:
    """Return how many workers wait for a bell."""
    with valkey_of(house) as client:
        return sum(one["cmd"] == "brpop" for one in client.client_list())


@contextmanager
def second_host(house: House) -> Iterator[None]:
    """Run another worker for models over the same servers, as another machine would."""
    run, var = house.var / "run", house.var
    password = (var / "postgres_app_password").read_text().strip()
    env = house.env | {
        "HEARTH_DATABASE_URL": f"postgresql://hearth_app:{password}@/hearth?host={run}",
        "HEARTH_REDIS_URL": f"unix://{run}/valkey.sock?db=0",
        "HEARTH_SECRET_KEY_FILE": str(var / "secret_key"),
        "HEARTH_ROLE": "host",
    }
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-n", "host-two@%h", "-Q", "models"]
    command += ["--concurrency", "8", "--pool", "threads", "--without-gossip", "--without-mingle"]
    before = _listening(house)
    with (var / "log" / "host-two.log").open("ab") as log:
        heir = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
    try:
        eventually(lambda: _listening(house) > before, seconds=30, what="the second host")
        yield
    finally:
        heir.terminate()
        heir.wait(20)
