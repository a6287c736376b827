"""The signature under an export. Housekeeping alone holds the key; web processes ask it through Redis, and wait.

Whoever has taken over a web process must not get anything else signed, an anchor least of all: what is signed is built
here, from the facts of a manifest and nothing else, with housekeeping's own time.
"""

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any
from uuid import uuid4

import redis
from celery import current_app
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from audit.anchors import canonical
from audit.entry import micros
from audit.signing import Signer

VERSION = 1
SECONDS = 10  # so long a web process waits
RANGE = {"first", "last", "entries", "first_prev", "last_hash", "head", "sha256"}
SELECTION = {"first", "last", "entries", "filters", "sha256"}
FILES = {"entries.jsonl", "anchors.jsonl"}

Facts = dict[str, Any]
Sealed = tuple[bytes, str]  # the manifest's bytes, their signature as 128 hex digits
Seal = Callable[[Facts], Sealed]


class Unsealed(Exception):
    """There is no signature; the message is a sentence for the person."""


def seal(facts: Facts, *, now: datetime | None = None) -> Sealed:
    """Sign a manifest with the key that is here. Raises Unsealed for facts that are none of an export."""
    if set(facts) not in (RANGE, SELECTION) or set(facts["sha256"]) != FILES:
        raise Unsealed(_("Only the manifest of an export is signed."))
    signer = Signer()
    made = {"v": VERSION, "made_at": micros(now or timezone.now()), "key": signer.public}
    text = canonical(facts | made)
    return text, signer.sign(text)


@cache
def _redis() -> "redis.Redis[bytes]":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=SECONDS + 5, socket_connect_timeout=2, retry=None)


def ask(facts: Facts) -> Sealed:
    """Have housekeeping sign a manifest. Raises Unsealed."""
    said = _ask(facts)
    return said["manifest"].encode(), said["signature"]


def is_housekeeping_there() -> None:
    """Ask before a long export begins. Raises Unsealed where nobody answers."""
    _ask(None)


def _ask(facts: Facts | None) -> dict[str, str]:
    key = f"audit-seal:{uuid4()}"
    try:
        _redis().set(f"{key}:facts", json.dumps(facts), ex=2 * SECONDS)
        current_app.send_task("audit.seal", (key,), expires=SECONDS, retry=False)
        found = _redis().blpop([key], timeout=SECONDS)
    except (redis.RedisError, OperationalError) as error:
        raise Unsealed(_("Exports are signed by housekeeping, which cannot be reached. Try again soon.")) from error
    if found is None:
        raise Unsealed(_("Exports are signed by housekeeping, which does not answer. Try again soon."))
    said: dict[str, str] = json.loads(found[1])
    if "refused" in said:
        raise Unsealed(said["refused"])
    return said


def answer(key: str) -> None:
    """Sign for a web process that waits at this key of Redis."""
    facts = json.loads(_redis().get(f"{key}:facts") or "null")
    try:
        said = _signed(facts) if facts else {}
    except Unsealed as reason:
        said = {"refused": str(reason)}
    except (OSError, ValueError):
        said = {"refused": _("The key that signs exports is not there.")}
    pipeline = _redis().pipeline()
    pipeline.rpush(key, json.dumps(said))
    pipeline.expire(key, 2 * SECONDS)
    pipeline.execute()


def _signed(facts: Facts) -> dict[str, str]:
    text, signature = seal(facts)
    return {"manifest": text.decode(), "signature": signature}
