"""What a person finds in their own chats. Every look-up starts from its owner."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from accounts.models import User
from chat.models import Conversation, Generation, Message
from finding import marks
from finding.asking import Asked, Filter, Term, day
from finding.index import Rank, Said, SaidHere, of_owner, wanted

PAGE = 10  # chats
EACH = 3  # places of a chat that are shown at once
NEWEST = 300  # messages, the newest that match, are ranked; older ones are found with more words or a day
NEAR = 300  # chats, the latest, are read through; what is said in others is asked of the index
TITLED = 100  # chats whose title matches
HALF_LIFE = 90.0  # days after which the same words count half
OF_MESSAGES = ("model", "before", "after")  # filters that single messages answer as well


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that matches. One of another version than the chat shows is `elsewhere`."""

    message: Message
    snippet: str
    elsewhere: bool


@dataclass(slots=True)
class Found:
    """A chat that matches, by its title or by what is said in it; `more` places are not shown."""

    conversation: Conversation
    title: str
    hits: list[Hit] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True, slots=True)
class Results:
    """A page of chats. `count` chats match, where there are not `many` more."""

    chats: Sequence[Found] = field(default_factory=list)
    count: int = 0
    many: bool = False
    next: int | None = None


@dataclass(slots=True)
class _Score:
    """What speaks for a chat: its title, then its best place."""

    titled: bool = False
    best: float = 0.0
    at: float = 0.0
    places: list[tuple[float, UUID]] = field(default_factory=list)

    @property
    def order(self) -> tuple[bool, float, float]:
        return self.titled, self.best, self.at


def search(user: User, asked: Asked, *, page: int, now: datetime, only: UUID | None = None) -> Results:
    """Return a page of the person's chats in which something matches, the best first. `only` looks into one chat."""
    words = wanted(asked.groups)
    if asked.groups and not words:
        return Results()
    lasting = [one for one in asked.filters if one.name not in OF_MESSAGES]
    chats, places = _chats(user, asked.filters, only), {}
    if words:
        places = _places(asked, words, of_owner(user.pk, words), _chats(user, lasting, only))
    scores = _scored(words, chats, places, now) if words else _listed(chats)
    many = NEWEST in (len(places), len(scores))
    ordered = sorted(scores, key=lambda pk: scores[pk].order, reverse=True)
    start = (page - 1) * PAGE
    shown = ordered[start : start + PAGE]
    following = page + 1 if len(ordered) > start + PAGE else None
    each = NEWEST if only else EACH
    return Results(_told(user, {pk: scores[pk] for pk in shown}, asked.terms, each), len(ordered), many, following)


def _chats(user: User, filters: Iterable[Filter], only: UUID | None) -> QuerySet[Conversation]:
    rows = Conversation.objects.of(user)
    if only:
        rows = rows.filter(pk=only)
    for one in filters:
        rows = rows.filter(~_of_chat(one) if one.without else _of_chat(one))
    return rows


def _of_chat(one: Filter) -> Q:
    """Return what a filter asks of a chat."""
    if one.name == "in":
        return Q(title__icontains=one.value) | Q(project__name__icontains=one.value)
    if one.name == "team":
        return Q(team__name__icontains=one.value)
    if one.name == "model":
        answers = Generation.objects.filter(message__conversation=OuterRef("pk"), model_name__icontains=one.value)
        return Q(Exists(answers))
    if one.name == "pinned":
        return Q(pinned=one.value.lower() == "yes")
    if one.name == "is":
        return _state(one.value.lower())
    return Q(created_at__lt=_midnight(one)) if one.name == "before" else Q(last_activity_at__gte=_midnight(one))


def _state(value: str) -> Q:
    if value == "pinned":
        return Q(pinned=True)
    return Q(archived_at__isnull=False) if value == "archived" else Q(temporary_until__isnull=False)


def _midnight(one: Filter) -> datetime:
    on = day(one.value)
    assert on is not None, one
    return datetime.combine(on, time.min, UTC)


def _of_message(one: Filter) -> Q:
    """Return what a filter asks of a message, beside what it asks of its chat."""
    if one.name == "model":
        return Q(generation__model_name__icontains=one.value)
    return Q(**{f"created_at__{'lt' if one.name == 'before' else 'gte'}": _midnight(one)})


Places = dict[UUID, tuple[UUID, datetime]]


def _scored(words: str, chats: QuerySet[Conversation], places: Places, now: datetime) -> dict[UUID, _Score]:
    """Score the chats by their titles and by the newest messages that match."""
    scores: dict[UUID, _Score] = defaultdict(_Score)
    titled = chats.filter(SaidHere("title", words)).order_by("-last_activity_at")
    for pk, at in titled.values_list("pk", "last_activity_at")[:TITLED]:
        scores[pk].titled, scores[pk].at = True, at.timestamp()
    ranks = Message.objects.for_housekeeping().filter(pk__in=list(places)).annotate(rank=Rank("text", words))
    for pk, rank in ranks.values_list("pk", "rank"):
        chat, at = places[pk]
        worth = rank * 0.5 ** (max(0.0, (now - at).days) / HALF_LIFE)
        scores[chat].places.append((worth, pk))
        scores[chat].best = max(scores[chat].best, worth)
        scores[chat].at = max(scores[chat].at, at.timestamp())
    return scores


def _places(asked: Asked, words: str, owned: str, chats: QuerySet[Conversation]) -> Places:
    """Return the newest messages that match, each with its chat and its time.

    The latest chats are read through, which is all that most people have. Whoever has more is helped by the index,
    unless enough was found: a word that stands everywhere would have it return nearly all that there is.

    Whose they are was asked of the chats. Joined with owner and team once more, PostgreSQL takes ten chats for ten
    thousand and reads all that the person ever said. What is shown is read in the person's scope anyway (`_told`).
    """
    latest = list(chats.order_by("-last_activity_at").values_list("pk", flat=True)[: NEAR + 1])
    near = Message.objects.for_housekeeping().filter(SaidHere("text", words), conversation__in=latest[:NEAR])
    places = _newest(near, asked.filters)
    if len(latest) > NEAR and len(places) < NEWEST:
        mine = Case(When(conversation__in=chats.values("pk"), then=Value(True)), default=Value(False))
        indexed = Message.objects.for_housekeeping().alias(mine=mine).filter(Said("text", owned))
        places |= _newest(indexed.filter(mine=True), asked.filters)
    return places


def _newest(rows: QuerySet[Message], filters: Iterable[Filter]) -> Places:
    for one in filters:
        if one.name in OF_MESSAGES:
            rows = rows.filter(~_of_message(one) if one.without else _of_message(one))
    found = rows.order_by("-created_at").values_list("pk", "conversation", "created_at")[:NEWEST]
    return {pk: (chat, at) for pk, chat, at in found}


def _listed(chats: QuerySet[Conversation]) -> dict[UUID, _Score]:
    """Filters alone list chats, the latest first."""
    rows = chats.order_by("-last_activity_at").values_list("pk", "last_activity_at")[:NEWEST]
    return {pk: _Score(at=at.timestamp()) for pk, at in rows}


def _told(user: User, scores: dict[UUID, _Score], terms: Sequence[Term], each: int) -> list[Found]:
    """Read what is shown of these chats, in a handful of queries."""
    best = {pk: sorted(score.places, reverse=True)[:each] for pk, score in scores.items()}
    wanted_rows = [pk for places in best.values() for _, pk in places]
    rows = Message.objects.of(user).filter(pk__in=wanted_rows).select_related("generation")
    messages = {row.pk: row for row in rows} if wanted_rows else {}
    chats = Conversation.objects.of(user).filter(pk__in=list(scores)).select_related("team", "project")
    by_pk = {chat.pk: chat for chat in chats}
    shown = _on_shown_branches({message.conversation_id for message in messages.values()}, by_pk)
    found = []
    for pk, score in scores.items():
        if chat := by_pk.get(pk):
            hits = [_hit(messages[at], terms, shown) for _, at in best[pk] if at in messages]
            title = marks.marked(chat.title, terms)
            found.append(Found(chat, title, hits, len(score.places) - len(hits)))
    return found


def _hit(message: Message, terms: Sequence[Term], shown: set[UUID]) -> Hit:
    return Hit(message, marks.snippet(message.text, terms), message.pk not in shown)


def _on_shown_branches(chats: set[UUID], by_pk: dict[UUID, Conversation]) -> set[UUID]:
    """Return the messages that these chats show, which were read in their owner's scope."""
    rows = Message.objects.for_housekeeping().filter(conversation__in=chats).values_list("pk", "parent_id")
    parents = dict(rows) if chats else {}
    shown: set[UUID] = set()
    for chat in chats & by_pk.keys():
        at = by_pk[chat].head_id
        while at is not None and at not in shown:
            shown.add(at)
            at = parents.get(at)
    return shown
