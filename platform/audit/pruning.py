"""The log's own retention: what is older goes, at a place that an anchor covers. The database's owner makes the cut."""

from pathlib import Path

from django.conf import settings
from django.db import connection

from audit.anchors import Anchor, anchors_in
from audit.reading import Connection, ends_of

AT_ONCE = 50_000  # entries a cut: while it is made nobody else can write


def _checkpoints(connection: Connection, anchors: list[Anchor], days: int) -> list[Anchor]:
    """Return the anchors under which all entries are older than this many days, the oldest first."""
    ends = ends_of(connection)
    with connection.cursor() as cursor:
        query = "SELECT min(seq) FROM audit_entry WHERE at >= clock_timestamp() - make_interval(days => %s)"
        cursor.execute(query, [days])
        (young,) = cursor.fetchone()
    if ends is None:
        return []
    limit = ends.seq if young is None else min(young, ends.seq)
    return [anchor for anchor in anchors if ends.first_seq <= anchor.seq < limit]


def prune(days: int | None = None, *, over: Connection | None = None, file: Path | None = None) -> int:
    """Cut what is older than this many days (the setting; 183 at least, which the database enforces).

    Each cut ends at an anchored entry, whose hash becomes what the log begins behind; each leaves an entry. Return
    how many entries went.
    """
    days, there = days or settings.AUDIT_DAYS, over or connection
    checkpoints = _checkpoints(there, anchors_in(file or Path(settings.ANCHORS)), days)
    gone, start = 0, checkpoints[0].first if checkpoints else 0
    for n, anchor in enumerate(checkpoints):
        following = checkpoints[n + 1].seq if n + 1 < len(checkpoints) else None
        if following is None or following - start >= AT_ONCE:
            gone, start = gone + _cut(there, days, anchor), anchor.seq
    return gone


def _cut(connection: Connection, days: int, anchor: Anchor) -> int:
    """Make one cut: a single statement, whole or not at all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_prune(%s, %s, %s)", [days, anchor.seq, anchor.hash])
        cut: int = cursor.fetchone()[0]
    return cut
