"""The embedded servers for a test session, and ways to take them away and bring them back."""

import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config.supervisor.process import Child
from config.supervisor.servers import Postgres, Valkey

QUICK = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


@dataclass
class Servers:
    """Both servers of one directory."""

    postgres: Postgres
    valkey: Valkey
    children: dict[str, Child]

    @property
    def database_url(self) -> str:
        return self.postgres.url

    @property
    def owner_url(self) -> str:
        return self.postgres.owner_url

    @property
    def redis_url(self) -> str:
        return self.valkey.url

    def stop_postgres(self) -> None:
        self.children["postgres"].end()

    def start_postgres(self) -> None:
        self.children["postgres"] = self.postgres.child()
        self.children["postgres"].start()
        self.postgres.wait_until_ready()

    def restart_postgres(self, pause: float) -> None:
        self.stop_postgres()
        time.sleep(pause)
        self.start_postgres()

    def kill_valkey(self) -> None:
        process = self.children["valkey"].process
        assert process is not None
        process.kill()
        process.wait()

    def start_valkey(self) -> None:
        self.children["valkey"] = self.valkey.child()
        self.children["valkey"].start()
        self.valkey.wait_until_ready()

    def close(self) -> None:
        for child in self.children.values():
            child.end()


def start_servers(directory: Path) -> Servers:
    """Start both over a directory of their own."""
    (directory / "log").mkdir(parents=True, exist_ok=True)
    postgres, valkey = Postgres(directory, extra=QUICK), Valkey(directory)
    children = {"postgres": postgres.child(), "valkey": valkey.child()}
    for child in children.values():
        child.start()
    postgres.wait_until_ready()
    valkey.wait_until_ready()
    with psycopg.connect(postgres.superuser_url("postgres"), autocommit=True) as connection:
        connection.execute("ALTER ROLE hearth_owner CREATEDB")  # the tests' database is made by the owner
    return Servers(postgres, valkey, children)
