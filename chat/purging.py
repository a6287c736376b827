"""The end of chats: rows are deleted here, in the caller's transaction, by a few statements for many chats.

Whoever writes into a conversation locks it first. So nobody writes into one that is locked here, and one that somebody
else holds is left for the next chunk. What hangs on rows is deleted before them, by hand: looking for it row by row, as
Django does, would take longer than everything else.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import or_
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce, Now

from chat import queue, stream
from chat.departing import tell_removed
from chat.models import Attachment, Conversation, File, Generation, Message
from chat.scopes import ScopedQuerySet
from retention.kinds import Purged

CANDIDATES = 500  # conversations that one chunk looks at, at most
Places = Mapping[UUID, tuple[UUID, UUID]]  # of each conversation its team and its owner


def purge(found: ScopedQuerySet[Conversation], limit: int, *, room: int = CANDIDATES) -> Purged:
    """Delete some of `room` conversations, `limit` messages at most. Those that are answered are stopped, and wait."""
    rows = found.select_for_update(of=("self",), skip_locked=True).order_by("last_activity_at")
    places = {pk: (team, owner) for pk, team, owner in rows.values_list("pk", "team", "owner")[: min(room, CANDIDATES)]}
    for pk in _still_answered(places):
        del places[pk]
    said = _messages_of(list(places))
    chosen = _as_many_as(places, said, limit)
    if places and not chosen:
        first = next(iter(places))
        return _shorten(first, str(places[first][0]), limit)
    return _delete({pk: places[pk] for pk in chosen}, {pk: said[pk] for pk in chosen if pk in said})


def again(found: ScopedQuerySet[Conversation]) -> Purged:
    """Delete all of these, which a restored database has again: whoever holds one is waited for, answers are ended."""
    rows = found.select_for_update(of=("self",)).order_by("pk")
    places = {pk: (team, owner) for pk, team, owner in rows.values_list("pk", "team", "owner")}
    return _delete(places, _messages_of(list(places)))


def _messages_of(chats: list[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for pk, chat in _rows(
        "SELECT id, conversation_id FROM chat_message WHERE conversation_id = ANY(%s::uuid[])", chats
    ):
        found.setdefault(chat, []).append(pk)
    return found


def _still_answered(places: Places) -> set[UUID]:
    """Stop the answers in locked conversations. Return those in which one was still under way.

    All answers under way are few, and have an index: fewer than the messages that go.
    """
    each = (Q(state=state) for state in Generation.LIVE)  # `IN` would use neither of the two indexes
    live = Generation.objects.for_housekeeping().filter(reduce(or_, each))
    here = {pk: chat for pk, chat in live.values_list("pk", "message__conversation") if chat in places}
    if here:
        queue.end_unowned(live.filter(pk__in=here, state=Generation.State.QUEUED), state=Generation.State.STOPPED)
        live.filter(pk__in=here, state=Generation.State.RUNNING).update(stop_requested=True)
    return set(here.values())


def _as_many_as(places: Places, said: Mapping[UUID, list[UUID]], limit: int) -> list[UUID]:
    """Return the first conversations that have `limit` messages together: none where the first has more."""
    chosen, total = [], 0
    for pk in places:
        total += len(said.get(pk, ()))
        if total > limit:
            break
        chosen.append(pk)
    return chosen


def _shorten(pk: UUID, team: str, limit: int) -> Purged:
    """A chat of more messages than a transaction deletes: hide it, and delete its latest ones."""
    Conversation.objects.for_housekeeping().filter(pk=pk).update(head=None, deleted_at=Coalesce("deleted_at", Now()))
    said = Message.objects.for_housekeeping().filter(conversation=pk).order_by("-created_at", "-pk")
    messages = list(said.values_list("pk", flat=True)[:limit])
    streams, files = _delete_messages(messages)
    counts = Counter(messages=len(messages), files=len(files))
    return Purged(tuple(map(str, messages)), {team: +counts}, _copies(streams, files), chats=(str(pk),))


def _delete(places: Places, said: Mapping[UUID, list[UUID]]) -> Purged:
    if not places:
        return Purged()
    chat_of = {message: chat for chat, some in said.items() for message in some}
    streams, files = _delete_messages(list(chat_of))
    _rows("DELETE FROM chat_conversation WHERE id = ANY(%s::uuid[]) RETURNING id", list(places))
    counts: dict[str, Counter[str]] = {}
    for chat, (team, _) in places.items():
        counts.setdefault(str(team), Counter()).update(conversations=1, messages=len(said.get(chat, ())))
    for message in files.values():
        counts[str(places[chat_of[message]][0])]["files"] += 1
    owners = [(owner, chat) for chat, (_, owner) in places.items()]
    ids, by_team = tuple(map(str, places)), {team: +some for team, some in counts.items()}
    return Purged(ids, by_team, _copies(streams, files), partial(tell_removed, owners), chats=ids)


def _delete_messages(pks: list[UUID]) -> tuple[list[UUID], dict[UUID, UUID]]:
    """Delete messages with their answers' lives and files. Return answers that Redis may still have words of, and the
    files that nothing uses any more, each with a message that did. An older stream has ended by itself.
    """
    lately = f"ended_at IS NULL OR ended_at > now() - interval '{2 * stream.TTL_SECONDS} seconds'"
    answers = _rows(f"DELETE FROM chat_generation WHERE message_id = ANY(%s::uuid[]) RETURNING id, {lately}", pks)
    uses = dict(
        _rows("DELETE FROM chat_attachment WHERE message_id = ANY(%s::uuid[]) RETURNING file_id, message_id", pks)
    )
    _rows("DELETE FROM chat_feedback WHERE message_id = ANY(%s::uuid[]) RETURNING id", pks)
    _rows("DELETE FROM chat_message WHERE id = ANY(%s::uuid[]) RETURNING id", pks)
    return [pk for pk, is_late in answers if is_late], {pk: uses[pk] for pk in unused_gone(list(uses))}


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a file."""

    pk: UUID
    chat: UUID
    team: UUID
    file: UUID


def delete_uses(uses: Sequence[Use]) -> Purged:
    """Delete uses of files; the chats that had them stay."""
    _rows("DELETE FROM chat_attachment WHERE id = ANY(%s::uuid[]) RETURNING id", [use.pk for use in uses])
    unused = unused_gone(list({use.file for use in uses}))
    counts: dict[str, Counter[str]] = {}
    for use in uses:
        counts.setdefault(str(use.team), Counter())["attachments"] += 1
    for use in {use.file: use for use in uses if use.file in unused}.values():
        counts[str(use.team)]["files"] += 1
    chats = tuple(sorted({str(use.chat) for use in uses}))
    return Purged(tuple(str(use.pk) for use in uses), counts, _copies([], unused), chats=chats)


def unused_gone(files: list[UUID]) -> list[UUID]:
    """Delete the files that nothing uses any more. Who attaches one at the same time locks its row first."""
    if not files:
        return []
    rows = File.objects.for_housekeeping().filter(pk__in=files)
    list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    unused = rows.exclude(Exists(Attachment.objects.filter(file=OuterRef("pk"))))
    gone = _rows(
        "DELETE FROM chat_file WHERE id = ANY(%s::uuid[]) RETURNING id", list(unused.values_list("pk", flat=True))
    )
    return [pk for (pk,) in gone]


def _rows(statement: str, pks: Sequence[UUID]) -> list[tuple[Any, ...]]:
    """Run one statement for many ids at once, in the caller's transaction. Return its rows.

    Ids travel as one text, by psycopg's own cursor: quoted one by one, a thousand take as long as their delete.
    """
    if not pks:
        return []
    with psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(statement, ["{" + ",".join(pk.hex for pk in pks) + "}"], binary=True).fetchall()


def _copies(streams: Iterable[UUID], files: Iterable[UUID]) -> tuple[tuple[str, str], ...]:
    return (*(("stream", str(pk)) for pk in streams), *(("file", str(pk)) for pk in files))
