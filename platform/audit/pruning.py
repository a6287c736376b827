"""The log's own retention: what is older goes, at a place that an anchor covers. The database's owner makes the cut."""

from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from audit.anchors import Anchor, anchors_in
from audit.models import Head

AT_ONCE = 50_000  # entries a cut: while it is made nobody else can write


def _checkpoints(anchors: list[Anchor], days: int) -> list[Anchor]:
    """Return the anchors under which all entries are older than this many days, the oldest first."""
    head = Head.objects.get()
    with connection.cursor() as cursor:
        query = "SELECT min(seq) FROM audit_entry WHERE at >= clock_timestamp() - make_interval(days => %s)"
        cursor.execute(query, [days])
        (young,) = cursor.fetchone()
    limit = head.seq if young is None else min(young, head.seq)
    return [anchor for anchor in anchors if head.first_seq <= anchor.seq < limit]


def prune(days: int | None = None, *, file: Path | None = None) -> int:
    """Cut what is older than this many days (the setting; 183 at least, which the database enforces).

    Each cut ends at an anchored entry, whose hash becomes what the log begins behind; each leaves an entry. Return
    how many entries went.
    """
    days, gone = days or settings.AUDIT_DAYS, 0
    checkpoints = _checkpoints(anchors_in(file or Path(settings.ANCHORS)), days)
    for n, anchor in enumerate(checkpoints):
        following = checkpoints[n + 1].seq if n + 1 < len(checkpoints) else None
        if following is None or following - Head.objects.get().first_seq >= AT_ONCE:
            gone += _cut(days, anchor)
    return gone


def _cut(days: int, anchor: Anchor) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT audit_prune(%s, %s, %s)", [days, anchor.seq, anchor.hash])
        cut: int = cursor.fetchone()[0]
    return cut
