"""One entry's content and its canonical form: the bytes that are hashed, as `docs/audit.md` describes them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from audit.actor import Actor
from audit.verbs import Verb

VERSION = 1
GENESIS = "0" * 64  # what stands before the first entry
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_VALUE = 1000  # characters: settings and hashes fit, what people write does not belong here

Value = str | int | float | bool | None


class Result(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Target:
    """What it was done to, by id alone: names come by a join and go with the person."""

    kind: str
    id: str | UUID


@dataclass(frozen=True, slots=True)
class Content:
    """Everything an entry says beside its place in the chain."""

    verb: Verb
    actor: Actor
    result: Result = Result.DONE
    targets: tuple[Target, ...] = ()
    changes: Mapping[str, tuple[object, object]] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)

    def canonical(self) -> str:
        """Return the content as JSON: keys sorted, no spaces, text as UTF-8. Raises ValueError for a long value."""
        actor = self.actor
        body = {
            "actor": {
                "address": actor.address,
                "id": actor.id,
                "kind": str(actor.kind),
                "session": actor.session,
            },
            "changes": {name: {"new": plain(new), "old": plain(old)} for name, (old, new) in self.changes.items()},
            "facts": {name: plain(value) for name, value in self.facts.items()},
            "result": str(self.result),
            "targets": [{"id": str(target.id), "kind": target.kind} for target in self.targets],
            "v": VERSION,
            "verb": self.verb.name,
        }
        return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def plain(value: object) -> object:
    """Return a value as JSON can say it. Raises ValueError where it is longer than a setting or no clean text."""
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    if len(text) > LONGEST_VALUE or "\x00" in text or text.encode(errors="ignore").decode() != text:
        raise ValueError("The log takes ids, counts and settings, not texts.")
    return text


def micros(moment: datetime) -> int:
    """Return a moment in microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def hash_of(prev: str, seq: int, microseconds: int, body: str) -> str:
    """Return an entry's hash: SHA-256 over prev, seq, time and body, joined by line feeds, as 64 hex digits."""
    return hashlib.sha256(f"{prev}\n{seq}\n{microseconds}\n{body}".encode()).hexdigest()
