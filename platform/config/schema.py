"""The database's schema beside what this code knows of it: what is missing there, and what is newer than we are.

Code that is older than its database is refused at every start: it would read rows that it does not understand.
"""

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import psycopg
from django.apps import apps
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.module_loading import module_has_submodule

Migration = tuple[str, str]  # app, name
# Apps that an earlier release had: what they migrated then is no sign of a newer Hearth.
RETIRED: frozenset[str] = frozenset()
APPLIED = "SELECT app, name FROM django_migrations"
NEWER = (
    "The database is of a newer Hearth: this one does not know {shown}. Start the newer one, or restore the backup "
    "that was made before the upgrade; see docs/upgrading.md."
)


class Downgraded(Exception):
    """The database is newer than this code; the message is a sentence for the operator."""


def on_disk() -> frozenset[Migration]:
    """Return every migration of this code by the names of its files: none is imported, a start costs milliseconds."""
    found: set[Migration] = set()
    for app in apps.get_app_configs():
        module, _ = MigrationLoader.migrations_module(app.label)
        if module and module_has_submodule(app.module, module.rpartition(".")[2]):
            folder = import_module(module).__path__
            found |= {(app.label, one.name) for one in iter_modules(folder) if one.name[0] not in "_~"}
    return frozenset(found)


def replaced() -> frozenset[Migration]:
    """Return those for which other migrations of this code stand."""
    loader = MigrationLoader(None)
    return frozenset((app, name) for one in loader.disk_migrations.values() for app, name in one.replaces)


def unknown(applied: Iterable[Migration]) -> list[Migration]:
    """Return what the database has and this code does not know, in order."""
    strange = {one for one in applied if one[0] not in RETIRED} - on_disk()
    return sorted(strange - replaced()) if strange else []


def missing(database: BaseDatabaseWrapper) -> list[Migration]:
    """Return what this code has and the database does not, in the order in which it comes."""
    loader = MigrationLoader(database)
    leaves = loader.graph.leaf_nodes()
    plan = dict.fromkeys(node for leaf in leaves for node in loader.graph.forwards_plan(leaf))
    return [node for node in plan if node not in loader.applied_migrations]


def named(migrations: Iterable[Migration]) -> str:
    """Return migrations as people write them, the first three where there are many."""
    names = [".".join(one) for one in migrations]
    rest = len(names) - 3
    return ", ".join(names[:3]) + (f" and {rest} more" if rest > 0 else "")


def refuse_newer(applied: Iterable[Migration]) -> None:
    """Raise Downgraded where the database is newer than this code."""
    if newer := unknown(applied):
        raise Downgraded(NEWER.format(shown=named(newer)))


def applied_in(parameters: dict[str, Any]) -> list[Migration]:
    """Return what the database has, over a connection of its own; nothing where it was never migrated.

    Raises psycopg.OperationalError where it does not answer.
    """
    with psycopg.connect(**parameters) as asked:
        row = asked.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
        found = asked.execute(APPLIED).fetchall() if row and row[0] else []
    return [(str(app), str(name)) for app, name in found]


def applied_by(database: BaseDatabaseWrapper) -> list[Migration]:
    """Return the same over Django's connection."""
    return list(MigrationRecorder(database).applied_migrations())


def at_start() -> None:
    """End this process with a sentence where the database is newer than its code. One that is away is waited for."""
    ours = ("dbname", "user", "password", "host", "port", "connect_timeout")
    parameters = connection.get_connection_params()
    try:
        refuse_newer(applied_in({name: parameters[name] for name in ours if name in parameters}))
    except psycopg.OperationalError:
        return
    except Downgraded as reason:
        raise SystemExit(str(reason)) from None
