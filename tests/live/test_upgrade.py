"""B88: from the release before to this one and a later one, and back, while people write. Nobody waits for two seconds.

The later release is an app of this test: its migrations do to the largest table what a release usually does.
"""

import os
import random
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import psycopg
import pytest
from house import ROOT, eventually
from migrating import baseline
from servers import Servers

from config.schema import on_disk

DATABASE, MESSAGES = "upgraded", 100_000
LONGEST_WAIT = 2.0  # seconds
NEW_APPS = ("egress", "backup", "health")

# The release before, with people and what they have said for years.
BEFORE = """
import os, sys
import django
django.setup()
import psycopg
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tools.bench import filling

targets = [tuple(line.split(".", 1)) for line in open(sys.argv[1]).read().split()]
MigrationExecutor(connection).migrate(targets)
emit_post_migrate_signal(0, False, "default")
filling.PEOPLE, filling.TEAMS, filling.CHATS = 500, 30, 10_000
filling.SAID, filling.HEAVY, filling.TEXTS = 10, 500, 6_000
from models_admin.models import Deployment
deployment = Deployment.objects.create(path="stub:", name="Stub")
with psycopg.connect(sys.argv[2], autocommit=True) as superuser:
    filling.fill(superuser, deployment.pk)
"""
LATER = {
    "later/__init__.py": "",
    "later/migrations/__init__.py": "",
    "later_settings.py": "from config.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'later']\n",
    "later/migrations/0001_column.py": """
from django.db import migrations
class Migration(migrations.Migration):
    initial = True
    dependencies = [("chat", "0012_messages")]
    operations = [migrations.RunSQL(
        "ALTER TABLE chat_message ADD COLUMN later_mark integer, ADD COLUMN later_rank integer DEFAULT 0 NOT NULL",
        "ALTER TABLE chat_message DROP COLUMN later_mark, DROP COLUMN later_rank")]
""",
    "later/migrations/0002_index.py": """
from django.db import migrations
class Migration(migrations.Migration):
    atomic = False
    dependencies = [("later", "0001_column")]
    operations = [migrations.RunSQL(
        "CREATE INDEX CONCURRENTLY later_by_mark ON chat_message (later_mark)",
        "DROP INDEX CONCURRENTLY later_by_mark")]
""",
    "later/migrations/0003_fill.py": """
from config.traffic import in_batches
from django.db import migrations
SOME = "SELECT id FROM chat_message WHERE later_mark IS NULL LIMIT %s FOR UPDATE SKIP LOCKED"
def fill(apps, editor):
    in_batches(editor.connection, "chat_message", f"UPDATE chat_message SET later_mark = 1 WHERE id IN ({SOME})")
class Migration(migrations.Migration):
    atomic = False
    dependencies = [("later", "0002_index")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
""",
    "later/migrations/0004_constraint.py": """
from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [("later", "0003_fill")]
    operations = [migrations.RunSQL(
        "ALTER TABLE chat_message ADD CONSTRAINT later_is_small CHECK (later_rank < 100) NOT VALID",
        "ALTER TABLE chat_message DROP CONSTRAINT later_is_small")]
""",
    "later/migrations/0005_validated.py": """
from django.db import migrations
class Migration(migrations.Migration):
    dependencies = [("later", "0004_constraint")]
    operations = [migrations.RunSQL(
        "ALTER TABLE chat_message VALIDATE CONSTRAINT later_is_small", migrations.RunSQL.noop)]
""",
}


def _named(url: str) -> str:
    """Return the address of the database that is upgraded."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{DATABASE}"))


@dataclass
class Installation:
    """A database that is upgraded, and the commands of each release over it."""

    servers: Servers
    later: Path
    said: Path

    def env(self, settings: str) -> dict[str, str]:
        paths = f"{self.later}{os.pathsep}{ROOT}"
        addresses = {"HEARTH_DATABASE_URL": _named(self.servers.database_url)}
        addresses |= {"HEARTH_OWNER_DATABASE_URL": _named(self.servers.owner_url)}
        return os.environ | addresses | {"DJANGO_SETTINGS_MODULE": settings, "PYTHONPATH": paths, "HEARTH_ROLE": ""}

    def migrate(self, *words: str, settings: str = "later_settings") -> "subprocess.Popen[bytes]":
        """Begin to migrate; what it says goes to a file."""
        command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--no-input", *words]
        with self.said.open("ab") as said:
            return subprocess.Popen(command, env=self.env(settings), stdout=said, stderr=said)

    def has_migrated(self, *words: str, settings: str = "later_settings") -> None:
        assert self.migrate(*words, settings=settings).wait(300) == 0, self.said.read_text()


@pytest.fixture
def installation(servers: Servers, tmp_path: Path) -> Iterator[Installation]:
    """The release before with a hundred thousand messages."""
    for name, text in LATER.items():
        (tmp_path / "later" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "later" / name).write_text(text)
    made = Installation(servers, tmp_path / "later", tmp_path / "said")
    with psycopg.connect(servers.postgres.superuser_url("postgres"), autocommit=True) as superuser:
        superuser.execute(f"CREATE DATABASE {DATABASE} OWNER hearth_owner")
    targets = tmp_path / "targets"
    last = dict(sorted(baseline()))
    targets.write_text("\n".join(map(".".join, last.items())))
    command = [sys.executable, "-c", BEFORE, str(targets), servers.postgres.superuser_url(DATABASE)]
    done = subprocess.run(
        command, env=made.env("config.settings"), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    yield made
    with psycopg.connect(servers.postgres.superuser_url("postgres"), autocommit=True) as superuser:
        superuser.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


@dataclass
class Traffic:
    """People of the release before: they write and read, and each notes how long it took."""

    url: str
    ids: list[tuple[UUID, UUID]]
    longest: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    errors: list[str] = field(default_factory=list)
    held_up: tuple[float, str] = (0.0, "")  # the longest, in seconds, and what was asked
    over: threading.Event = field(default_factory=threading.Event)

    def _time(
        self, kind: str, connection: "psycopg.Connection[tuple[object, ...]]", statement: str, *values: object
    ) -> None:
        began = time.monotonic()
        connection.execute(statement, values)
        self.longest[kind] = max(self.longest[kind], time.monotonic() - began)
        self.counts[kind] += 1

    def work(self, number: int) -> None:
        """Ask, answer and read, one after the other, until it is over."""
        try:
            with psycopg.connect(self.url, autocommit=True) as connection:
                dice = random.Random(number)
                while not self.over.is_set():
                    message, chat = dice.choice(self.ids)
                    self._time("write", connection, "UPDATE chat_message SET text = text || '.' WHERE id = %s", message)
                    self._time("ask", connection, ASK, uuid4(), chat, message)
                    self._time("read", connection, "SELECT id, text FROM chat_message WHERE conversation_id = %s", chat)
                    time.sleep(0.01)
        except psycopg.Error as error:
            self.errors.append(str(error))


ASK = """INSERT INTO chat_message (id, conversation_id, parent_id, role, text, created_at)
         VALUES (%s, %s, %s, 'user', 'More?', now())"""


# Who of those that work waits for the one that migrates, or behind it in the queue for a table.
HELD_UP = """
SELECT a.pid, a.query_start, left(a.query, 80) FROM pg_stat_activity a
WHERE a.usename = 'hearth_app' AND a.state = 'active' AND a.wait_event_type = 'Lock' AND EXISTS (
  SELECT FROM pg_stat_activity b WHERE b.pid = ANY (pg_blocking_pids(a.pid)) AND b.usename = 'hearth_owner')
"""


def watch(superuser: str, busy: Traffic) -> None:
    """Look twenty times a second whom the migration holds up, and keep the longest."""
    since: dict[object, float] = {}
    with psycopg.connect(superuser, autocommit=True) as connection:
        while not busy.over.wait(0.05):
            now, rows = time.monotonic(), connection.execute(HELD_UP).fetchall()
            since = {row[:2]: since.get(row[:2], now) for row in rows}
            for row in rows:
                busy.held_up = max(busy.held_up, (now - since[row[:2]], row[2]))


@contextmanager
def traffic(installation: Installation, *, people: int = 6) -> Iterator[Traffic]:
    """Work beside what happens inside. Afterwards nobody has met an error or waited for too long."""
    url = _named(installation.servers.database_url)
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT id, conversation_id FROM chat_message ORDER BY id LIMIT 2000").fetchall()
    busy = Traffic(url, found)
    threads = [threading.Thread(target=busy.work, args=(number,)) for number in range(people)]
    superuser = installation.servers.postgres.superuser_url(DATABASE)
    threads.append(threading.Thread(target=watch, args=(superuser, busy)))
    for thread in threads:
        thread.start()
    try:
        yield busy
    finally:
        busy.over.set()
        for thread in threads:
            thread.join()
    assert busy.errors == []
    assert busy.held_up[0] < LONGEST_WAIT
    assert {kind: round(most, 2) for kind, most in busy.longest.items() if most >= LONGEST_WAIT} == {}
    assert min(busy.counts.values()) > 20


def count(installation: Installation, what: str) -> int:
    with psycopg.connect(_named(installation.servers.owner_url)) as connection:
        row = connection.execute(f"SELECT count(*) FROM {what}").fetchone()
    assert row
    return int(row[0])


def way_back() -> list[tuple[str, str]]:
    """Return where each app goes that this release has changed: its last migration of the release before, or zero."""
    before = baseline()
    changed = sorted({app for app, _ in on_disk() - before})
    return [(app, max((name for label, name in before if label == app), default="zero")) for app in changed]


@pytest.mark.prove
def test_an_upgrade_and_the_way_back_keep_nobody_waiting(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert count(installation, "chat_message") == MESSAGES
    with traffic(installation) as usual:
        time.sleep(5)
    with traffic(installation) as up:
        installation.has_migrated(settings="config.settings")  # from the release before to this one
        with psycopg.connect(_named(installation.servers.database_url)) as reader:
            reader.execute("SELECT count(*) FROM chat_message")  # a long transaction holds what the next one needs
            migrating = installation.migrate()
            eventually(lambda: "the next try is in" in installation.said.read_text(), seconds=30, what="a second try")
        assert migrating.wait(300) == 0, installation.said.read_text()
    assert up.held_up[0] > 0.3, "nobody stood behind the first try: nothing was measured"
    # What was written meanwhile may stay empty, and a row that was locked just then.
    assert count(installation, "chat_message WHERE later_mark IS NULL AND created_at < now() - interval '1 h'") < 20
    refused = installation.migrate(settings="config.settings")
    assert refused.wait(60) == 1
    assert (
        "does not know later.0001_column, later.0002_index, later.0003_fill and 2 more" in installation.said.read_text()
    )

    before = count(installation, "chat_message")
    with traffic(installation) as back:
        installation.has_migrated("later", "zero")
        for app, name in way_back():
            installation.has_migrated(app, name, settings="config.settings")
    assert count(installation, "information_schema.columns WHERE column_name LIKE 'later%'") == 0
    assert count(installation, "information_schema.tables WHERE table_name LIKE 'egress%'") == 0
    assert count(installation, "chat_message") == before + back.counts["ask"]
    with traffic(installation) as again:
        installation.has_migrated()
    with capsys.disabled():
        for name, busy in (("as usual", usual), ("up", up), ("back", back), ("up again", again)):
            figures = ", ".join(
                f"{kind} {busy.counts[kind]}x {busy.longest[kind]:.2f} s" for kind in sorted(busy.longest)
            )
            sys.stdout.write(f"\n  {name}: held up {busy.held_up[0]:.2f} s; longest {figures}")
