"""Entries as pages show them: sentences and names beside what was hashed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from audit import people
from audit.entry import hash_of, micros
from audit.models import Entry
from audit.verbs import VERBS

PERSON = "person"


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something: its kind, its id as the log has it, and what people call it."""

    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry, ready to be read. `intact`: its hash is that of what is shown here."""

    entry: Entry
    sentence: str
    who: Named
    targets: list[Named]
    changes: list[tuple[str, str, str]]
    facts: list[tuple[str, str]]
    session: str | None
    address: str | None
    intact: bool

    @property
    def to(self) -> str:
        """What it was done to, in a line."""
        return ", ".join(target.name for target in self.targets)


def sentence_of(verb: str) -> str:
    """Return a verb's first sentence, or its name where this version of Hearth has no such verb."""
    known = VERBS.get(verb)
    if known is None:
        return verb
    return _(known.sentence)


def as_shown(entries: Iterable[Entry]) -> list[Shown]:
    """Return these entries with the names of everybody in them, by one query."""
    read = [(entry, json.loads(entry.body)) for entry in entries]
    names = people.names_of(pk for _, body in read for pk in _people_in(body))
    return [_shown(entry, body, names) for entry, body in read]


def _people_in(body: Mapping[str, Any]) -> list[str | None]:
    targets = [target["id"] for target in body["targets"] if target["kind"] == PERSON]
    return [body["actor"]["id"], *targets]


def _shown(entry: Entry, body: Mapping[str, Any], names: Mapping[str, str]) -> Shown:
    actor = body["actor"]
    changes = [(name, _text(value["old"]), _text(value["new"])) for name, value in body["changes"].items()]
    return Shown(
        entry=entry,
        sentence=sentence_of(entry.verb),
        who=_named(actor["kind"], actor["id"] or "", names),
        targets=[_named(target["kind"], target["id"], names) for target in body["targets"]],
        changes=changes,
        facts=[(name, _text(value)) for name, value in body["facts"].items()],
        session=actor["session"],
        address=actor["address"],
        intact=entry.hash == hash_of(entry.prev, entry.seq, micros(entry.at), entry.body),
    )


def _named(kind: str, pk: str, names: Mapping[str, str]) -> Named:
    if kind == PERSON:
        return Named(kind, pk, names.get(pk) or people.erased(pk))
    if kind == "system":
        return Named(kind, pk, _("Hearth itself"))
    if kind == "unknown":
        return Named(kind, pk, _("not signed in"))
    return Named(kind, pk, f"{kind} {pk if len(pk) < 12 else pk[:8] + '…'}")


def _text(value: object) -> str:
    """Return a value as JSON writes it, text without its quotes."""
    if value is None:
        return _("nothing")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
