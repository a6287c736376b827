"""What auditors ask of the log: filters, the newest first, page by page.

The log is long and what is asked for may be everywhere, far back, or nowhere. One filter alone has an index in the
order of time. Any other mix is looked for among the newest entries first, and among some more, because many of one kind
may have come just now; where these do not fill a page it is rare or old, and the index of tags names all of it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BooleanField, F, Func, Max, Min, Q, QuerySet, TextField, Value
from django.db.models.functions import Now

from audit import verbs
from audit.models import Entry

PAGE = 50
NEWEST = (5_000, 25_000)  # entries among which a mix of filters is looked for without the index of tags
SAME_READING = timedelta(minutes=10)


# An order that no index has: everything is found first and sorted then. Walking an index until a page is full takes
# long where there is little to find.
SORTED = ((F("at") + timedelta(0)).desc(), "-seq")


def _literal(text: str) -> str:
    """Return text for a pattern in which every character means itself."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def _like(column: F, pattern: str) -> Func:
    return Func(column, Value(pattern), template="%(expressions)s", arg_joiner=" LIKE ", output_field=BooleanField())


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for; what is empty asks for everything. `actor` and `target` are ids; `until` is excluded.

    `kind` is a target's; together with `target` it is that target's.
    """

    actor: str = ""
    verb: str = ""
    kind: str = ""
    target: str = ""
    result: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def entries(self) -> QuerySet[Entry]:
        """Return what matches, the newest first."""
        found = Entry.objects.order_by("-at", "-seq")
        exact = {"actor_id": self.actor, "verb": self.verb, "result": self.result}
        found = found.filter(**{name: value for name, value in exact.items() if value})
        if self.target:
            found = found.filter(target_ids__contains=[self.target])
        if self.kind:
            found = found.filter(_like(F("body"), f'%"targets":[{{%{self._target()}}}%'))
        return self._in_time(found)

    def tagged(self) -> QuerySet[Entry]:
        """Return the same by the index of tags: all of them are found, then sorted. For what is rare."""
        tags = Func(F("body"), function="audit_tags", output_field=ArrayField(TextField()))
        found = Entry.objects.alias(tags=tags).filter(tags__contains=self._tags())  # type: ignore[misc]
        return self._in_time(found).order_by(*SORTED)

    def in_time(self) -> QuerySet[Entry]:
        """Return everything between the times, the newest first."""
        return self._in_time(Entry.objects.order_by("-at", "-seq"))

    @property
    def has_index(self) -> bool:
        """Whether an index in the order of time leads to exactly this."""
        return not (self.kind or self.target) and sum(map(bool, (self.actor, self.verb, self.result))) <= 1

    def _target(self) -> str:
        """Return how a target ends in the canonical form: nowhere else these characters stand behind each other."""
        named = f'"id":{json.dumps(self.target, ensure_ascii=False)},' if self.target else ""
        return _literal(f'{named}"kind":{json.dumps(self.kind)}')

    def _tags(self) -> list[str]:
        tags = {"actor": self.actor, "verb": self.verb, "result": self.result}
        if self.kind and self.target:
            tags["target"] = f"{self.kind} {self.target}"
        else:
            tags |= {"kind": self.kind, "id": self.target}
        return [f"{name} {value}" for name, value in tags.items() if value]

    def _in_time(self, found: QuerySet[Entry]) -> QuerySet[Entry]:
        if self.since:
            found = found.filter(at__gte=self.since)
        return found.filter(at__lt=self.until) if self.until else found

    def named(self) -> Mapping[str, object]:
        """Return what is asked for, as the entry of the reading says it."""
        asked = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: value for name, value in asked.items() if value}


def page_of(wish: Filter, *, before: int | None = None, size: int = PAGE) -> list[Entry]:
    """Return the next entries behind the entry `before`, the newest first."""
    behind = Q()
    if before is not None:
        last = Entry.objects.filter(pk=before).values_list("at", flat=True).first()
        if last is None:
            return []
        behind = Q(Q(at__lt=last) | Q(at=last, seq__lt=before), at__lte=last)
    found = wish.entries().filter(behind)
    if wish.has_index:
        return list(found[:size])
    top = wish.in_time().filter(behind).values_list("seq", flat=True).first()
    if top is None:
        return []
    for newest in NEWEST:
        page = list(found.filter(seq__gt=top - newest, seq__lte=top).order_by(*SORTED)[:size])
        if len(page) == size:
            return page
    return list(wish.tagged().filter(behind)[:size])


def per_day(*, since: datetime, until: datetime) -> list[tuple[str, int, int]]:
    """Return (day in UTC, entries, refused ones) for each day with entries. Indexes alone are read."""
    query = """
        SELECT to_char(day AT TIME ZONE 'UTC', 'YYYY-MM-DD'), entries, refused
        FROM generate_series(%s::timestamptz, %s::timestamptz - interval '1 second', interval '24 hours') AS day,
        LATERAL (SELECT count(*) AS entries FROM audit_entry
                 WHERE at >= day AND at < day + interval '24 hours') AS counted,
        LATERAL (SELECT count(*) AS refused FROM audit_entry
                 WHERE at >= day AND at < day + interval '24 hours' AND result = 'refused') AS also_counted
        WHERE entries > 0 ORDER BY day
    """
    with connection.cursor() as cursor:
        cursor.execute(query, [since, until])
        found: list[tuple[str, int, int]] = cursor.fetchall()
    return found


def ends_of(wish: Filter) -> tuple[int, int] | None:
    """Return the first and the last number of what matches, or None where nothing does."""
    found = wish.entries() if wish.has_index else wish.tagged()
    ends = found.order_by().aggregate(first=Min("seq"), last=Max("seq"))
    return (ends["first"], ends["last"]) if ends["last"] is not None else None


def read_lately(actor: str, asked: Mapping[str, object]) -> bool:
    """Whether an entry of the last ten minutes says that this person reads the log with these filters."""
    mine = Entry.objects.filter(actor_id=actor, verb=verbs.READ.name, at__gte=Now() - SAME_READING)
    return any(json.loads(body)["facts"] == asked for body in mine.values_list("body", flat=True))
