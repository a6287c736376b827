"""The audit log's chain in the hands of somebody who may do anything to the database."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

GENESIS = "0" * 64
Connection = psycopg.Connection[Any]


def body_of(
    verb: str = "accounts.signed_in", *, actor: str = "a", target: str = "t", kind: str = "person", result: str = "done"
) -> str:
    """Return an entry's body in the canonical form."""
    body = {
        "actor": {"address": "192.0.2.1", "id": actor, "kind": "person", "session": "0123456789abcdef"},
        "changes": {},
        "facts": {},
        "result": result,
        "targets": [{"id": target, "kind": kind}],
        "v": 1,
        "verb": verb,
    }
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def link(prev: str, seq: int, microseconds: int, body: str) -> str:
    """Return an entry's hash, written down here once more on purpose."""
    return hashlib.sha256(b"\n".join(part.encode() for part in (prev, str(seq), str(microseconds), body))).hexdigest()


@contextmanager
def untriggered(connection: Connection) -> Iterator[None]:
    """Let nothing of the database watch, as a superuser can."""
    connection.execute("SET session_replication_role = replica")
    yield
    connection.execute("SET session_replication_role = origin")


def forget_everything(connection: Connection) -> None:
    """Begin the log anew in this transaction."""
    with untriggered(connection):
        connection.execute("TRUNCATE audit_entry")
        values = (GENESIS, GENESIS)
        connection.execute("UPDATE audit_head SET seq = 0, hash = %s, first_seq = 1, first_prev = %s", values)


def write(connection: Connection, count: int, **facts: str) -> None:
    """Write entries as the application does."""
    for n in range(count):
        connection.execute("INSERT INTO audit_entry (body) VALUES (%s)", [body_of(**{"target": f"t{n}"} | facts)])


def write_past(connection: Connection, bodies: Iterable[str], *, at: datetime, step: timedelta) -> int:
    """Write a chain of entries that began at some time in the past. Return the last number."""
    head = connection.execute("SELECT seq, hash FROM audit_head").fetchone()
    assert head is not None
    (seq, prev), moment = head, at
    with untriggered(connection):
        with connection.cursor().copy("COPY audit_entry (seq, at, prev, hash, body) FROM STDIN") as copy:
            for body in bodies:
                seq, microseconds = seq + 1, micros(moment)
                made = link(prev, seq, microseconds, body)
                copy.write_row((seq, moment, prev, made, body))
                prev, moment = made, moment + step
        connection.execute("UPDATE audit_head SET seq = %s, hash = %s", (seq, prev))
    return int(seq)


def micros(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def rewrite(connection: Connection, change: Callable[[int, str], str]) -> None:
    """Write the whole chain and its head anew, consistently, with other bodies."""
    prev = GENESIS
    with untriggered(connection):
        for seq, at, body in connection.execute("SELECT seq, at, body FROM audit_entry ORDER BY seq").fetchall():
            other = change(seq, body)
            made = link(prev, seq, micros(at), other)
            values = (other, prev, made, seq)
            connection.execute("UPDATE audit_entry SET body = %s, prev = %s, hash = %s WHERE seq = %s", values)
            prev = made
        connection.execute("UPDATE audit_head SET hash = %s", [prev])
