"""Everything that runs when Hearth runs, in order: servers, migrations, web, workers, beat."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import IO

from config.env import env
from config.supervisor.process import Child
from config.supervisor.servers import CannotStart, Postgres, Valkey, secret_in

LOOK_SECONDS = 0.2
MESSAGE_BYTES = "65536"
HANDSHAKE_SECONDS = "15"  # everybody comes back at once after a restart
WEB_SECONDS = 40.0
BACKLOG = 1024  # who finds Twisted's 50 taken tries again only after a second

Say = Callable[[str], None]


class House:
    """One supervisor over one `var` directory. Raises CannotStart with a sentence before anything has started."""

    def __init__(self, *, var: Path, root: Path, port: int, model: str, say: Say, only: frozenset[str]) -> None:
        self.var, self.root, self.port, self.model, self.say, self.only = var, root, port, model, say, only
        self.origin = f"http://127.0.0.1:{port}"
        self.children: list[Child] = []
        self.ending = False
        self.began = time.monotonic()
        self.lock: IO[str] | None = None
        self.owner_url = os.environ.pop("HEARTH_OWNER_DATABASE_URL", "")  # for the migration, not for the children
        self.anchor_key = os.environ.pop("HEARTH_ANCHOR_KEY", str(var / "anchor_key"))  # for housekeeping alone

    def run(self) -> None:
        """Start everything, look after it until a signal comes, end everything."""
        self._check()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._end)
        try:
            self._start()
            while not self.ending:
                self._look_after()
                time.sleep(LOOK_SECONDS)
        finally:
            self._stop()

    def _end(self, number: int, frame: object) -> None:
        if not self.ending:
            self.ending = True
            if self.children:
                self.say("Stopping ...")

    def _check(self) -> None:
        if self.model and not self.model.startswith("stub:") and not Path(self.model).expanduser().is_file():
            raise CannotStart(f"There is no model file at {self.model}.")
        for directory in (self.var, self.var / "log"):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.lock = (self.var / "lock").open("w")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart(f"Hearth runs already over {self.var}.") from None
        if not self.only:
            self._check_port()

    def _check_port(self) -> None:
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError:
                raise CannotStart(f"Port {self.port} is taken; choose another: make run PORT={self.port + 1}") from None

    def _start(self) -> None:
        os.environ["HEARTH_VAR"] = str(self.var)
        os.environ.setdefault("HEARTH_ORIGINS", f"{self.origin},http://localhost:{self.port}")
        os.environ["HEARTH_SECRET_KEY_FILE"] = str(self.var / "secret_key")
        secret_in(self.var / "secret_key")
        self._servers()
        if self.only:
            self._note()
            return
        if self.ending:
            return
        self._manage("migrate", "--no-input", "--verbosity=0", env={"HEARTH_OWNER_DATABASE_URL": self.owner_url})
        self.say(f"Database   up to date ({self._seconds()})")
        if not self.owner_url:
            self.say("Warning    HEARTH_OWNER_DATABASE_URL is not set: the application could change the audit log.")
        if env().secure and not env().proxies:
            self.say("Warning    HEARTH_PROXIES is not set: nobody is believed that people come over TLS.")
        which = ("--path", self.model) if self.model else ("--builtin", "--unless-chosen")
        self.say(self._manage("deploy_model", *which))
        link = self._manage("setup_link", "--origin", self.origin)
        for child in self._own():
            self._begin(child)
        self._wait_for_web()
        self.say(f"Hearth     {self.origin} ({self._seconds()})")
        if link:
            self.say(f"\n{link}\n")
        self._note()

    def _seconds(self) -> str:
        return f"{time.monotonic() - self.began:.1f} s"

    def _servers(self) -> None:
        """Start what the operator does not bring."""
        wanted = self.only or {"postgres", "valkey"}
        servers: list[Postgres | Valkey] = []
        if "postgres" in wanted and not os.environ.get("HEARTH_DATABASE_URL"):
            postgres = Postgres(self.var)
            os.environ["HEARTH_DATABASE_URL"], self.owner_url = postgres.url, postgres.owner_url
            servers.append(postgres)
        if "valkey" in wanted and not os.environ.get("HEARTH_REDIS_URL"):
            valkey = Valkey(self.var)
            os.environ["HEARTH_REDIS_URL"] = valkey.url
            servers.append(valkey)
        for server in servers:
            self._begin(server.child())
        for server in servers:
            server.wait_until_ready()
            self.say(f"{type(server).__name__:<10} ready ({self._seconds()})")

    def _begin(self, child: Child) -> None:
        child.start()
        self.children.append(child)

    def _own(self) -> list[Child]:
        """Return Hearth's own processes."""
        python = [sys.executable, "-m"]
        celery = [*python, "celery", "-A", "config"]
        threads = ["--pool", "threads", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
        serving = [*celery, "worker", "-n", "host@%h", "-Q", "models", "--concurrency", "8", *threads]
        keeping = [*celery, "worker", "-n", "housekeeping@%h", "-Q", "celery", "--concurrency", "4", *threads]
        schedule = str(self.var / "celerybeat-schedule")
        daphne = [*python, "daphne", "-e", f"tcp:port={self.port}:interface=127.0.0.1:backlog={BACKLOG}"]
        daphne += ["--websocket_connect_timeout", HANDSHAKE_SECONDS]
        daphne += ["--websocket-max-message-size", MESSAGE_BYTES, "--no-server-name", "config.asgi:application"]

        def child(name: str, command: list[str], role: str, **more: str) -> Child:
            log, own = self.var / "log" / f"{name}.log", {"HEARTH_ROLE": role, **more}
            return Child(name, command, log, env=own, stop_seconds=7.0)

        return [
            # Its threads take turns anyway: an arena for each would cost more than it gives.
            child("web", daphne, "web", MALLOC_ARENA_MAX="1"),
            child("host", serving, "host"),
            child("housekeeping", keeping, "housekeeping", HEARTH_ANCHOR_KEY=self.anchor_key),
            child("beat", [*celery, "beat", "--schedule", schedule, "--pidfile=", "--loglevel", "WARNING"], "beat"),
        ]

    def _manage(self, *words: str, env: dict[str, str] | None = None) -> str:
        command = [sys.executable, str(self.root / "manage.py"), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | (env or {}))
        if done.returncode:
            raise CannotStart(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"{words[0]} failed.")
        return done.stdout.strip()

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + WEB_SECONDS
        while not self.ending:
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if time.monotonic() > deadline:
                raise CannotStart(f"The web process does not answer; see {self.var / 'log' / 'web.log'}.")
            self._look_after()
            time.sleep(0.05)

    def _look_after(self) -> None:
        now = time.monotonic()
        for child in self.children:
            was = child.process
            if child.look_after(now):
                self._note()
            elif was is not None and child.process is None:
                self.say(f"{child.name} ended unexpectedly; it comes back in {child.again_at - now:.1f} s.")

    def _note(self) -> None:
        """Write down who runs, for operators and fault tests."""
        pids = {child.name: child.process.pid for child in self.children if child.process}
        file = self.var / "processes.json"
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(pids))
        fresh.replace(file)

    def _stop(self) -> None:
        """End Hearth's own processes together, then the servers they need."""
        own = [child for child in self.children if child.name not in ("postgres", "valkey")]
        for child in own:
            child.ask_to_end()
        for child in own:
            child.wait()
        for child in self.children:
            if child not in own:
                child.end()
        (self.var / "processes.json").unlink(missing_ok=True)
        if self.children:
            self.say("Stopped.")
