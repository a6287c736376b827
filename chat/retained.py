"""How long chats are kept: what is due by the rules in force, and its end. The rule itself is `retention.rule`.

What is due is decided in the database, by its clock. A conversation that is being answered is stopped and goes with the
next sweep: nobody else writes into one that is locked here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Greatest, Now, TruncDate
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy

from accounts.models import User
from chat import files as disk
from chat import papers, purging, stream
from chat.departing import hide_all_of
from chat.ends import HELD, ends_under, in_teams, then
from chat.models import Attachment, Conversation, File, Message
from chat.purging import Use
from chat.scopes import ScopedQuerySet
from retention.holding import is_held
from retention.kinds import AT_ONCE, Due, Kind, Purged
from retention.models import Erasure, Hold
from retention.rule import Terms
from retention.terms import InForce, house

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CHAT = "message__conversation"
USE = ("pk", CHAT, f"{CHAT}__team", "file")  # the fields of purging.Use
USE_HELD = is_held(owner=f"{CHAT}__owner", team=f"{CHAT}__team", conversation=CHAT)


def _floor(terms: Terms, hours: float) -> Q:
    return Q(last_activity_at__lte=then(hours=hours, days=terms.least))


def _period_over(terms: Terms, hours: float) -> Q | None:
    """Return the condition that the period of these terms is over: `rule._period_end` for rows."""
    if terms.days is None:
        return None
    kept = Q(kept_until=None) | Q(kept_until__lte=then(hours=hours))
    if terms.most is not None:
        kept |= Q(last_activity_at__lte=then(hours=hours, days=terms.most))
    exempt = Q(pinned=False) if terms.pinned_exempt else Q()
    days = max(terms.days, terms.least)
    return (
        Q(temporary_until=None, last_activity_at__lte=then(hours=hours, days=days))
        & kept
        & exempt
        & _floor(terms, hours)
    )


def _deleted(terms: Terms, hours: float) -> Q:
    """Return the condition that a person's delete, or their erasure, has come to its end."""
    asked = Exists(Erasure.objects.filter(person=OuterRef("owner"), ended_at=None))
    over = Q(deleted_at__lte=then(hours=hours, days=terms.grace_days)) | (Q(deleted_at__isnull=False) & Q(asked))
    return over & (Q(temporary_until__isnull=False) | _floor(terms, hours))


def conditions(rules: InForce, *, hours: float = 0) -> list[Q]:
    """Return what is due under the rules, as a few conditions that each have an index. No hold is looked at yet."""
    groups = [(terms, in_teams(teams, rules)) for terms, teams in rules.groups().items()]
    deleted = Q(deleted_at__isnull=False) & reduce(or_, (where & _deleted(terms, hours) for terms, where in groups))
    periods = [where & over for terms, where in groups if (over := _period_over(terms, hours)) is not None]
    return [Q(temporary_until__lte=then(hours=hours)), deleted, *periods]


def is_over(rules: InForce, *, hours: float = 0) -> Q:
    """Return all of `conditions` as one, for those who look at every row anyway: quick with any number of teams."""
    asked = Exists(Erasure.objects.filter(person=OuterRef("owner"), ended_at=None))
    erased = Q(asked, deleted_at__isnull=False)
    old_enough = Q(temporary_until__isnull=False) | _floor(rules.usual, hours)
    return Q(LessThanOrEqual(ends_under(rules), then(hours=hours))) | (erased & old_enough)


def due(rules: InForce, *, hours: float = 0) -> ScopedQuerySet[Conversation]:
    """Return every conversation that is due, holds considered."""
    return Conversation.objects.for_housekeeping().filter(is_over(rules, hours=hours)).exclude(HELD)


def file_due(rules: InForce, *, hours: float = 0) -> Q | None:
    """Return the condition that the files of a conversation are due before it is, or None where no rule says so."""
    found = [
        in_teams(teams, rules)
        & Q(last_activity_at__lte=then(hours=hours, days=max(terms.file_days, terms.least)), temporary_until=None)
        for terms, teams in rules.groups().items()
        if terms.file_days is not None
    ]
    return reduce(or_, found) if found else None


class Conversations(Kind):
    """Chats with everything in them, temporary ones too."""

    name: ClassVar[str] = "conversations"
    label: ClassVar["StrOrPromise"] = gettext_lazy("Chats")
    claims: ClassVar[tuple[str, ...]] = (
        "chat.Conversation",
        "chat.Message",
        "chat.Generation",
        "chat.Feedback",
        "retention.Wish",
    )
    rule: ClassVar["StrOrPromise"] = gettext_lazy(
        "The team's period, within the organisation's bounds; temporary chats by the hour."
    )

    def __init__(self) -> None:
        self.lately = 0  # the condition that found something last: the next chunk begins there
        self.room = 200  # conversations that a chunk looks at: a few more than the last one took

    def purge(self, rules: InForce, *, limit: int = AT_ONCE) -> Purged:
        every = conditions(rules)
        for n in range(len(every)):
            at = (self.lately + n) % len(every)
            found = Conversation.objects.for_housekeeping().filter(every[at]).exclude(HELD)
            if purged := purging.purge(found, limit, room=self.room):
                self.lately, self.room = at, max(50, len(purged.chats) * 5 // 4)
                return purged
        return Purged()

    def again(self, ids: Iterable[str]) -> Purged:
        return purging.again(Conversation.objects.for_housekeeping().filter(pk__in=list(ids)).exclude(HELD))

    def back(self, ids: Iterable[str]) -> int:
        return Conversation.objects.for_housekeeping().filter(pk__in=list(ids)).count()

    def kept(self, ids: Iterable[str]) -> int:
        return Conversation.objects.for_housekeeping().filter(HELD, pk__in=list(ids)).count()

    def due(self, rules: InForce, *, after_hours: float = 0, besides: InForce | None = None) -> Due:
        found = due(rules, hours=after_hours)
        if besides is not None:
            found = _without(found, is_over(besides, hours=after_hours))
        return _counted(found)

    def expected(self, rules: InForce) -> int:
        every = Conversation.objects.for_housekeeping()
        return sum(every.filter(condition).exclude(HELD).count() for condition in conditions(rules))

    def calendar(self, rules: InForce, *, days: int, team: UUID | None = None) -> Mapping[date, int]:
        return _calendar(rules, days, team)

    def of(self, person: User) -> int:
        return _own(person).count()

    def hide(self, person: User) -> int:
        return hide_all_of(person)

    def left_of(self, person: User) -> Mapping[str, int]:
        left = person.conversations.exclude(deleted_at=None)
        held = left.filter(HELD).count()
        young = _younger_than_least(left)
        minimum = {"minimum": young} if young else {}
        return {"held": held, "waits": left.count() - held - young, **minimum}

    def pieces(self, person: User) -> Iterator[tuple[str, bytes]]:
        return papers.of(_own(person))

    def keep(self, pk: UUID, *, until: datetime) -> bool:
        rows = Conversation.objects.for_housekeeping().filter(pk=pk)
        return bool(rows.update(kept_until=Greatest("kept_until", Value(until))))

    def held(self, hold: Hold, *, words: str = "") -> int:
        return _under(hold, words).count()

    def held_pieces(self, hold: Hold, *, words: str = "") -> Iterator[tuple[str, bytes]]:
        return papers.of(_under(hold, words), whose=True)

    def remove(self, what: str, names: Sequence[str]) -> bool:
        if what != "stream":
            return False
        stream.forget(map(UUID, names))
        return True


def _own(person: User) -> ScopedQuerySet[Conversation]:
    """Return what a person has, in teams that they have left too: not what they deleted, nor what is over."""
    mine = Conversation.objects.for_housekeeping().filter(owner=person, deleted_at=None)
    return mine.exclude(temporary_until__lte=Now())


class Files(Kind):
    """What people attached, where files have a period of their own; and bytes on disk that no row names."""

    name: ClassVar[str] = "files"
    label: ClassVar["StrOrPromise"] = gettext_lazy("Files")
    claims: ClassVar[tuple[str, ...]] = ("chat.File", "chat.Attachment")
    rule: ClassVar["StrOrPromise"] = gettext_lazy("As long as the chat, or for a shorter period of their own.")

    def purge(self, rules: InForce, *, limit: int = AT_ONCE) -> Purged:
        found = _chats_of_due_files(rules)
        if found is None:
            return Purged()
        rows = found.select_for_update(of=("self",), skip_locked=True).order_by("last_activity_at")
        chats = dict(rows.values_list("pk", "team")[: purging.CANDIDATES])
        return _files_gone(chats, limit)

    def again(self, ids: Iterable[str]) -> Purged:
        uses = Attachment.objects.for_housekeeping().filter(pk__in=list(ids)).exclude(USE_HELD)
        return purging.delete_uses([Use(*row) for row in uses.values_list(*USE)])

    def back(self, ids: Iterable[str]) -> int:
        return Attachment.objects.for_housekeeping().filter(pk__in=list(ids)).count()

    def kept(self, ids: Iterable[str]) -> int:
        return Attachment.objects.for_housekeeping().filter(USE_HELD, pk__in=list(ids)).count()

    def due(self, rules: InForce, *, after_hours: float = 0, besides: InForce | None = None) -> Due:
        condition = file_due(rules, hours=after_hours)
        if condition is None:
            return Due()
        found = Conversation.objects.for_housekeeping().filter(condition).exclude(HELD)
        gone = [is_over(rules, hours=after_hours)]
        if besides is not None and (before := file_due(besides, hours=after_hours)) is not None:
            gone = [*gone, before, is_over(besides, hours=after_hours)]
        return _files_counted(_without(found, reduce(or_, gone)))

    def expected(self, rules: InForce) -> int:
        found = _chats_of_due_files(rules)
        return 0 if found is None else found.count()

    def tidy(self) -> int:
        return disk.tidy(lambda pks: File.objects.for_housekeeping().filter(pk__in=pks).values_list("pk", flat=True))

    def remove(self, what: str, names: Sequence[str]) -> bool:
        if what != "file":
            return False
        for name in names:
            disk.remove(UUID(name))
        return True


def _younger_than_least(chats: QuerySet[Conversation]) -> int:
    """Return how many of these chats the organisation's shortest time still keeps, those under a hold not counted."""
    least = house().least
    if not least:
        return 0
    return chats.filter(last_activity_at__gt=then(days=least), temporary_until=None).exclude(HELD).count()


def _chats_of_due_files(rules: InForce) -> ScopedQuerySet[Conversation] | None:
    condition = file_due(rules)
    if condition is None:
        return None
    uses = Attachment.objects.filter(message__conversation=OuterRef("pk"))
    return Conversation.objects.for_housekeeping().filter(condition).filter(Exists(uses)).exclude(HELD)


def _files_gone(chats: Mapping[UUID, UUID], limit: int) -> Purged:
    """Delete the files of locked conversations, `limit` uses at most."""
    uses = Attachment.objects.for_housekeeping().filter(message__conversation__in=list(chats)).order_by("pk")
    return purging.delete_uses([Use(*row) for row in uses.values_list(*USE)[:limit]])


def _files_counted(found: ScopedQuerySet[Conversation]) -> Due:
    files = Attachment.objects.for_housekeeping().filter(message__conversation__in=found.values("pk"))
    teams = {team: {"files": count} for team, count in _files_without_use_beside(found).items()}
    whole = files.aggregate(people=Count("message__conversation__owner", distinct=True), oldest=Min("created_at"))
    return Due(teams, whole["people"], whole["oldest"])


def _without(found: ScopedQuerySet[Conversation], condition: Q) -> ScopedQuerySet[Conversation]:
    """Return rows that do not match: by a CASE, since NOT of what is unknown is unknown in SQL."""
    matches = Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
    return found.alias(matched=matches).filter(matched=False)


def _counted(found: ScopedQuerySet[Conversation]) -> Due:
    """Count what is in these conversations, team by team."""
    teams: dict[UUID, Counter[str]] = {}
    for team, chats, said in found.values_list("team").annotate(Count("pk", distinct=True), Count("messages")):
        teams[team] = Counter(conversations=chats, messages=said)
    for team, count in _files_without_use_beside(found).items():
        teams[team]["files"] = count
    whole = found.aggregate(people=Count("owner", distinct=True), oldest=Min("last_activity_at"))
    return Due(teams, whole["people"], whole["oldest"])


def _files_without_use_beside(found: ScopedQuerySet[Conversation]) -> Counter[UUID]:
    """Count the files that go with these conversations, each once, by a team that uses it: not those used elsewhere."""
    uses = Attachment.objects.for_housekeeping().filter(message__conversation__in=found.values("pk"))
    beside = Attachment.objects.filter(file=OuterRef("file")).exclude(message__conversation__in=found.values("pk"))
    rows = uses.exclude(Exists(beside)).values_list("file", "message__conversation__team")
    return Counter(dict(rows.iterator()).values())


def _calendar(rules: InForce, days: int, team: UUID | None) -> Mapping[date, int]:
    rows = Conversation.objects.for_housekeeping().exclude(HELD)
    if team is not None:
        rows = rows.filter(team=team)
    soon = rows.annotate(ends=ends_under(rules)).filter(ends__lte=then(hours=24 * days))
    return dict(soon.annotate(on=TruncDate(Greatest("ends", Now()))).values_list("on").annotate(Count("pk")))


def _under(hold: Hold, words: str) -> ScopedQuerySet[Conversation]:
    """Return what a hold keeps, what its owners have deleted too."""
    on = {"owner": hold.person_id, "team": hold.team_id, "pk": hold.conversation}
    found = Conversation.objects.for_housekeeping().filter(**{name: pk for name, pk in on.items() if pk})
    if words:
        said = Message.objects.filter(conversation=OuterRef("pk"), text__icontains=words)
        found = found.filter(Q(Exists(said)) | Q(title__icontains=words))
    return found.order_by("created_at", "pk")
