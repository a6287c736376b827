"""A million messages, a tenth of them due: how fast a sweep purges them, and what who chats meanwhile feels."""

import multiprocessing
import os
import statistics
import threading
import time
from collections.abc import Callable
from multiprocessing.synchronize import Event
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import django
import psycopg

from config.supervisor.servers import Postgres, Valkey

PEOPLE, TEAMS = 5_000, 300
CHATS, SAID = 100_000, 10  # conversations, messages in each
DUE = 10  # per cent
PAUSE = 0.2  # seconds between two acts of who chats
Say = Callable[[str], None]

# Everything by SQL: making a million rows is not what is measured.
FILL = (
    "INSERT INTO accounts_team (id, name) SELECT gen_random_uuid(), 'Team ' || n FROM generate_series(1, %(teams)s) n",
    """INSERT INTO accounts_user (id, email, display_name, organisation_role, is_active, password, theme, language)
       SELECT gen_random_uuid(), 'p' || n || '@example.org', 'Person ' || n, 'member', true, '!', 'auto', ''
       FROM generate_series(1, %(people)s) n""",
    """CREATE TEMPORARY TABLE part AS
       SELECT u.id AS person, t.id AS team FROM
         (SELECT id, row_number() OVER () AS n FROM accounts_user) u JOIN
         (SELECT id, row_number() OVER () AS n FROM accounts_team) t ON t.n = 1 + u.n %% %(teams)s""",
    "INSERT INTO accounts_membership (team_id, user_id, role) SELECT team, person, 'member' FROM part",
    """INSERT INTO chat_conversation (id, owner_id, team_id, title, last_activity_at, created_at, pinned)
       SELECT gen_random_uuid(), p.person, p.team, 'About ' || n, at, at, false FROM
         (SELECT n, now() - make_interval(days => CASE WHEN n %% 100 < %(due)s THEN 91 + n %% 30 ELSE n %% 89 END) AS at
          FROM generate_series(1, %(chats)s) n) c
         JOIN (SELECT *, row_number() OVER () AS k FROM part) p ON p.k = 1 + c.n %% %(people)s""",
    """INSERT INTO chat_message (id, conversation_id, parent_id, role, text, created_at)
       SELECT gen_random_uuid(), c.id, NULL, CASE WHEN k %% 2 = 1 THEN 'user' ELSE 'assistant' END,
         repeat('Some words about fire and wood. ', 8), c.last_activity_at + make_interval(secs => k)
       FROM chat_conversation c, generate_series(1, %(said)s) k""",
    """UPDATE chat_message m SET parent_id = q.id FROM chat_message q
       WHERE q.conversation_id = m.conversation_id AND q.created_at = m.created_at - interval '1 second'
         AND m.role = 'assistant'""",
    """INSERT INTO chat_generation (id, message_id, user_id, team_id, deployment_id, client_id, state, reason, attempt,
         failures, rounds, stop_requested, model_name, model_sha256, parameters, seed, prompt_tokens, prefilled_tokens,
         output_tokens, decode_seconds, left_out, left_premises, ended_at)
       SELECT gen_random_uuid(), m.id, c.owner_id, c.team_id, %(deployment)s, gen_random_uuid(), 'done', '', 1, 0, 1,
         false, 'Stub', '', '{}', 1, 10, 10, 10, 1, 0, false, c.last_activity_at
       FROM chat_message m JOIN chat_conversation c ON c.id = m.conversation_id WHERE m.role = 'assistant'""",
    """UPDATE chat_conversation c SET head_id = m.id FROM chat_message m
       WHERE m.conversation_id = c.id AND m.created_at = c.last_activity_at + make_interval(secs => %(said)s)""",
)


def percentile(values: list[float], share: float) -> float:
    """Return a percentile of some milliseconds."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)


def chatter(env: dict[str, str], stop: Event, quiet: Event, pipe: Any) -> None:
    """Somebody else's process: asks, stores words as a worker does, opens the chat. Sends (while, milliseconds)."""
    os.environ |= env
    django.setup()
    from django.test import Client

    from accounts.models import User
    from chat import actions, queue
    from chat.models import Generation
    from models_admin.models import Deployment

    actions._ring_quietly = lambda pk: None  # type: ignore[assignment]  # nobody answers here
    person, deployment = User.objects.get(email="p7@example.org"), Deployment.objects.get()
    client = Client(SERVER_NAME="localhost")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    while not stop.is_set():
        before, began = quiet.is_set(), time.perf_counter()
        made = actions.begin(person, text="What burns slowly?", deployment=deployment, client_id=uuid4())
        Generation.objects.within(made).update(state="running", attempt=1, lease_until=made.queued_at)
        queue.keep(made.pk, 1, text="Oak does.")
        queue.finish(made.pk, 1, state="done", text="Oak does, and beech.")
        assert client.get(made.message.conversation.get_absolute_url()).status_code == 200
        pipe.send((before, 1000 * (time.perf_counter() - began)))
        time.sleep(PAUSE)
    pipe.close()


def measure(say: Say) -> dict[str, Any]:
    """Run all of it against servers of its own."""
    with TemporaryDirectory() as directory:
        var = Path(directory)
        (var / "log").mkdir()
        postgres, valkey = Postgres(var), Valkey(var)
        children = [postgres.child(), valkey.child()]
        for child in children:
            child.start()
        try:
            postgres.wait_until_ready()
            valkey.wait_until_ready()
            return _measure(postgres, valkey, var, say)
        finally:
            for child in children:
                child.end()


def _measure(postgres: Postgres, valkey: Valkey, var: Path, say: Say) -> dict[str, Any]:
    env = {"HEARTH_VAR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings", "HEARTH_REDIS_URL": valkey.url}
    env |= {"HEARTH_DATABASE_URL": postgres.url, "HEARTH_OWNER_DATABASE_URL": postgres.owner_url}
    os.environ |= env
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from models_admin.models import Deployment

    call_command("migrate", verbosity=0)
    deployment = Deployment.objects.create(path="stub:", name="Stub")
    began = time.perf_counter()
    facts = {"teams": TEAMS, "people": PEOPLE, "chats": CHATS, "said": SAID, "due": DUE, "deployment": deployment.pk}
    with psycopg.connect(postgres.superuser_url("hearth"), autocommit=True) as superuser:
        for statement in FILL:
            superuser.execute(statement, facts)
        superuser.execute("VACUUM ANALYZE")
    say(f"made {CHATS * SAID:,} messages in {time.perf_counter() - began:.0f} s")
    found = {"preview": _preview(say), "sweep": _sweep(env, say)}
    connection.close()
    return found


def _preview(say: Say) -> dict[str, float]:
    """Time the counts that an administrator sees before 90 days are saved."""
    from retention.changing import preview
    from retention.models import HouseRules

    HouseRules.objects.create(id=1, delay_hours=0)
    took = []
    for _ in range(3):
        began = time.perf_counter()
        seen = preview(None, {"days": 90})
        took.append(time.perf_counter() - began)
    row = {"seconds": round(statistics.median(took), 2), "chats": seen.chats}
    say(f"preview {row}")
    return row


def _sweep(env: dict[str, str], say: Say) -> dict[str, Any]:
    """Sweep while somebody chats; what they wait is compared with what they waited just before."""
    from retention import sweeping
    from retention.models import HouseRules, Run

    context = multiprocessing.get_context("spawn")
    stop, quiet = context.Event(), context.Event()
    mine, theirs = context.Pipe(duplex=False)
    quiet.set()
    process = context.Process(target=chatter, args=(env, stop, quiet, theirs))
    process.start()
    theirs.close()
    mine.recv()
    waited: dict[bool, list[float]] = {True: [], False: []}
    listener = threading.Thread(target=_listen, args=(mine, waited))
    listener.start()
    time.sleep(10)
    HouseRules.objects.update(days=90)
    quiet.clear()
    took, chunks = _timed_chunks()
    began = time.perf_counter()
    run = sweeping.sweep()
    seconds = time.perf_counter() - began
    quiet.set()
    stop.set()
    assert run is not None
    assert run.state == Run.State.DONE
    process.join(20)
    listener.join(20)
    gone = run.counts["conversations"]["messages"]
    row = {
        "messages": gone,
        "messages_per_second": round(gone / seconds),
        "chunks": len(took),
        "longest_lock_ms": round(max(took), 1),
        "median_lock_ms": round(statistics.median(took), 1),
        "chat_before": {"p50": percentile(waited[True], 0.5), "p95": percentile(waited[True], 0.95)},
        "chat_during": {"p50": percentile(waited[False], 0.5), "p95": percentile(waited[False], 0.95)},
        "acts_during": len(waited[False]),
    }
    chunks()
    say(f"sweep {row}")
    return row


def _timed_chunks() -> tuple[list[float], Callable[[], None]]:
    """Time each transaction of a sweep, from its first statement to its commit, in milliseconds."""
    from retention import sweeping

    took: list[float] = []
    original = sweeping.bury

    def timed(kind: Any, run: Any) -> Any:
        began = time.perf_counter()
        done = original(kind, run)
        took.append(1000 * (time.perf_counter() - began))
        return done

    sweeping.bury = timed

    def restore() -> None:
        sweeping.bury = original

    return took, restore


def _listen(pipe: Any, waited: dict[bool, list[float]]) -> None:
    """Gather what is sent, by whether it was before the sweep, until nobody sends any more."""
    while True:
        try:
            before, milliseconds = pipe.recv()
        except EOFError:
            return
        waited[before].append(milliseconds)
