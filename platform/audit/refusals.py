"""Refusals, counted: one entry a person, verb and minute, so that guessing 10,000 ids cannot flood the log.

The first one is written at once. The rest of its minute is held and counted by the next entry: that of the next
refusal, or the one that housekeeping writes. The counts of all entries add up to all refusals.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from audit.actions import record
from audit.actor import Actor, Kind, current
from audit.entry import Result, Target
from audit.models import Refusals
from audit.verbs import VERBS, Verb

WINDOW = timedelta(minutes=1)


def _who(actor: Actor) -> str:
    return f"{actor.kind}:{actor.id or actor.address}"[:200]


@transaction.atomic
def refused(
    verb: Verb,
    *,
    by: Actor | None = None,
    targets: Iterable[Target] = (),
    facts: Mapping[str, object] | None = None,
) -> None:
    """Write or count a refusal. Raises Unwritten."""
    actor = by or current()
    defaults = {"actor": asdict(actor)}
    rows = Refusals.objects.select_for_update()
    row, is_first = rows.get_or_create(who=_who(actor), verb=verb.name, defaults=defaults)
    mine = Refusals.objects.filter(pk=row.pk)
    if not is_first and not mine.filter(since__lte=Now() - WINDOW).update(since=Now(), held=0, **defaults):
        mine.update(held=F("held") + 1)
        return
    count = 1 + (0 if is_first else row.held)
    record(verb, by=actor, targets=targets, facts={**(facts or {}), "count": count}, result=Result.REFUSED)


def write_held() -> int:
    """Write what was held and is over, and forget it. Return how many entries that made."""
    over = Refusals.objects.filter(since__lte=Now() - WINDOW).values_list("pk", flat=True)
    return sum(_write_one(pk) for pk in list(over))


@transaction.atomic
def _write_one(pk: int) -> bool:
    rows = Refusals.objects.select_for_update(skip_locked=True)
    row = rows.filter(pk=pk, since__lte=Now() - WINDOW).first()
    if row is None:
        return False
    row.delete()
    if not row.held:
        return False
    actor = Actor(**{**row.actor, "kind": Kind(row.actor["kind"])})
    record(VERBS[row.verb], by=actor, facts={"count": row.held}, result=Result.REFUSED)
    return True
