"""Migrations beside people who work: what they may do, how long they wait, and that nobody goes back unseen."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.db.migrations import AddField, Migration, RemoveField, RunPython, RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from house import ROOT
from migrating import baseline, faults_of, fresh, statements_of
from servers import Servers

from config import schema
from config.management.commands import migrate
from config.preflight import servers as checks
from config.traffic import LOCK_SECONDS, in_batches, patiently, shortly

NEWER = ("chat", "9999_of_a_later_release")


def _migration(*operations: Operation, atomic: bool = True) -> Migration:
    made = type("Made", (Migration,), {"operations": list(operations), "atomic": atomic})
    return made("9999_made", "chat")  # type: ignore[no-any-return]


def _faults(*statements: str, atomic: bool = True) -> list[str]:
    return faults_of(_migration(atomic=atomic), list(statements))


def test_every_migration_since_the_first_release_is_safe_beside_people_who_work(db: None) -> None:
    loader = MigrationLoader(connection)
    found: list[str] = []
    for node in fresh(loader):
        migration = loader.graph.nodes[node]
        assert migration is not None
        found += faults_of(migration, statements_of(migration, loader.project_state(node, at_end=False)))
    assert found == []


def test_the_migrations_of_the_first_release_are_all_still_there() -> None:
    assert sorted(baseline() - schema.on_disk()) == []


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ('ALTER TABLE "chat_message" ADD COLUMN "a" integer NOT NULL', "no default in the database"),
        ('ALTER TABLE "chat_message" ALTER COLUMN "a" DROP DEFAULT', "use db_default"),
        ('CREATE INDEX "a" ON "chat_message" ("text")', "CONCURRENTLY"),
        ('CREATE UNIQUE INDEX "a" ON "audit_entry" ("seq")', "CONCURRENTLY"),
        ('ALTER TABLE "chat_message" ALTER COLUMN "a" TYPE bigint USING "a"::bigint', "rewrites a column"),
        ('ALTER TABLE "chat_message" RENAME COLUMN "a" TO "b"', "takes away"),
        ('ALTER TABLE "chat_message" DROP COLUMN "a" CASCADE', "takes away"),
        ('DROP TABLE "chat_feedback" CASCADE', "takes away"),
        ('ALTER TABLE "chat_message" ADD CONSTRAINT "c" CHECK ("a" > 0)', "NOT VALID"),
        ('ALTER TABLE "chat_message" ADD CONSTRAINT "c" UNIQUE ("a")', "USING INDEX"),
        ('ALTER TABLE "chat_message" ALTER COLUMN "a" SET NOT NULL', "reads the whole table"),
        ('UPDATE "chat_message" SET "a" = 1', "changes many rows"),
        ("INSERT INTO chat_b SELECT * FROM chat_message", "changes many rows"),
    ],
)
def test_what_would_keep_people_waiting_is_found(statement: str, says: str) -> None:
    [fault] = _faults(statement)
    assert fault.startswith("chat.9999_made: ")
    assert says in fault


@pytest.mark.parametrize(
    "statement",
    [
        'ALTER TABLE "chat_message" ADD COLUMN "a" integer NULL',
        'ALTER TABLE "chat_message" ADD COLUMN "a" integer DEFAULT 0 NOT NULL',
        'CREATE INDEX CONCURRENTLY "a" ON "chat_message" ("text")',
        'CREATE INDEX "a" ON "models_admin_host" ("name")',
        'ALTER TABLE "chat_message" ADD CONSTRAINT "c" CHECK ("a" > 0) NOT VALID',
    ],
)
def test_what_keeps_nobody_waiting_is_let_through(statement: str) -> None:
    assert _faults(statement) == []


def test_what_a_migration_makes_itself_it_may_change() -> None:
    assert _faults('CREATE TABLE "chat_message" ("id" integer)', 'CREATE INDEX "a" ON "chat_message" ("id")') == []


def test_data_are_changed_in_batches_and_can_be_changed_back() -> None:
    once = _migration(RunPython(RunPython.noop))
    assert [fault.partition(": ")[2][:9] for fault in faults_of(once, [])] == ["RunPython", "RunPython"]
    assert faults_of(_migration(RunPython(RunPython.noop, RunPython.noop), atomic=False), []) == []
    [fault] = faults_of(_migration(RunSQL("SELECT 1")), [])
    assert "cannot be taken back" in fault


def test_without_a_transaction_one_thing_is_done_so_that_a_second_try_finds_nothing_half_done() -> None:
    one = RunSQL("SELECT 1", "SELECT 1")
    assert faults_of(_migration(one, one), []) == []
    [fault] = faults_of(_migration(one, one, atomic=False), [])
    assert "does several things without a transaction" in fault


def test_what_django_writes_for_a_field_is_read(db: None) -> None:
    state = MigrationLoader(connection).project_state()
    required, kept = models.IntegerField(default=0), models.IntegerField(db_default=0)
    faulty = _migration(AddField("Message", "stars", required))
    assert any("db_default" in fault for fault in faults_of(faulty, statements_of(faulty, state.clone())))
    sound = _migration(AddField("Message", "stars", kept))
    assert faults_of(sound, statements_of(sound, state.clone())) == []
    gone = _migration(RemoveField("Message", "text"))
    assert any("takes away" in fault for fault in faults_of(gone, statements_of(gone, state.clone())))


@pytest.mark.django_db
def test_many_rows_are_changed_in_batches_that_fit_the_time() -> None:
    sizes: list[int] = []

    def seen(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
        sizes.extend(parameters if sql.startswith("UPDATE") else [])
        return execute(sql, parameters, many, context)

    few = "SELECT pk FROM many WHERE NOT done LIMIT %s FOR UPDATE SKIP LOCKED"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE many AS SELECT n AS pk, false AS done FROM generate_series(1, 1000) n")
        with connection.execute_wrapper(seen):
            changed = in_batches(connection, "many", f"UPDATE many SET done = true WHERE pk IN ({few})", first=100)
        cursor.execute("SELECT count(*) FROM many WHERE done")
        assert (changed, cursor.fetchone()) == (1000, (1000,))
    assert sizes[:3] == [100, 200, 400]


def test_names_are_shown_up_to_three() -> None:
    assert schema.named([("chat", str(n)) for n in range(5)]) == "chat.0, chat.1, chat.2 and 2 more"
    assert schema.named([NEWER]) == "chat.9999_of_a_later_release"


def test_every_migration_on_disk_is_known(db: None) -> None:
    assert schema.unknown(schema.applied_by(connection)) == []
    assert schema.missing(connection) == []
    assert checks.newer(connection).level == "ok"


def test_a_database_of_a_newer_hearth_is_not_migrated(db: None) -> None:
    MigrationRecorder(connection).record_applied(*NEWER)
    with pytest.raises(CommandError, match=r"newer Hearth: this one does not know chat\.9999_of_a_later_release\. "):
        call_command("migrate", verbosity=0)
    assert checks.newer(connection).level == "error"


@contextmanager
def newer_database(servers: Servers) -> Iterator[None]:
    """The product's own database, as a later release leaves it."""
    owner = psycopg.connect(servers.owner_url, autocommit=True)
    columns = "id bigserial, app text, name text, applied timestamptz DEFAULT now()"
    owner.execute(f"CREATE TABLE IF NOT EXISTS django_migrations ({columns})")
    owner.execute("GRANT SELECT ON django_migrations TO hearth_app")
    owner.execute("INSERT INTO django_migrations (app, name) VALUES (%s, %s)", NEWER)
    yield
    owner.execute("DROP TABLE django_migrations")
    owner.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("role", "command"),
    [
        ("web", ["-c", "import config.asgi"]),
        ("host", ["-m", "celery", "-A", "config", "worker", "-n", "host@x", "-Q", "models", "--pool", "solo"]),
        ("", [str(ROOT / "manage.py"), "up", "--port", "29999"]),
        ("beat", ["-m", "celery", "-A", "config", "beat", "--schedule", "SCHEDULE", "--pidfile="]),
    ],
)
def test_no_process_starts_over_a_database_of_a_newer_hearth(
    servers: Servers, role: str, command: list[str], tmp_path: Path
) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("HEARTH_OWNER")}
    with newer_database(servers):
        done = subprocess.run(
            [sys.executable, *(word.replace("SCHEDULE", str(tmp_path / "schedule")) for word in command)],
            env=env | {"HEARTH_ROLE": role, "HEARTH_VAR": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1, done.stderr
    assert "does not know chat.9999_of_a_later_release" in done.stderr.strip().splitlines()[-1]


@contextmanager
def held(table: str, seconds: float) -> Iterator[threading.Thread]:
    """Somebody reads a table in a long transaction."""
    parameters = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor}
    holder = psycopg.connect(**parameters)
    holder.execute(f'SELECT count(*) FROM "{table}"')

    def let_go() -> None:
        time.sleep(seconds)
        holder.close()

    thread = threading.Thread(target=let_go)
    thread.start()
    yield thread
    thread.join()


def _altered(*, said: StringIO) -> None:
    """Run the command's own way around a statement that needs the table for itself."""
    command = migrate.Command(stderr=said)
    with migrate._alone(connection), patiently(connection), connection.cursor() as cursor:
        command._try(lambda: cursor.execute("ALTER TABLE chat_feedback ADD COLUMN later integer"), connection)
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == (f"{int(LOCK_SECONDS * 1000)}ms",)
        cursor.execute("ALTER TABLE chat_feedback DROP COLUMN later")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_table_that_is_held_is_waited_for_shortly_and_tried_again() -> None:
    said, began = StringIO(), time.monotonic()
    with held("chat_feedback", LOCK_SECONDS + 1):
        _altered(said=said)
    assert said.getvalue().count("the next try is in") >= 1
    assert time.monotonic() - began < 10
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_tries_end_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "TRIES", 1)
    with held("chat_feedback", LOCK_SECONDS + 0.5), pytest.raises(CommandError, match="Tables were busy at every try"):
        _altered(said=StringIO())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_index_is_built_beside_a_long_reader_and_a_half_built_one_is_made_anew(servers: Servers) -> None:
    make = "CREATE INDEX CONCURRENTLY later ON chat_feedback (id)"
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX later ON chat_feedback (id)")
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(servers.postgres.superuser_url(name), autocommit=True) as superuser:
        superuser.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'later'::regclass")
    with held("chat_feedback", LOCK_SECONDS + 0.5), patiently(connection), connection.cursor() as cursor:
        shortly(connection)
        cursor.execute(make)
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'later'::regclass")
        assert cursor.fetchone() == (True,)
        cursor.execute("DROP INDEX later")
        cursor.execute("SET lock_timeout = 0")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_who_waits_for_the_turn_holds_up_no_index_of_the_one_who_has_it() -> None:
    turns: list[str] = []

    def second() -> None:
        with migrate._alone(connection):
            turns.append("second")
        connection.close()

    thread = threading.Thread(target=second)
    parameters = {**connection.get_connection_params(), "cursor_factory": psycopg.Cursor}
    with psycopg.connect(**parameters, autocommit=True) as first:
        first.execute("SELECT pg_advisory_lock(%s)", [migrate.ONE_AT_A_TIME])
        thread.start()
        time.sleep(1.5 * migrate.LOOK_SECONDS)
        first.execute("CREATE INDEX CONCURRENTLY later ON chat_feedback (id)")
        first.execute("DROP INDEX later")
        turns.append("first")
    thread.join(10)
    assert turns == ["first", "second"]
