"""What a migration may do while people work: read from the statements that it runs.

The release before goes on reading and writing until the last of its processes is replaced. So a migration only adds;
what nobody uses any more goes one release later, and is named in LEFT_BEHIND with the release that no longer used it.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.db import connection
from django.db.migrations import Migration, RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

Name = tuple[str, str]
BASELINE = Path(__file__).parent / "migrations_of_0_1_0.txt"
# Tables that grow with every question, sign-in or entry: hundreds of thousands of rows and more.
BIG = frozenset(
    {
        "accounts_session",
        "audit_entry",
        "chat_attachment",
        "chat_conversation",
        "chat_file",
        "chat_generation",
        "chat_message",
        "chat_project",
        "models_admin_happening",
        "moving_origin",
        "retention_chunk",
    }
)
# What goes although an earlier release had it: "app.migration": "the release that no longer used it".
LEFT_BEHIND: dict[str, str] = {}

TABLE = r'(?:ONLY\s+)?(?:IF\s+EXISTS\s+)?"?(?P<table>\w+)"?'
ALTER = re.compile(rf"^ALTER TABLE {TABLE}\s+(?P<what>.*)$", re.IGNORECASE | re.DOTALL)
CREATE = re.compile(r'^CREATE TABLE (?:IF NOT EXISTS )?"?(?P<table>\w+)"?', re.IGNORECASE)
INDEX = re.compile(
    r'^CREATE (?:UNIQUE )?INDEX (?P<how>CONCURRENTLY )?(?:IF NOT EXISTS )?"?\w+"? ON (?:ONLY )?"?(?P<table>\w+)"?',
    re.IGNORECASE,
)
CHANGES = re.compile(
    r'^(?:UPDATE|DELETE FROM) (?:ONLY )?"?(?P<table>\w+)"?|^INSERT INTO .*\bSELECT\b', re.IGNORECASE | re.DOTALL
)
NOT_NULL, DEFAULT = re.compile(r"\bNOT NULL\b", re.IGNORECASE), re.compile(r"\bDEFAULT\b", re.IGNORECASE)
RULES_OF_ALTER = (
    (r"ALTER COLUMN .*\bTYPE\b", "rewrites a column: add another one and fill it in steps"),
    (
        r"ADD CONSTRAINT .*\b(?:CHECK|FOREIGN KEY)\b(?!.*\bNOT VALID\b)",
        "reads the whole table: add it NOT VALID, validate later",
    ),
    (
        r"ADD CONSTRAINT .*\b(?:UNIQUE|EXCLUDE)\b(?!.*\bUSING INDEX\b)",
        "builds an index: do that CONCURRENTLY, then USING INDEX",
    ),
    (r"ALTER COLUMN .*\bSET NOT NULL\b", "reads the whole table: a CHECK that is NOT VALID comes first"),
)
GOES = re.compile(r"\b(?:DROP COLUMN|RENAME (?:TO|COLUMN)|RENAME)\b|^DROP TABLE\b", re.IGNORECASE)


def baseline() -> frozenset[Name]:
    """Return the migrations of release 0.1.0, which nobody had to wait for."""
    return frozenset(_split(line) for line in BASELINE.read_text().splitlines())


def _split(line: str) -> Name:
    app, _, name = line.partition(".")
    return app, name


def fresh(loader: MigrationLoader) -> list[Name]:
    """Return the migrations that came later, in their order."""
    known = baseline()
    plan = dict.fromkeys(node for leaf in loader.graph.leaf_nodes() for node in loader.graph.forwards_plan(leaf))
    return [node for node in plan if node not in known]


def statements_of(migration: Migration, state: ProjectState) -> list[str]:
    """Return the SQL of a migration, as `sqlmigrate` shows it."""
    with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        migration.apply(state, editor, collect_sql=True)
        return [line for line in editor.collected_sql if line and not line.startswith("--")]


def faults_of(migration: Migration, statements: list[str], *, big: frozenset[str] = BIG) -> list[str]:
    """Return what people would have to wait for, or what the release before could not live with."""
    whole = [part.strip() for statement in statements for part in statement.split(";\n") if part.strip()]
    made = {found["table"] for one in whole if (found := CREATE.match(one))}
    name = f"{migration.app_label}.{migration.name}"
    faults = [*_of_operations(migration), *(fault for one in whole for fault in _of_statement(one, made, big, name))]
    return [f"{name}: {fault}" for fault in faults]


def _of_operations(migration: Migration) -> Iterator[str]:
    operations = list(_flat(migration.operations))
    if not migration.atomic and len(operations) > 1:
        yield "does several things without a transaction: a second try would find some of them done; one each"
    for operation in operations:
        if isinstance(operation, RunPython) and migration.atomic:
            yield "RunPython in one transaction keeps its locks to the end: atomic = False, and batches"
        if isinstance(operation, RunPython | RunSQL) and not operation.reversible:
            yield f"{type(operation).__name__} cannot be taken back: give it its reverse"


def _flat(operations: Sequence[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)
        else:
            yield operation


def _of_statement(one: str, made: set[str], big: frozenset[str], name: str) -> Iterator[str]:
    if GOES.search(one) and name not in LEFT_BEHIND and not re.search(r"\bIF NOT EXISTS\b", one):
        yield f"takes away what the release before may use: {one[:100]}"
    if (found := INDEX.match(one)) and found["table"] in big - made and not found["how"]:
        yield f"builds an index of {found['table']} while nobody can write: CONCURRENTLY"
    if (found := CHANGES.match(one)) and (found["table"] is None or found["table"] in big - made):
        yield f"changes many rows in one statement: {one[:100]}"
    if (found := ALTER.match(one)) and found["table"] not in made:
        yield from _of_alter(found["table"], found["what"], big)


def _of_alter(table: str, what: str, big: frozenset[str]) -> Iterator[str]:
    if re.match(r"ADD COLUMN", what, re.IGNORECASE) and NOT_NULL.search(what) and not DEFAULT.search(what):
        yield f"adds a column to {table} that must be filled and has no default in the database"
    if re.match(r"ALTER COLUMN .*\bDROP DEFAULT", what, re.IGNORECASE):
        yield f"takes a default of {table} away, without which the release before cannot write: use db_default"
    if table in big:
        for rule, why in RULES_OF_ALTER:
            if re.match(rule, what, re.IGNORECASE | re.DOTALL):
                yield f"{table}: {why}"
