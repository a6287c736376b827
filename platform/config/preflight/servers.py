"""PostgreSQL and Redis: whether they answer, their versions, their clocks, and how the schema stands."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import redis
from django.apps import apps
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState

from config import schema
from config.preflight.findings import Finding, advice, error, ok, warning

OLDEST_POSTGRES, OLDEST_REDIS = 170_000, (7, 2)
DRIFT_SECONDS, JUMP_SECONDS = 2.0, 60.0
SECONDS = 3
EXTENSIONS = "SELECT name FROM pg_available_extensions WHERE name IN ('pg_trgm', 'vector')"
OWNS = (
    "SELECT count(*) > 0 FROM pg_class WHERE relname = 'audit_entry' AND relkind = 'r'"
    " AND pg_get_userbyid(relowner) = current_user"
)
ONE_ROLE = (
    "One role owns the tables and works with them: whoever takes the application over could change the audit log. Set "
    "HEARTH_OWNER_DATABASE_URL; see docs/operations.md."
)


def postgres(database: BaseDatabaseWrapper) -> Iterator[Finding]:
    """Look at the server's version and at what it can be extended with."""
    yield postgres_version(database.connection.info.server_version)
    with database.cursor() as cursor:
        cursor.execute(EXTENSIONS)
        there = {name for (name,) in cursor.fetchall()}
    if "vector" not in there:
        yield advice("postgresql", "pgvector is not at hand: documents, which are to come, will need it.")


def postgres_version(number: int) -> Finding:
    """Judge a version as PostgreSQL numbers them: 180006 is 18.6."""
    says = f"PostgreSQL {number // 10_000}.{number % 10_000}."
    if number < OLDEST_POSTGRES:
        return error("postgresql", f"{says} It is too old: Hearth needs version 17 or later.")
    return ok("postgresql", says)


def roles(database: BaseDatabaseWrapper, *, migrates: bool) -> Finding:
    """Say whether the application's role is another than the owner's. Who migrates is the owner by right."""
    with database.cursor() as cursor:
        cursor.execute(OWNS)
        owns = cursor.fetchone()[0]
    if owns and not migrates:
        return warning("roles", ONE_ROLE)
    return ok("roles", "The application's role and the owner's are two.")


def valkey(told: Mapping[str, Any]) -> Finding:
    """Judge what Redis or Valkey says of itself."""
    if "valkey_version" in told:  # it keeps to the protocol of Redis 7.2, whatever its own number
        return ok("redis", f"Valkey {told['valkey_version']}.")
    number = str(told.get("redis_version", "0"))
    if tuple(int(part) for part in number.split(".")[:2]) < OLDEST_REDIS:
        return error("redis", f"Redis {number} is too old: Hearth needs 7.2 or later, or Valkey.")
    return ok("redis", f"Redis {number}.")


def redis_checks(url: str) -> Iterator[Finding]:
    """Ask Redis for its version, whether it may throw keys away, and the time."""
    try:
        with redis.Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS) as asked:
            told: Mapping[str, Any] = asked.info()
            yield valkey(told)
            if told.get("maxmemory", 0) and told.get("maxmemory_policy") != "noeviction":
                yield warning("redis", "It throws keys away when its memory is full: set maxmemory-policy noeviction.")
            seconds, micros = asked.time()
            yield clock("Redis", seconds + micros / 1e6 - time.time())
    except (redis.RedisError, OSError, ValueError):  # the last: an address or a version that cannot be read
        yield error("redis", "Redis does not answer; see HEARTH_REDIS_URL.")


def clock(whose: str, apart: float) -> Finding:
    """Judge how far another's clock is from this machine's, in seconds."""
    says = f"This machine's clock and that of {whose} are {abs(apart):.1f} s apart."
    if abs(apart) > JUMP_SECONDS:
        return error("clock", f"{says} Codes for signing in and times in the audit log will be wrong: use NTP.")
    if abs(apart) > DRIFT_SECONDS:
        return warning("clock", f"{says} Use NTP on both.")
    return ok("clock", says)


def database_clock(database: BaseDatabaseWrapper) -> Finding:
    """Compare clocks with the database, whose time is the one that counts."""
    with database.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        return clock("the database", cursor.fetchone()[0] - time.time())


def newer(database: BaseDatabaseWrapper) -> Finding:
    """Say whether this code is older than its database."""
    try:
        schema.refuse_newer(schema.applied_by(database))
    except schema.Downgraded as reason:
        return error("schema", str(reason))
    return ok("schema", "The database has no migration that this Hearth does not know.")


def behind(database: BaseDatabaseWrapper) -> Finding:
    """Say whether migrations wait."""
    if waiting := schema.missing(database):
        return warning("schema", f"{len(waiting)} migrations wait ({schema.named(waiting)}): `manage.py migrate`.")
    return ok("schema", "No migration waits.")


def models() -> Finding:
    """Say whether the code's tables are those that its migrations make: if not, somebody changed code."""
    loader = MigrationLoader(None)
    questioner = NonInteractiveMigrationQuestioner(specified_apps=set(), dry_run=True)
    found = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps), questioner)
    if changed := sorted(found.changes(graph=loader.graph)):
        return warning("schema", f"Models were changed without a migration: {', '.join(changed)}.")
    return ok("schema", "The migrations make what the code expects.")


def guarded(name: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Yield what a look at the database finds, or that it does not answer."""
    try:
        yield from look()
    except DatabaseError:
        yield error(name, "The database does not answer; see HEARTH_DATABASE_URL.")
