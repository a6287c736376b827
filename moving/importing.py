"""Chats that come in: a file is looked at, its owner chooses, and the chosen chats are stored, one transaction each.

Housekeeping does both, one file at a time for each. Who dies over one is followed by another try: what has been stored
says so in its entry, and every chat says from where it came, so that nothing comes twice.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Set
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.authority import Verdict, standing_of, verdict_of
from accounts.bells import ring
from accounts.models import Membership, Team, User
from accounts.refusal import Refusal
from accounts.roles import Power
from accounts.turns import alone
from audit import verbs
from audit.actions import record
from audit.actor import SYSTEM, Actor, Kind, current
from audit.entry import Target
from chat.models import Conversation, Message
from moving import archive, arriving, chatgpt, own
from moving.chats import TICK, Chat, NotTaken
from moving.models import Entry, Import, Origin

log = logging.getLogger(__name__)
State = Import.State
MOST_CHATS = 10_000  # of one file
MOST_TRIES = 5  # a file over which housekeeping dies again and again is given up
REPORT_DAYS = 7
LOOK_LOCK, RUN_LOCK = 0x484D4F5601, 0x484D4F5602  # advisory locks: one file is looked at and one imported at a time
BROKEN = "Something went wrong with this file. What was imported stays. An administrator finds more in the log."


class Over(Exception):
    """The import was cancelled or is over: whoever works on it leaves it."""


def work() -> None:
    """Do what there is to do, one file after the other. Where somebody does it already, they take these as well."""
    _all(State.LOOKING, LOOK_LOCK, look)
    _all(State.RUNNING, RUN_LOCK, run)


def ring_for_waiting() -> None:
    """Ring again for what still waits: a bell may have been lost, or whoever worked on it has died."""
    if Import.objects.filter(state__in=Import.WORKED_ON, expires_at__gt=Now()).exists():
        ring(arriving.WORK)


def _all(state: str, lock: int, act: Callable[[Import], None]) -> None:
    with alone(lock) as mine:
        tried: set[UUID] = set()
        while mine and (move := _next(state, tried)):
            tried.add(move.pk)
            _try(move, act)


def _next(state: str, tried: set[UUID]) -> Import | None:
    waiting = Import.objects.filter(state=state, expires_at__gt=Now()).exclude(pk__in=tried)
    return waiting.select_related("owner", "team").order_by("heard_at").first()


def _try(move: Import, act: Callable[[Import], None]) -> None:
    Import.objects.filter(pk=move.pk).update(tries=F("tries") + 1)
    try:
        if move.tries >= MOST_TRIES:
            raise NotTaken(BROKEN)
        act(move)
    except Over:
        arriving.remove(move.pk)
    except NotTaken as reason:
        _fail(move, str(reason))
    except Exception as error:
        log.error("an import failed", extra={"import": str(move.pk), "error": type(error).__name__})
        _fail(move, BROKEN)


def _fail(move: Import, reason: str) -> None:
    with transaction.atomic():
        if _end(move, State.FAILED, reason=reason[:500]) and move.team_id:
            _record(move)
    arriving.remove(move.pk)


def _end(move: Import, state: str, *, reason: str = "") -> bool:
    """In a transaction: end what is worked on. The file goes behind it; so do the titles of what was not wanted."""
    fields = {"state": state, "reason": reason, "ended_at": Now(), "heard_at": Now()}
    rows = Import.objects.filter(pk=move.pk, state__in=Import.WORKED_ON)
    ended = bool(rows.update(**fields, expires_at=Now() + timedelta(days=REPORT_DAYS)))
    if ended:
        move.entries.filter(state=Entry.State.FOUND).delete()
    return ended


def _record(move: Import) -> None:
    counts = Counter(move.entries.values_list("state", flat=True))
    facts = {state: counts[state] for state in ("imported", "here", "refused")}
    targets = [Target("person", move.owner_id), Target("import", move.pk)]
    owner = Actor(Kind.PERSON, id=str(move.owner_id))  # who asked for what housekeeping has done
    record(verbs.MOVED_IN, by=owner if current() == SYSTEM else None, targets=targets, facts=facts)


def chat_of(piece: bytes | None, *, now: datetime) -> Chat:
    """Return the chat that a piece of a file is. Raises NotTaken."""
    if piece is None:
        most = archive.LONGEST_CHAT // 10**6
        raise NotTaken(_("This chat has more than %(most)s MB.") % {"most": most})
    try:
        value = json.loads(piece.decode())
    except UnicodeDecodeError:
        raise NotTaken(_("This chat contains characters that are not valid UTF-8.")) from None
    except RecursionError:
        raise NotTaken(_("This chat is nested too deeply.")) from None
    except ValueError:
        raise NotTaken(_("This chat is not valid JSON.")) from None
    source = next((one for one in (own, chatgpt) if isinstance(value, dict) and one.is_one(value)), None)
    if source is None:
        raise NotTaken(_("This is a chat of neither Hearth nor ChatGPT."))
    chat: Chat = source.read(value, now=now)
    chat.key = chat.key or sha256(piece).hexdigest()
    return chat


def digest_of(chat: Chat) -> str:
    """Return by what an imported chat is found again."""
    return sha256(f"{chat.source}\0{chat.key}".encode()).hexdigest()


def look(move: Import) -> None:
    """See what is in a file, and write down an entry for each chat. Raises NotTaken and Over."""
    found = [_seen(move, place, piece) for place, piece in _pieces(move)]
    _rank([entry for entry, _digest in found])
    _mark_known(move, found)
    with transaction.atomic():
        if not Import.objects.select_for_update().filter(pk=move.pk, state=State.LOOKING).exists():
            raise Over
        move.entries.all().delete()
        Entry.objects.bulk_create([entry for entry, _digest in found], batch_size=1000)
        rows = Import.objects.filter(pk=move.pk)
        rows.update(state=State.FOUND, tries=0, heard_at=Now(), expires_at=Now() + arriving.LIFE)


def _pieces(move: Import) -> Iterator[tuple[int, bytes | None]]:
    path: Path = arriving.path_of(move.pk)
    if not path.exists():
        raise NotTaken(_("The file is no longer there. Upload it once more."))
    empty = True
    for place, piece in enumerate(archive.pieces(path)):
        empty = False
        if place >= MOST_CHATS:
            message = _("There are more than %(most)s chats in this file. Split it into smaller ones.")
            raise NotTaken(message % {"most": f"{MOST_CHATS:,}"})
        yield place, piece
    if empty:
        raise NotTaken(_("There are no chats in this file."))


def _seen(move: Import, place: int, piece: bytes | None) -> tuple[Entry, str]:
    """Return an entry for a chat that is in the file, and by what it is found again, if it can be taken."""
    try:
        chat = chat_of(piece, now=datetime.now(UTC))
    except NotTaken as reason:
        refused = Entry.State.REFUSED
        return Entry(move=move, place=place, state=refused, chosen=False, reason=str(reason)[:300]), ""
    entry = Entry(
        move=move,
        place=place,
        title=chat.title,
        began_at=chat.began_at,
        ended_at=chat.ended_at,
        messages=len(chat.said),
        left_out=dict(chat.left_out),
    )
    return entry, digest_of(chat)


def _rank(entries: list[Entry]) -> None:
    """Let the list of chats have them in the order of their last messages."""
    by_time = sorted((entry for entry in entries if entry.ended_at), key=lambda entry: (entry.ended_at, -entry.place))
    for rank, entry in enumerate(by_time):
        entry.rank = rank


def _mark_known(move: Import, found: list[tuple[Entry, str]]) -> None:
    """Say of which chats an import is here already. One query."""
    known = dict(
        Origin.objects.filter(owner=move.owner_id, digest__in=[digest for _entry, digest in found if digest])
        .filter(conversation__deleted_at=None)
        .values_list("digest", "conversation")
    )
    for entry, digest in found:
        if digest in known:
            entry.state, entry.chosen, entry.conversation, entry.title = Entry.State.HERE, False, known[digest], ""


@transaction.atomic
def start(move: Import, *, team: Team, left: Set[int], archived: bool) -> None:
    """Have the chats imported into a team, but for the places that are `left`. Raises Refusal."""
    _refuse_who_may_not(move.owner, team)
    row = Import.objects.select_for_update().filter(pk=move.pk, state=State.FOUND, expires_at__gt=Now()).first()
    if row is None:
        raise Refusal(_("This import has begun already, or is over."))
    move.entries.filter(state=Entry.State.FOUND, place__in=left).delete()
    total = move.entries.filter(state=Entry.State.FOUND).count()
    if not total:
        raise Refusal(_("No chat is chosen."))
    Import.objects.filter(pk=row.pk).update(
        state=State.RUNNING,
        team=team,
        archived=archived,
        total=total,
        tries=0,
        started_at=Now(),
        heard_at=Now(),
        expires_at=Now() + timedelta(days=REPORT_DAYS),
    )
    transaction.on_commit(partial(ring, arriving.WORK))


def _refuse_who_may_not(person: User, team: Team) -> None:
    """Raises Refusal: chats are put where one can go on with them."""
    verdict = _verdict(person, team)
    if not verdict.allowed:
        raise Refusal(f"{verdict.why} {verdict.who}".strip())


def _verdict(person: User, team: Team) -> Verdict:
    standing = standing_of(person)
    if standing.teams.get(team.pk) in (None, Membership.Role.GUEST):
        name = {"team": team.name}
        return Verdict(False, _("You can put chats only into teams in which you ask: not into %(team)s.") % name)
    return verdict_of(standing, Power.ASK, team)


def run(move: Import) -> None:
    """Store the chosen chats that are not stored yet. Raises NotTaken and Over."""
    if move.team is None:
        raise NotTaken(_("The team was deleted. What was imported stays."))
    waiting = {entry.place: entry for entry in move.entries.filter(state=Entry.State.FOUND)}
    for place, piece in _pieces(move) if waiting else ():
        if entry := waiting.pop(place, None):
            _store(move, move.team, entry, piece)
    with transaction.atomic():
        if _end(move, State.DONE):
            _record(move)
    arriving.remove(move.pk)


@transaction.atomic
def _store(move: Import, team: Team, entry: Entry, piece: bytes | None) -> None:
    """Store one chat, or say why not. Raises Over, and NotTaken where nothing of this file can be stored any more."""
    rows = Import.objects.select_for_update().filter(pk=move.pk, state=State.RUNNING, expires_at__gt=Now())
    if not rows.exists():
        raise Over
    if not (verdict := _verdict(move.owner, team)).allowed:
        raise NotTaken(verdict.why)
    try:
        chat = chat_of(piece, now=datetime.now(UTC))
    except NotTaken as reason:
        entry.state, entry.reason = Entry.State.REFUSED, str(reason)[:300]
    else:
        _keep(move, team, entry, chat)
    entry.save(update_fields=["state", "reason", "title", "conversation"])


def _keep(move: Import, team: Team, entry: Entry, chat: Chat) -> None:
    """Store a chat, unless it is here. One that its owner has deleted since comes anew."""
    digest = digest_of(chat)
    before = Origin.objects.filter(owner=move.owner_id, digest=digest).select_related("conversation").first()
    here = before.conversation if before else _self(move.owner, chat)
    if here is not None and here.deleted_at is None:
        entry.state, entry.conversation = Entry.State.HERE, here.pk
    else:
        if before:
            Origin.objects.filter(pk=before.pk).delete()
        entry.state, entry.conversation = Entry.State.IMPORTED, _insert(move, team, entry, chat, digest)
    entry.title = ""  # it stands in the chat, and goes with it


def _self(owner: User, chat: Chat) -> Conversation | None:
    """Return the very chat that was exported, where it is still here."""
    try:
        pk = UUID(chat.key)
    except ValueError:
        return None
    return Conversation.objects.of(owner).filter(pk=pk).first() if chat.source == own.SOURCE else None


def _insert(move: Import, team: Team, entry: Entry, chat: Chat, digest: str) -> UUID:
    """Insert a chat with its messages, all under ids of our own: three statements for any length.

    Its clock begins now. Microseconds keep the list in the order that the chats had.
    """
    ids = [uuid4() for _each in chat.said]
    begun = move.started_at or datetime.now(UTC)
    conversation = Conversation.objects.create(
        owner_id=move.owner_id,
        team=team,
        title=chat.title,
        head_id=ids[chat.head],
        created_at=chat.began_at,
        last_activity_at=begun - max(0, MOST_CHATS - entry.rank) * TICK,
        archived_at=begun if move.archived else None,
    )
    Message.objects.bulk_create(
        Message(
            id=pk,
            conversation=conversation,
            parent_id=None if said.parent is None else ids[said.parent],
            role=said.role,
            text=said.text,
            created_at=said.at,
        )
        for pk, said in zip(ids, chat.said, strict=True)
    )
    models = {str(pk): said.model for pk, said in zip(ids, chat.said, strict=True) if said.model}
    Origin.objects.create(
        conversation=conversation, owner_id=move.owner_id, source=chat.source, digest=digest, models=models
    )
    return conversation.pk


@transaction.atomic
def cancel(move: Import) -> None:
    """Give an import up. What it has brought already stays, and the log says how much that is."""
    if arriving.drop(move) and move.started_at is not None:
        _record(move)


@transaction.atomic
def delete(move: Import) -> None:
    """Remove a report before its time, and the file where it is still there. The imported chats stay."""
    Import.objects.filter(pk=move.pk).delete()
    transaction.on_commit(partial(arriving.remove, move.pk))
