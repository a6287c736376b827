"""Counts answers as they end, so that monitoring sees numbers that only grow and nobody counts a million rows.

Each round counts what ended between the last one and ten seconds ago: by then every transaction that ended an answer
has committed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from health.models import Tally

BUCKETS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)  # seconds to the first word
STATES = ("done", "stopped", "interrupted", "failed")
LAG = timedelta(seconds=10)
# The first word is counted once, in the round that asked for it. Added up there, however long the round.
ENDED = f"""
SELECT state, count(*), sum(output_tokens), count(seconds), coalesce(sum(seconds), 0),
  {", ".join(f"count(*) FILTER (WHERE seconds <= {bucket})" for bucket in BUCKETS)}
FROM (
  SELECT state, output_tokens,
    CASE WHEN rounds = 1 THEN extract(epoch FROM first_word_at - queued_at)::float8 END AS seconds
  FROM (
    SELECT g.* FROM models_admin_deployment d CROSS JOIN LATERAL (
      SELECT * FROM chat_generation WHERE deployment_id = d.id AND state = 'done'
        AND ended_at > %(since)s AND ended_at <= %(until)s) g
    UNION ALL
    SELECT * FROM chat_generation WHERE (state = 'stopped' OR state = 'interrupted' OR state = 'failed')
      AND ended_at > %(since)s AND ended_at <= %(until)s) ended) told
GROUP BY state
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """Answers by how they ended, tokens said, and seconds to the first word: how many within each bucket, and all."""

    ended: Mapping[str, int]
    tokens: int
    within: tuple[int, ...]
    heard: int
    seconds: float


@transaction.atomic
def tally() -> None:
    """Count what has ended since the last time. The first time nothing is: what lies before is history."""
    row = Tally.objects.select_for_update().annotate(now=Now()).filter(pk=1).first()
    if row is None:
        Tally.objects.create(pk=1, until=Now())
        return
    until = row.now - LAG
    if until > row.until:
        row.counts = _added(row.counts, _ended(since=row.until, until=until))
        row.until = until
        row.save(update_fields=["counts", "until"])


def _ended(**span: datetime) -> list[tuple[Any, ...]]:
    """Return a row for each state: answers, tokens, first words, their seconds, and how many within each bucket."""
    with connection.cursor() as cursor:
        cursor.execute(ENDED, span)
        return list(cursor.fetchall())


def _added(counts: Mapping[str, float], ended: Iterable[tuple[Any, ...]]) -> dict[str, float]:
    found = dict(counts)
    names = ("tokens", "heard", "seconds", *(f"within {bucket}" for bucket in BUCKETS))
    for state, count, *sums in ended:
        for name, much in zip((state, *names), (count, *sums), strict=True):
            found[name] = found.get(name, 0) + much
    return found


def counted() -> Counted:
    """Return what was counted so far."""
    counts = Tally.objects.filter(pk=1).values_list("counts", flat=True).first() or {}
    return Counted(
        ended={state: int(counts.get(state, 0)) for state in STATES},
        tokens=int(counts.get("tokens", 0)),
        within=tuple(int(counts.get(f"within {bucket}", 0)) for bucket in BUCKETS),
        heard=int(counts.get("heard", 0)),
        seconds=float(counts.get("seconds", 0)),
    )
