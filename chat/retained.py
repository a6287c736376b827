"""How long chats are kept: what is due by the rules in force, and its end. The rule itself is `retention.rule`.

What is due is decided in the database, by its clock. A conversation that is being answered is stopped and goes with the
next sweep: nobody else writes into one that is locked here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial, reduce
from operator import or_
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection
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
from django.db.models.functions import Coalesce, Greatest, Now, TruncDate

from accounts.models import User
from chat import files as disk
from chat import papers, queue, stream
from chat.departing import hide_all_of, tell_removed
from chat.ends import HELD, end_of, in_teams, then
from chat.models import Attachment, Conversation, File, Generation, Message
from chat.scopes import ScopedQuerySet
from retention.holding import is_held
from retention.kinds import AT_ONCE, Due, Kind, Purged
from retention.models import Erasure, Hold
from retention.rule import Terms
from retention.terms import InForce, house

CANDIDATES = 500  # conversations that one chunk looks at


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
    bunches = [reduce(or_, periods[at : at + 20]) for at in range(0, len(periods), 20)]
    return [Q(temporary_until__lte=then(hours=hours)), deleted, *bunches]


def due(rules: InForce, *, hours: float = 0) -> ScopedQuerySet[Conversation]:
    """Return every conversation that is due, holds considered."""
    return Conversation.objects.for_housekeeping().filter(reduce(or_, conditions(rules, hours=hours))).exclude(HELD)


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
    label: ClassVar[str] = "Chats"
    claims: ClassVar[tuple[str, ...]] = ("chat.Conversation", "chat.Message", "chat.Generation", "retention.Wish")
    rule: ClassVar[str] = "The team's period, within the organisation's bounds; temporary chats by the hour."

    def purge(self, rules: InForce, *, limit: int = AT_ONCE) -> Purged:
        for condition in conditions(rules):
            found = Conversation.objects.for_housekeeping().filter(condition).exclude(HELD)
            if purged := _purge(found, limit):
                return purged
        return Purged()

    def again(self, ids: Iterable[str]) -> Purged:
        found = Conversation.objects.for_housekeeping().filter(pk__in=list(ids)).exclude(HELD)
        return _purge(found, 10**9)

    def back(self, ids: Iterable[str]) -> int:
        return Conversation.objects.for_housekeeping().filter(pk__in=list(ids)).count()

    def due(self, rules: InForce, *, after_hours: float = 0, besides: InForce | None = None) -> Due:
        found = due(rules, hours=after_hours)
        if besides is not None:
            found = _without(found, reduce(or_, conditions(besides, hours=after_hours)))
        return _counted(found)

    def expected(self, rules: InForce) -> int:
        return due(rules).count()

    def calendar(self, rules: InForce, *, days: int, team: UUID | None = None) -> Mapping[date, int]:
        return _calendar(rules, days, team)

    def of(self, person: User) -> int:
        return person.conversations.filter(deleted_at=None).count()

    def hide(self, person: User) -> int:
        return hide_all_of(person)

    def left_of(self, person: User) -> Mapping[str, int]:
        left = person.conversations.exclude(deleted_at=None)
        held = left.filter(HELD).count()
        young = _younger_than_least(left)
        minimum = {"minimum": young} if young else {}
        return {"held": held, "waits": left.count() - held - young, **minimum}

    def pieces(self, person: User) -> Iterator[tuple[str, bytes]]:
        return papers.of(Conversation.objects.of(person))

    def keep(self, pk: UUID, *, until: datetime) -> bool:
        return bool(Conversation.objects.for_housekeeping().filter(pk=pk).update(kept_until=until))

    def held(self, hold: Hold, *, words: str = "") -> int:
        return _under(hold, words).count()

    def held_pieces(self, hold: Hold, *, words: str = "") -> Iterator[tuple[str, bytes]]:
        return papers.of(_under(hold, words), whose=True)

    def remove(self, what: str, name: str) -> bool:
        if what != "stream":
            return False
        stream.forget([UUID(name)])
        return True


class Files(Kind):
    """What people attached, where files have a period of their own; and bytes on disk that no row names."""

    name: ClassVar[str] = "files"
    label: ClassVar[str] = "Files"
    claims: ClassVar[tuple[str, ...]] = ("chat.File", "chat.Attachment")
    rule: ClassVar[str] = "As long as the chat, or for a shorter period of their own."

    def purge(self, rules: InForce, *, limit: int = AT_ONCE) -> Purged:
        found = _chats_of_due_files(rules)
        if found is None:
            return Purged()
        rows = found.select_for_update(of=("self",), skip_locked=True).order_by("last_activity_at")
        chats = dict(rows.values_list("pk", "team")[:CANDIDATES])
        return _files_gone(chats, limit)

    def again(self, ids: Iterable[str]) -> Purged:
        held = is_held(
            owner="message__conversation__owner",
            team="message__conversation__team",
            conversation="message__conversation",
        )
        uses = Attachment.objects.for_housekeeping().filter(pk__in=list(ids)).exclude(held)
        gone = list(uses.values_list("pk", "message__conversation__team", "file"))
        return _uses_gone(gone)

    def back(self, ids: Iterable[str]) -> int:
        return Attachment.objects.for_housekeeping().filter(pk__in=list(ids)).count()

    def due(self, rules: InForce, *, after_hours: float = 0, besides: InForce | None = None) -> Due:
        condition = file_due(rules, hours=after_hours)
        if condition is None:
            return Due()
        found = Conversation.objects.for_housekeeping().filter(condition).exclude(HELD)
        gone = conditions(rules, hours=after_hours)
        if besides is not None and (before := file_due(besides, hours=after_hours)) is not None:
            gone = [*gone, before, *conditions(besides, hours=after_hours)]
        return _files_counted(_without(found, reduce(or_, gone)))

    def expected(self, rules: InForce) -> int:
        found = _chats_of_due_files(rules)
        return 0 if found is None else found.count()

    def tidy(self) -> int:
        return disk.tidy(lambda pks: File.objects.for_housekeeping().filter(pk__in=pks).values_list("pk", flat=True))

    def remove(self, what: str, name: str) -> bool:
        if what != "file":
            return False
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
    return _uses_gone(list(uses.values_list("pk", "message__conversation__team", "file")[:limit]))


def _uses_gone(uses: list[tuple[UUID, UUID, UUID]]) -> Purged:
    _rows_gone(Attachment, "id", [pk for pk, _, _ in uses])
    unused = _unused_gone(list({file for _, _, file in uses}))
    counts: dict[str, Counter[str]] = {}
    for _, team, _file in uses:
        counts.setdefault(str(team), Counter())["attachments"] += 1
    return Purged(tuple(str(pk) for pk, _, _ in uses), counts, _copies([], unused))


def _files_counted(found: ScopedQuerySet[Conversation]) -> Due:
    files = Attachment.objects.for_housekeeping().filter(message__conversation__in=found.values("pk"))
    by_team = files.values_list("message__conversation__team").annotate(Count("file", distinct=True))
    teams = {team: {"files": count} for team, count in by_team}
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
    files = Attachment.objects.for_housekeeping().filter(message__conversation__in=found.values("pk"))
    for team, count in files.values_list("message__conversation__team").annotate(Count("file", distinct=True)):
        teams[team]["files"] = count
    whole = found.aggregate(people=Count("owner", distinct=True), oldest=Min("last_activity_at"))
    return Due(teams, whole["people"], whole["oldest"])


def _calendar(rules: InForce, days: int, team: UUID | None) -> Mapping[date, int]:
    counts: Counter[date] = Counter()
    rows = Conversation.objects.for_housekeeping().exclude(HELD)
    if team is not None:
        rows = rows.filter(team=team)
    for terms, teams in rules.groups().items():
        ends = rows.filter(in_teams(teams, rules)).annotate(ends=end_of(terms))
        soon = ends.filter(ends__lte=then(hours=24 * days)).annotate(on=TruncDate(Greatest("ends", Now())))
        counts.update(dict(soon.values_list("on").annotate(Count("pk"))))
    return counts


def _under(hold: Hold, words: str) -> ScopedQuerySet[Conversation]:
    """Return what a hold keeps, what its owners have deleted too."""
    on = {"owner": hold.person_id, "team": hold.team_id, "pk": hold.conversation}
    found = Conversation.objects.for_housekeeping().filter(**{name: pk for name, pk in on.items() if pk})
    if words:
        said = Message.objects.filter(conversation=OuterRef("pk"), text__icontains=words)
        found = found.filter(Q(Exists(said)) | Q(title__icontains=words))
    return found.order_by("created_at", "pk")


def _purge(found: ScopedQuerySet[Conversation], limit: int) -> Purged:
    """Delete conversations, `limit` messages at most, in the caller's transaction; those that are answered wait."""
    rows = found.select_for_update(of=("self",), skip_locked=True).order_by("last_activity_at")
    locked = {pk: (team, owner) for pk, team, owner in rows.values_list("pk", "team", "owner")[:CANDIDATES]}
    for pk in _still_answered(list(locked)):
        del locked[pk]
    chosen, whole = _as_many_as(list(locked), limit)
    if not chosen:
        return Purged()
    if not whole:
        return _shorten(chosen[0], str(locked[chosen[0]][0]), limit)
    return _delete({pk: locked[pk] for pk in chosen})


def _still_answered(pks: list[UUID]) -> set[UUID]:
    """Stop the answers in locked conversations. Return those in which one was still under way."""
    live = Generation.objects.for_housekeeping().filter(message__conversation__in=pks, state__in=Generation.LIVE)
    found = set(live.values_list("message__conversation", flat=True))
    if found:
        queue.end_unowned(live.filter(state=Generation.State.QUEUED), state=Generation.State.STOPPED)
        live.filter(state=Generation.State.RUNNING).update(stop_requested=True)
    return found


def _as_many_as(pks: list[UUID], limit: int) -> tuple[list[UUID], bool]:
    """Return the first conversations with `limit` messages together; the first alone, and False, where it has more."""
    said = Message.objects.for_housekeeping().filter(conversation__in=pks)
    sizes = dict(said.values_list("conversation").annotate(Count("pk")))
    chosen, total = [], 0
    for pk in pks:
        total += sizes.get(pk, 0)
        if total > limit:
            break
        chosen.append(pk)
    return (chosen, True) if chosen or not pks else (pks[:1], False)


def _shorten(pk: UUID, team: str, limit: int) -> Purged:
    """A chat of more messages than a transaction deletes: hide it, and delete its latest ones."""
    Conversation.objects.for_housekeeping().filter(pk=pk).update(head=None, deleted_at=Coalesce("deleted_at", Now()))
    said = Message.objects.for_housekeeping().filter(conversation=pk).order_by("-created_at", "-pk")
    messages = list(said.values_list("pk", flat=True)[:limit])
    Message.objects.for_housekeeping().filter(parent__in=messages).update(parent=None)
    streams, files = _delete_messages(messages)
    counts = Counter(messages=len(messages), files=len(files))
    return Purged(tuple(map(str, messages)), {team: +counts}, _copies(streams, files))


def _delete(chosen: Mapping[UUID, tuple[UUID, UUID]]) -> Purged:
    said = Message.objects.for_housekeeping().filter(conversation__in=list(chosen))
    messages = list(said.values_list("pk", "conversation"))
    streams, files = _delete_messages([pk for pk, _ in messages])
    _rows_gone(Conversation, "id", list(chosen))
    counts: dict[str, Counter[str]] = {}
    for team, _owner in chosen.values():
        counts.setdefault(str(team), Counter())["conversations"] += 1
    for _, conversation in messages:
        counts[str(chosen[conversation][0])]["messages"] += 1
    for conversation in files.values():
        counts[str(chosen[conversation][0])]["files"] += 1
    owners = [(owner, pk) for pk, (_, owner) in chosen.items()]
    return Purged(tuple(map(str, chosen)), counts, _copies(streams, files), partial(tell_removed, owners))


def _delete_messages(pks: list[UUID]) -> tuple[list[UUID], dict[UUID, UUID]]:
    """Delete messages with their answers' lives and files. Return the answers, and the files without use by chat."""
    streams = _rows_gone(Generation, "message_id", pks)
    uses = Attachment.objects.for_housekeeping().filter(message__in=pks)
    used = dict(uses.values_list("file", "message__conversation"))
    if used:
        _rows_gone(Attachment, "message_id", pks)
    _rows_gone(Message, "id", pks)
    return streams, {pk: used[pk] for pk in _unused_gone(list(used))}


def _unused_gone(files: list[UUID]) -> list[UUID]:
    """Delete the files that nothing uses any more. Who attaches one at the same time locks its row first."""
    if not files:
        return []
    rows = File.objects.for_housekeeping().filter(pk__in=files)
    list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    unused = rows.exclude(Exists(Attachment.objects.filter(file=OuterRef("pk"))))
    return _rows_gone(File, "id", list(unused.values_list("pk", flat=True)))


def _rows_gone(model: type[Any], column: str, pks: Sequence[UUID]) -> list[UUID]:
    """Delete rows by one statement, without looking for what hangs on them: that went before. Return their ids."""
    if not pks:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE {column} = ANY(%s) RETURNING id", [list(pks)])
        return [pk for (pk,) in cursor.fetchall()]


def _copies(streams: Iterable[UUID], files: Iterable[UUID]) -> tuple[tuple[str, str], ...]:
    return (*(("stream", str(pk)) for pk in streams), *(("file", str(pk)) for pk in files))
