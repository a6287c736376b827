"""What is written to the log. Every action of the product calls `record` for its entry."""

from collections.abc import Iterable, Mapping

from django.db import DatabaseError, InterfaceError, connection

from audit.actor import Actor, current
from audit.entry import Content, Result, Target
from audit.verbs import Verb

INSERT = "INSERT INTO audit_entry (body) VALUES (%s) RETURNING seq"


class Unwritten(Exception):
    """The entry could not be written: the act it tells of must not happen either."""


def record(
    verb: Verb,
    *,
    by: Actor | None = None,
    targets: Iterable[Target] = (),
    changes: Mapping[str, tuple[object, object]] | None = None,
    facts: Mapping[str, object] | None = None,
    result: Result = Result.DONE,
) -> int:
    """Write one entry and return its number. Costs one INSERT.

    It is the LAST statement of its action: the chain's head stays locked until the transaction ends, so that rows are
    always locked before the head and nobody waits for somebody else's work. `changes` maps a setting to (old, new).
    Raises Unwritten, which takes the act back, and RuntimeError outside of a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An entry is written in the transaction of the act that it tells of.")
    content = Content(verb, by or current(), result, tuple(targets), changes or {}, facts or {})
    try:
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [content.canonical()])
            seq: int = cursor.fetchone()[0]
    except (DatabaseError, InterfaceError) as error:
        raise Unwritten(str(verb.name)) from error
    return seq
