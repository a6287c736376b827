"""What auditors ask of the log: filters, the newest first, page by page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max, Min, Q, QuerySet
from django.db.models.functions import Now

from audit import verbs
from audit.models import Entry

PAGE = 50
SAME_READING = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for; what is empty asks for everything. `actor` and `target` are ids; `until` is excluded.

    `kind` is a target's. No index knows it: alone it reads through what the other filters leave.
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
        if self.kind:  # these characters stand nowhere else in the canonical form: quotes inside of values are escaped
            pk = self.target or '[^"]*'
            found = found.filter(body__regex=rf'"targets":\[[^]]*\{{"id":"{pk}","kind":"{self.kind}"\}}')
        if self.since:
            found = found.filter(at__gte=self.since)
        return found.filter(at__lt=self.until) if self.until else found

    def named(self) -> Mapping[str, object]:
        """Return what is asked for, as the entry of the reading says it."""
        asked = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: value for name, value in asked.items() if value}


def page_of(wish: Filter, *, before: int | None = None, size: int = PAGE) -> list[Entry]:
    """Return the next entries behind the entry `before`, the newest first. Two index look-ups for any page."""
    found = wish.entries()
    if before is not None:
        last = Entry.objects.filter(pk=before).values_list("at", flat=True).first()
        if last is None:
            return []
        found = found.filter(Q(at__lt=last) | Q(at=last, seq__lt=before), at__lte=last)
    return list(found[:size])


def per_day(*, since: datetime, until: datetime) -> list[tuple[str, int, int]]:
    """Return (day in UTC, entries, refused ones) for each day with entries."""
    query = """
        SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*), count(*) FILTER (WHERE result = 'refused')
        FROM audit_entry WHERE at >= %s AND at < %s GROUP BY day ORDER BY day
    """
    with connection.cursor() as cursor:
        cursor.execute(query, [since, until])
        found: list[tuple[str, int, int]] = cursor.fetchall()
    return found


def ends_of(wish: Filter) -> tuple[int, int] | None:
    """Return the first and the last number of what matches, or None where nothing does."""
    ends = wish.entries().order_by().aggregate(first=Min("seq"), last=Max("seq"))
    return (ends["first"], ends["last"]) if ends["last"] is not None else None


def read_lately(actor: str, asked: Mapping[str, object]) -> bool:
    """Whether an entry of the last ten minutes says that this person reads the log with these filters."""
    mine = Entry.objects.filter(actor_id=actor, verb=verbs.READ.name, at__gte=Now() - SAME_READING)
    return any(json.loads(body)["facts"] == asked for body in mine.values_list("body", flat=True))
