"""What is looked at, each in a moment. A check says whether it is well, and facts of which pages make a sentence.

Those that ask the same server stand together: while it hangs, none of them is known (`health.probing`).
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from audit import anchors
from audit.anchors import Anchor
from health import pulses
from models_admin.folder import existing
from retention import gate
from retention.queries import health as sweeps_health

TOUCH = f"{pulses.KEY}:touch"
ANCHORED_WITHIN = 1260  # seconds: two of the anchors' intervals, and a minute to make one
TAIL = 4096  # bytes; an anchor has a few hundred
# Names by which monitoring knows the checks, under the source that they ask.
NAMES: Mapping[str, tuple[str, ...]] = {
    "database": ("database", "sweeps", "anchors", "deletions"),
    "redis": ("redis", "beat", "housekeeping", "hosts"),
    "disk": ("disk",),
}
UNANCHORED = """
SELECT h.seq, extract(epoch FROM now() - e.at)::float8
FROM audit_head h LEFT JOIN audit_entry e ON e.seq = greatest(h.first_seq, %s)
WHERE h.id = 1
"""


@dataclass(frozen=True, slots=True)
class Found:
    """One check: whether it is well, and what makes its sentence."""

    name: str
    ok: bool
    facts: Mapping[str, Any] = field(default_factory=dict)


def of_database() -> list[Found]:
    """Look at everything that PostgreSQL says. Raises DatabaseError."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return [Found("database", True), sweeps(), audit_anchors(), deletions()]
    finally:
        if not connection.in_atomic_block:
            connection.close()


def sweeps() -> Found:
    """Whether a sweep has ended well within two of its intervals, and nothing has failed since."""
    return Found("sweeps", sweeps_health().well)


def audit_anchors() -> Found:
    """Whether what was written to the audit log is anchored within two intervals, and the log goes as far as they."""
    try:
        last = last_anchor()
    except (OSError, ValueError):
        return Found("anchors", False, {"unreadable": True})
    reached = last.seq if last else 0
    with connection.cursor() as cursor:
        cursor.execute(UNANCHORED, [reached + 1])
        head, waits = cursor.fetchone()
    if head < reached:
        return Found("anchors", False, {"behind": True})
    return Found("anchors", head == reached or (waits or 0) <= ANCHORED_WITHIN, {"seconds": waits or 0})


def last_anchor() -> Anchor | None:
    """Return the last anchor that is whole, or None before the first. Raises OSError and ValueError."""
    file = Path(settings.ANCHORS)
    if not file.exists():
        return None
    with file.open("rb") as stream:
        stream.seek(max(0, stream.seek(0, os.SEEK_END) - TAIL))
        whole = stream.read().rpartition(b"\n")[0]
    return anchors.parse(whole.splitlines()[-1]) if whole else None


def deletions() -> Found:
    """Whether the database has seen every deletion: else it was restored, and nobody is served."""
    return Found("deletions", not gate.is_shut())


def of_redis() -> list[Found]:
    """Look at everything that Redis says. It must take writes, too. Raises redis.RedisError."""
    pulses.connection().set(TOUCH, 1, ex=60)
    heard = pulses.ages()
    return [Found("redis", True), *(_pulse(name, heard) for name in (pulses.BEAT, pulses.HOUSEKEEPING)), hosts(heard)]


def _pulse(name: str, heard: Mapping[str, float]) -> Found:
    age = heard.get(name)
    return Found(name, age is not None and age <= settings.PULSE_SECONDS, {} if age is None else {"seconds": age})


def hosts(heard: Mapping[str, float]) -> Found:
    """Whether some machine hosts models, and every one that has not ended in order still gives signs of life."""
    ages = {name.removeprefix(pulses.HOSTS): age for name, age in heard.items() if name.startswith(pulses.HOSTS)}
    silent = {name: age for name, age in sorted(ages.items()) if age > settings.PULSE_SECONDS}
    return Found("hosts", bool(ages) and not silent, {"count": len(ages), "silent": silent})


def folders() -> dict[str, Path]:
    """Return the folders in which Hearth keeps something, by what lies there."""
    return {
        "data": Path(settings.VAR),
        "files": Path(settings.FILES),
        "models": Path(settings.MODELS),
        "anchors": Path(settings.ANCHORS).parent,
        "tombstones": Path(settings.TOMBSTONES).parent,
        "exports": Path(settings.EXPORTS),
        "imports": Path(settings.IMPORTS),
    }


def free_bytes() -> dict[str, int]:
    """Return how much room each folder has. Raises OSError."""
    return {name: shutil.disk_usage(existing(folder)).free for name, folder in folders().items()}


def of_disk() -> list[Found]:
    """Whether every folder has room."""
    free = free_bytes()
    full = {name: left for name, left in free.items() if left < settings.DISK_FREE}
    return [Found("disk", not full, {"full": full, "least": min(free.values())})]
