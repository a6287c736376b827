"""The whole product as real processes, started by its own command, and people who use it over HTTP and sockets."""

import asyncio
import json
import os
import random
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import websockets

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "a long enough passphrase"
START_SECONDS = 60
SEEN_SECONDS = 0.5  # as the page does
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
PEOPLE = """
import sys
from accounts.actions import add_person
from accounts.models import Team
for email in sys.argv[1:]:
    add_person(email=email, password=%r, display_name=email.split("@")[0], team=Team.objects.first())
"""


def free_port() -> int:
    """Return a free port below those that the kernel gives to clients.

    Among those, a client that tries a port whose server is away can connect to itself, and the server never comes back.
    """
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port := random.randint(20_000, 29_999)))
            return port


def eventually(found: Callable[[], Any], *, seconds: float = 20, what: str = "it") -> Any:
    """Return the first true value, or fail."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {seconds} s")


@dataclass
class House:
    """A running Hearth over a directory of its own."""

    var: Path
    model: str
    port: int = field(default_factory=free_port)
    extra: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    people: set[str] = field(default_factory=set)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def trust(self) -> "ssl.SSLContext | bool":
        """Whose certificates people believe."""
        return True

    @property
    def env(self) -> dict[str, str]:
        mine = {name: value for name, value in os.environ.items() if not name.startswith(("HEARTH_", "DJANGO_"))}
        many = {"HEARTH_ANSWERS_AT_ONCE": "0", "HEARTH_ANSWERS_WAITING": "1000"}
        return mine | many | {"HEARTH_VAR": str(self.var)} | self.extra

    def start(self) -> str:
        """Start it. Return what it printed until its address."""
        command = [sys.executable, str(ROOT / "manage.py"), "up", "--port", str(self.port), "--model", self.model]
        log = self.var / "up.log"
        with log.open("w") as out:
            self.process = subprocess.Popen(command, env=self.env, stdout=out, stderr=out, start_new_session=True)

        def ready() -> bool:
            assert self.process is not None
            assert self.process.poll() is None, log.read_text()
            return self.origin + " (" in log.read_text()

        try:
            eventually(ready, seconds=START_SECONDS, what="the start")
        except AssertionError:
            self.process.kill()
            raise
        time.sleep(0.3)
        return log.read_text()

    def stop(self) -> float:
        """End it as Ctrl-C does. Return the seconds it took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)
        return time.monotonic() - began

    @property
    def is_running(self) -> bool:
        """Whether nobody has ended it yet."""
        return self.process is not None and self.process.poll() is None

    def pid(self, name: str) -> int:
        """Return a child's process id."""
        return int(json.loads((self.var / "processes.json").read_text())[name])

    def engine_pids(self) -> list[int]:
        """Return the engines' processes: the host's children."""
        host = self.pid("host")
        found = Path(f"/proc/{host}/task").glob("*/children")
        return [int(pid) for children in found for pid in children.read_text().split()]

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal to one of the children."""
        os.kill(self.pid(name), number)

    @property
    def servers(self) -> dict[str, str]:
        """Where its database and its Redis are."""
        run = self.var / "run"
        password = (self.var / "postgres_app_password").read_text().strip()
        return {
            "HEARTH_DATABASE_URL": f"postgresql://hearth_app:{password}@/hearth?host={run}",
            "HEARTH_REDIS_URL": f"unix://{run}/valkey.sock?db=0",
        }

    def run(self, code: str, *words: str) -> str:
        """Run a few lines with Django set up against this house's servers."""
        env = self.env | self.servers | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        command = [sys.executable, "-c", f"import django; django.setup()\n{code}", *words]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def add_people(self, *names: str) -> None:
        """Make accounts where they are missing."""
        fresh = [name for name in names if name not in self.people]
        if fresh:
            self.run(PEOPLE % PASSWORD, *(f"{name}@example.org" for name in fresh))
            self.people.update(fresh)

    def set_up(self, link: str) -> None:
        """Use the set-up link: the owner is Ada."""
        with httpx.Client(verify=self.trust) as client:
            token = TOKEN.search(client.get(link).text)
            assert token
            form = {"organisation": "Aalto", "display_name": "Ada", "email": "ada@example.org"}
            form |= {"password1": PASSWORD, "password2": PASSWORD, "csrfmiddlewaretoken": token[1]}
            assert client.post(link, data=form, headers={"Origin": self.origin}).status_code == 302
        self.people.add("ada")

    async def person(self, name: str) -> "Person":
        """Sign somebody in."""
        await asyncio.to_thread(self.add_people, name)
        person = Person(self, httpx.AsyncClient(base_url=self.origin, timeout=30, verify=self.trust))
        await person.sign_in(f"{name}@example.org")
        return person


def link_in(printed: str) -> str:
    """Return the set-up link."""
    found = re.search(r"Set up Hearth: (\S+)", printed)
    assert found, printed
    return found[1]


def in_use(var: Path, model: str, **extra: str) -> Iterator[House]:
    """Start a house, set it up for Ada, and end it afterwards."""
    house = House(var, model, extra={"HEARTH_AUTHORITY_SECONDS": "2", **extra})
    house.set_up(link_in(house.start()))
    yield house
    assert house.stop() < 10


@dataclass
class Person:
    """Somebody at a browser, without one."""

    house: House
    http: httpx.AsyncClient

    async def token(self, path: str) -> str:
        page = await self.http.get(path)
        found = TOKEN.search(page.text)
        assert found, (page.status_code, page.text[:500])
        return found[1]

    async def sign_in(self, email: str) -> None:
        form = {
            "csrfmiddlewaretoken": await self.token("/account/login/"),
            "login": email,
            "password": PASSWORD,
        }
        response = await self.http.post("/account/login/", data=form, headers={"Origin": self.house.origin})
        assert response.status_code == 302, response.text

    async def post(self, path: str, **form: str) -> httpx.Response:
        form["csrfmiddlewaretoken"] = await self.token("/")
        return await self.http.post(path, data=form, headers={"Origin": self.house.origin})

    async def ask(self, text: str, *, chat: str = "", client_id: str = "") -> "Asked":
        path = f"{chat}ask/" if chat else "/chats/"
        response = await self.post(path, text=text, client_id=client_id or str(uuid4()))
        assert response.status_code == 302, (response.status_code, response.text[:800])
        page = await self.http.get(response.headers["Location"])
        generation = re.findall(r'data-generation="([0-9a-f-]{36})"', page.text)[-1]
        return Asked(response.headers["Location"], generation)

    @asynccontextmanager
    async def socket(self, **more: Any) -> AsyncIterator["Tab"]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        headers = {"Cookie": cookies} | more.pop("headers", {})
        origin = more.pop("origin", self.house.origin)
        url = f"{self.house.origin.replace('http', 'ws', 1)}/ws/"
        if isinstance(self.house.trust, ssl.SSLContext):
            more["ssl"] = self.house.trust
        async with websockets.connect(url, additional_headers=headers, origin=origin, **more) as connection:
            yield Tab(connection)


@dataclass(frozen=True)
class Asked:
    """Where an answer is being written."""

    chat: str
    generation: str


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


@dataclass
class Tab:
    """One socket and the text that its frames make, joined as the page joins them."""

    connection: Any
    text: str = ""
    cursor: str = "0"
    said_at: float = 0.0
    unsaid: str = ""  # the answer of which more was applied than said
    frames: list[dict[str, Any]] = field(default_factory=list)

    async def say(self, **word: str) -> None:
        await self.connection.send(json.dumps(word))

    async def follow(self, asked: Asked, after: str = "0") -> None:
        await self.say(type="follow", generation=asked.generation, after=after)

    async def hear(self, seconds: float) -> Any:
        """Return what comes next. What was applied and not yet said is said when it is time, whatever comes."""
        due = self.said_at + SEEN_SECONDS - time.monotonic()
        if self.unsaid and due < seconds:
            with suppress(TimeoutError):
                return await asyncio.wait_for(self.connection.recv(), max(0.0, due))
            await self.tell_seen()
        return await asyncio.wait_for(self.connection.recv(), seconds)

    async def tell_seen(self) -> None:
        self.said_at = time.monotonic()
        unsaid, self.unsaid = self.unsaid, ""
        await self.say(type="seen", generation=unsaid, cursor=self.cursor)

    async def next(self, seconds: float = 20) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(await self.hear(seconds))
        self.frames.append(frame)
        if frame["type"] == "answer.grew":
            before = utf16(self.text)
            assert 2 * frame["at"] <= len(before), "a gap"
            self.text = (before[: 2 * frame["at"]] + utf16(frame["text"])).decode("utf-16-le")
            self.cursor = frame["cursor"]
            self.unsaid = frame["generation"]
            if time.monotonic() - self.said_at > SEEN_SECONDS:
                await self.tell_seen()
        return frame

    async def until(self, kind: str, seconds: float = 30) -> dict[str, Any]:
        async with asyncio.timeout(seconds):
            while (frame := await self.next(seconds))["type"] != kind:
                pass
            return frame

    async def until_long(self, length: int, seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            while len(self.text) < length:
                await self.next(seconds)
