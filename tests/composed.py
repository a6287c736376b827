"""The containers' own commands as plain processes: read from docker-compose.yml, with paths and ports of this machine.

The database is the embedded one, over TCP as there; Redis, the edge and all of Hearth's start as the files say.
"""

import json
import os
import random
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import yaml
from aftermath import rows
from house import ROOT, House, eventually, free_port, link_in
from servers import QUICK

from config.supervisor.process import die_with_parent
from config.supervisor.servers import Postgres, valkey_program

EDGE = ROOT / "tools" / "compose" / "edge"
REPLICAS = {"web1": "127.0.0.2", "web2": "127.0.0.3"}
OURS = ("host", "housekeeping", "beat", "web1", "web2", "edge")
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?+])((?:[^{}]|\$\{\w+\})*))?\}")


@cache
def compose() -> dict[str, Any]:
    """Return docker-compose.yml as it stands."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return found


def interpolated(text: str, values: dict[str, str]) -> str:
    """Return the text as docker compose reads it."""

    def value_of(found: "re.Match[str]") -> str:
        value, sign, other = values.get(found[1], ""), found[2], found[3] or ""
        if sign == "+":
            return interpolated(other, values) if value else ""
        return value or interpolated(other, values)

    return VARIABLE.sub(value_of, text).replace("$$", "$")


def caddy() -> str:
    """Return the program of the edge that set-up has found."""
    noted = ROOT / ".setup" / "edge"
    found = os.environ.get("HEARTH_CADDY") or (noted.read_text().strip() if noted.exists() else "caddy")
    assert shutil.which(found), "The tests need Caddy: run `make setup`, or name it in HEARTH_CADDY."
    return found


def command_of_edge() -> list[str]:
    """Return what the image of the edge starts."""
    words: list[str] = json.loads(re.findall(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)[-1])
    return words


@dataclass
class Container:
    """A process in the place of a container."""

    name: str
    command: list[str]
    env: dict[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.env,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    def end(self, number: int = signal.SIGTERM, *, grace: float = 20) -> None:
        """Ask it to end, and force it as Docker does behind the grace."""
        if self.process is None:
            return
        self.process.send_signal(number)
        try:
            self.process.wait(grace)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class Stack(House):
    """A house of the containers' commands over a directory of its own. People come over TLS, through the edge."""

    http_port: int = field(default_factory=free_port)
    web_port: int = field(default_factory=free_port)
    redis_port: int = field(default_factory=free_port)
    patience: str = "5s"
    at: str = field(default_factory=lambda: f"127.{random.randint(10, 250)}.{random.randint(1, 250)}.9")
    containers: dict[str, Container] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def secrets(self) -> Path:
        return self.var / "secrets"

    @property
    def root_certificate(self) -> Path:
        return self.var / "edge" / "caddy" / "pki" / "authorities" / "local" / "root.crt"

    @property
    def trust(self) -> ssl.SSLContext:
        """What a browser knows that trusts the edge's authority."""
        return ssl.create_default_context(cafile=str(self.root_certificate))

    @property
    def variables(self) -> dict[str, str]:
        """What stands in .env."""
        to = " ".join(f"{address}:{self.web_port}" for address in REPLICAS.values())
        ports = {"HEARTH_HTTP_PORT": str(self.http_port), "HEARTH_HTTPS_PORT": str(self.port)}
        many = {"HEARTH_ANSWERS_AT_ONCE": "0", "HEARTH_ANSWERS_WAITING": "1000"}
        return {"HEARTH_ORIGINS": self.origin, "HEARTH_EDGE_TO": to, **ports, **many, **self.extra}

    @property
    def servers(self) -> dict[str, str]:
        return {}

    @property
    def env(self) -> dict[str, str]:
        """What commands beside the containers know: the web's, without its role."""
        return self.env_of("web") | {"HEARTH_ROLE": ""}

    def here(self, text: str, name: str = "") -> str:
        """Return a word of a container's with the paths and addresses of this machine."""
        places = {
            "/run/secrets": str(self.secrets),
            "/var/lib/hearth": str(self.var / "hearth"),
            "/tmp/": f"{self.var}/tmp/",
            "--port 6379 --dir /data": f"--port {self.redis_port} --bind 127.0.0.1 --dir {self.var}/redis",
            "@database:": f"@{self.at}:",
            "redis:6379": f"127.0.0.1:{self.redis_port}",
            "172.30.77.2": "127.0.0.1",
            "port=8000:interface=0.0.0.0": f"port={self.web_port}:interface={REPLICAS.get(name, '')}",
            "/etc/caddy": str(EDGE),
            "hearth-edge": caddy(),
        }
        if text == "/models":
            return str(self.var / "models")
        old = re.compile("|".join(map(re.escape, places)))  # in one go: what was put in is not looked at again
        return old.sub(lambda found: places[found[0]], interpolated(text, self.variables))

    def env_of(self, service: str) -> dict[str, str]:
        """Return the whole environment of a service: what its image sets, and what the file says."""
        said = compose()["services"][service].get("environment", {})
        paths = [str(Path(sys.executable).parent), str(self.var / "bin"), os.environ["PATH"]]
        image = {"PATH": ":".join(paths), "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
        image |= {"XDG_DATA_HOME": str(self.var / "edge"), "XDG_CONFIG_HOME": str(self.var / "tmp")}
        image |= {"EDGE_PAGES": str(EDGE / "pages"), "EDGE_PATIENCE": self.patience, "HOME": str(self.var)}
        return image | {name: self.here(str(value)) for name, value in said.items()}

    def container(self, name: str, service: str = "") -> Container:
        """Return a service's process, by its own command or that of its image."""
        service = service or name
        command = compose()["services"][service].get("command") or command_of_edge()
        words = [self.here(word, name) for word in command]
        return Container(name, words, self.env_of(service), self.var / "log" / f"{name}.log")

    def start(self) -> str:
        """Start everything in the order of the file. Return the link for setting up."""
        self._prepare()
        self._start_database()
        for name in ("redis", *OURS):
            self.containers[name] = self.container(name, "web" if name.startswith("web") else "")
        self.begin("redis")
        self.once("migrate")
        for name in OURS:
            self.begin(name)
        self.wait_until_ready()
        return self.manage("setup_link", "--origin", self.origin)

    def _prepare(self) -> None:
        for name in ("log", "tmp", "bin", "models", "redis", *(f"hearth/{one}" for one in ("files", "anchors"))):
            (self.var / name).mkdir(parents=True, exist_ok=True)
        own = os.environ | {"HEARTH_GROUP": str(os.getuid())}
        subprocess.run([ROOT / "tools/compose/secrets.sh", self.secrets], env=own, check=True, capture_output=True)
        (self.var / "bin" / "valkey-server").symlink_to(valkey_program())

    def _start_database(self) -> None:
        """Start the embedded PostgreSQL with the containers' passwords, where the containers look for it."""
        for role in ("owner_password", "app_password"):
            shutil.copy(self.secrets / f"database_{role}", self.var / f"postgres_{role}")
        postgres = Postgres(self.var, extra=(*QUICK, "-c", f"listen_addresses={self.at}"))
        child = postgres.child()
        self.containers["database"] = Container("database", child.command, dict(os.environ), child.log)
        self.begin("database")
        postgres.wait_until_ready()

    def begin(self, name: str) -> None:
        self.containers[name].start()

    def end(self, name: str, number: int = signal.SIGTERM) -> None:
        """End one as Docker does: PostgreSQL has a signal of its own."""
        self.containers[name].end(signal.SIGINT if name == "database" else number)

    def restart(self, name: str, number: int = signal.SIGTERM) -> None:
        self.end(name, number)
        self.begin(name)

    def another_edge(self, mode: str, *, http: int, https: int, **env: str) -> Container:
        """Return one more edge that does TLS in another way."""
        edge = self.container("edge")
        ports = {"EDGE_HTTP_PORT": str(http), "EDGE_HTTPS_PORT": str(https), "EDGE_PORT": f":{https}"}
        origins = {"EDGE_ORIGINS": f"https://127.0.0.1:{https}", "EDGE_TLS": mode}
        return replace(edge, env=edge.env | ports | origins | env, log=self.var / "log" / f"edge-{mode}.log")

    def once(self, service: str) -> None:
        """Run a container that ends by itself."""
        one = self.container(service)
        one.start()
        assert one.process is not None
        assert one.process.wait(120) == 0, one.log.read_text()

    def manage(self, *words: str, **env: str) -> str:
        """Run one of the product's commands. Return what it said."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, env=self.env | env, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def wait_until_ready(self) -> None:
        """Return once both replicas answer and the edge has its certificate."""
        for address in REPLICAS.values():
            eventually(partial(answers, address, self.web_port), seconds=60, what=f"the web at {address}")
        eventually(self.root_certificate.exists, seconds=30, what="the edge's authority")
        eventually(lambda: answers("127.0.0.1", self.port), seconds=30, what="the edge")

    def stop(self) -> float:
        """End everything, the servers last."""
        for name in (*OURS, "redis", "database"):
            if name in self.containers:
                self.end(name)
        return 0.0


def answers(address: str, port: int) -> bool:
    """Whether somebody takes connections there."""
    with closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex((address, port)) == 0


def in_containers(var: Path) -> Iterator[Stack]:
    """Start what the compose file starts, set it up for Ada, and end it afterwards."""
    stack = Stack(var, model="")
    try:
        stack.set_up(link_in(stack.start()))
        yield stack
    finally:
        stack.stop()


LONGEST = "UPDATE models_admin_deployment SET max_tokens = 100000"  # the questions say how long their answers are
READY = """SELECT d.name FROM models_admin_placement p JOIN models_admin_deployment d ON d.id = p.deployment_id
           WHERE p.state = 'ready'"""


def host_stub(stack: Stack, model: str) -> None:
    """Have the host serve the stub instead of the model that Hearth brings along."""
    stack.manage("deploy_model", "--path", model, HEARTH_ROLE="host")
    rows(stack, LONGEST)
    eventually(lambda: rows(stack, READY) == [("Stub",)], seconds=30, what="the stub")
