"""What is written to the log. Every action of the product calls `record` for its entry."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from uuid import UUID

from celery import current_app
from django.db import DatabaseError, IntegrityError, InterfaceError, connection, transaction
from django.db.models.functions import Now

from audit import verbs
from audit.actor import Actor, current
from audit.entry import Content, Result, Target
from audit.models import Verification
from audit.verbs import Verb
from audit.verifying import Verdict

INSERT = "INSERT INTO audit_entry (body) VALUES (%s) RETURNING seq"
STALLED = timedelta(minutes=1)
NOT_BEGUN = "Housekeeping did not begin within a minute. Nothing was checked."
BROKEN_OFF = "It broke off: housekeeping stopped before the end. Nothing was found until then."


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


@transaction.atomic
def note_reading(filters: Mapping[str, object]) -> None:
    """Write down that the actor reads the log, and what they asked for. Before anything is shown."""
    record(verbs.READ, facts=filters)


@transaction.atomic
def note_export(**facts: object) -> None:
    """Write down that entries are exported, and which. Before anything leaves."""
    record(verbs.EXPORTED, facts=facts)


@transaction.atomic
def note_verification(verdict: Verdict) -> None:
    """Write down what a verification found; a log that is not sound is a refused entry."""
    facts = {name: value for name, value in asdict(verdict).items() if name != "sentence"}
    record(verbs.VERIFIED, facts=facts, result=Result.DONE if verdict.sound else Result.REFUSED)


@transaction.atomic
def ask_verification(*, asked_by: UUID | None) -> Verification:
    """Have housekeeping verify the log. Return the row that shows how far it is: the one at work, where one is."""
    end_stalled()
    try:
        with transaction.atomic():
            verification = Verification.objects.create(asked_by=asked_by)
    except IntegrityError:
        return Verification.objects.get(ended_at=None)
    ring = partial(current_app.send_task, "audit.verify", (str(verification.pk),), retry=False)
    transaction.on_commit(ring)
    record(verbs.VERIFICATION_ASKED)
    return verification


def end_stalled() -> None:
    """End verifications of which nothing was heard for a minute: whoever ran them is gone, or nobody began."""
    still = Verification.objects.filter(ended_at=None)
    for waiting, sentence in ((True, NOT_BEGUN), (False, BROKEN_OFF)):
        since = "asked_at__lt" if waiting else "heard_at__lt"
        late = still.filter(**{"heard_at__isnull": waiting, since: Now() - STALLED})
        late.update(ended_at=Now(), sentence=sentence)
