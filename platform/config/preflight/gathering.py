"""Every check with what it looks at, in the order in which they are read."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from config import secrets
from config.env import env
from config.preflight import installation, machine, servers
from config.preflight.findings import Finding, Level, error
from models_admin.engine.memory import free_memory
from models_admin.gpus import gpus

MADE = ("secret_key", "postgres_password", "postgres_owner_password", "postgres_app_password", "anchor_key")


def gather(*, port: int | None) -> Iterator[Finding]:
    """Look at everything. Without a port none is tried: who is behind an edge has one of its own."""
    yield from machine.disks(_folders())
    yield machine.memory(free_memory())
    yield machine.python()
    loads, offloads = machine.llama()
    yield loads
    yield from machine.graphics(gpus(), offloads=offloads)
    if port is not None:
        yield machine.port(port, host="127.0.0.1", var=Path(env().var))
    yield from servers.guarded("postgresql", _database)
    yield servers.models()
    yield from servers.redis_checks(settings.REDIS_URL)
    yield from installation.origins(settings.ORIGINS, debug=settings.DEBUG, proxies=bool(settings.PROXIES))
    yield from installation.believed(settings.PROXIES)
    made = (Path(env().var) / name for name in MADE)
    yield from installation.secrets(secrets.faults(env()), made)
    yield installation.anchors(settings.ANCHORS, _embedded())
    yield installation.tombstones(settings.TOMBSTONES, _embedded())
    yield installation.time_zone()


def decisive(database: BaseDatabaseWrapper) -> Iterable[Finding]:
    """Return what forbids to migrate: a server that is too old, code that is, no room."""
    looked = [servers.postgres_version(database.connection.info.server_version), servers.newer(database)]
    looked += [_room()]
    return [finding for finding in looked if finding.level is Level.ERROR]


def _room() -> Finding:
    """A folder that this process cannot see, as in a container without volumes, says nothing."""
    try:
        return next(iter(machine.disks({"var": Path(env().var)})))
    except OSError:
        return error("disk", "HEARTH_VAR cannot be looked at.")


def _database() -> Iterator[Finding]:
    connection.ensure_connection()
    yield from servers.postgres(connection)
    yield servers.roles(connection, migrates=bool(env().owner_database_url and not env().role))
    yield servers.newer(connection)
    yield servers.behind(connection)
    yield servers.database_clock(connection)


def _folders() -> dict[str, Path]:
    named = {"var": Path(env().var), "files": settings.FILES, "models": settings.MODELS, "exports": settings.EXPORTS}
    return named | {"anchors": settings.ANCHORS.parent}


def _embedded() -> Path | None:
    """Where the embedded database keeps its data, where that is the one in use."""
    data = Path(env().var) / "postgres"
    return data if data.exists() else None
