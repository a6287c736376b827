"""What a person finds in their own chats. Every look-up starts from its owner."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from chat.models import Conversation, Generation, Message
from finding import marks
from finding.asking import Asked, Filter, Term, day
from finding.index import Rank, Said, of_owner, wanted

PAGE = 10  # chats
EACH = 3  # places of a chat that are shown at once
NEWEST = 500  # messages, the newest that match, are ranked; older ones are found with more words or a day
TITLED = 100  # chats whose title matches
HALF_LIFE = 90.0  # days after which the same words count half


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
    chats = _chats(user, asked.filters, only)
    scores, many = _scored(user, asked, words, chats, now, only) if words else _listed(chats)
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


def _of_chat(one: Filter, path: str = "") -> Q:
    """Return what a filter asks of a chat; of a message's chat where `path` leads to it."""
    if one.name == "in":
        return Q(**{f"{path}title__icontains": one.value}) | Q(**{f"{path}project__name__icontains": one.value})
    if one.name == "team":
        return Q(**{f"{path}team__name__icontains": one.value})
    if one.name == "model":
        answers = Generation.objects.filter(message__conversation=OuterRef("pk"), model_name__icontains=one.value)
        return Q(Exists(answers))
    if one.name == "pinned":
        return Q(**{f"{path}pinned": one.value.lower() == "yes"})
    if one.name == "is":
        return _state(one.value.lower(), path)
    edge = _midnight(one)
    return Q(**{f"{path}created_at__lt": edge} if one.name == "before" else {f"{path}last_activity_at__gte": edge})


def _state(value: str, path: str) -> Q:
    if value == "pinned":
        return Q(**{f"{path}pinned": True})
    return Q(**{f"{path}{'archived_at' if value == 'archived' else 'temporary_until'}__isnull": False})


def _midnight(one: Filter) -> datetime:
    on = day(one.value)
    assert on is not None, one
    return datetime.combine(on, time.min, UTC)


def _of_message(one: Filter) -> Q:
    """Return what a filter asks of a message."""
    if one.name == "model":
        return Q(generation__model_name__icontains=one.value)
    if one.name in ("before", "after"):
        return Q(**{f"created_at__{'lt' if one.name == 'before' else 'gte'}": _midnight(one)})
    return _of_chat(one, "conversation__")


def _scored(
    user: User, asked: Asked, words: str, chats: QuerySet[Conversation], now: datetime, only: UUID | None
) -> tuple[dict[UUID, _Score], bool]:
    """Score the chats by their titles and by the newest messages that match. Return whether there may be more."""
    scores: dict[UUID, _Score] = defaultdict(_Score)
    owned = of_owner(user.pk, words)
    titled = chats.filter(Said("title", owned)).order_by("-last_activity_at")
    for pk, at in titled.values_list("pk", "last_activity_at")[:TITLED]:
        scores[pk].titled, scores[pk].at = True, at.timestamp()
    said = _messages(user, asked.filters, only).filter(Said("text", owned)).order_by("-created_at")
    places = {pk: (chat, at) for pk, chat, at in said.values_list("pk", "conversation", "created_at")[:NEWEST]}
    ranks = Message.objects.of(user).filter(pk__in=list(places)).annotate(rank=Rank("text", words))
    for pk, rank in ranks.values_list("pk", "rank"):
        chat, at = places[pk]
        worth = rank * 0.5 ** (max(0.0, (now - at).days) / HALF_LIFE)
        scores[chat].places.append((worth, pk))
        scores[chat].best = max(scores[chat].best, worth)
        scores[chat].at = max(scores[chat].at, at.timestamp())
    return scores, len(places) == NEWEST


def _messages(user: User, filters: Iterable[Filter], only: UUID | None) -> QuerySet[Message]:
    rows = Message.objects.of(user)
    if only:
        rows = rows.filter(conversation=only)
    for one in filters:
        rows = rows.filter(~_of_message(one) if one.without else _of_message(one))
    return rows


def _listed(chats: QuerySet[Conversation]) -> tuple[dict[UUID, _Score], bool]:
    """Filters alone list chats, the latest first."""
    rows = chats.order_by("-last_activity_at").values_list("pk", "last_activity_at")[:NEWEST]
    scores = {pk: _Score(at=at.timestamp()) for pk, at in rows}
    return scores, len(scores) == NEWEST


def _told(user: User, scores: dict[UUID, _Score], terms: Sequence[Term], each: int) -> list[Found]:
    """Read what is shown of these chats, in a handful of queries."""
    best = {pk: sorted(score.places, reverse=True)[:each] for pk, score in scores.items()}
    wanted_rows = [pk for places in best.values() for _, pk in places]
    rows = Message.objects.of(user).filter(pk__in=wanted_rows).select_related("generation")
    messages = {row.pk: row for row in rows} if wanted_rows else {}
    chats = Conversation.objects.of(user).filter(pk__in=list(scores)).select_related("team", "project")
    by_pk = {chat.pk: chat for chat in chats}
    shown = _on_shown_branches(user, {message.conversation_id for message in messages.values()}, by_pk)
    found = []
    for pk, score in scores.items():
        if chat := by_pk.get(pk):
            hits = [_hit(messages[at], terms, shown) for _, at in best[pk] if at in messages]
            title = marks.marked(chat.title, terms)
            found.append(Found(chat, title, hits, len(score.places) - len(hits)))
    return found


def _hit(message: Message, terms: Sequence[Term], shown: set[UUID]) -> Hit:
    return Hit(message, marks.snippet(message.text, terms), message.pk not in shown)


def _on_shown_branches(user: User, chats: set[UUID], by_pk: dict[UUID, Conversation]) -> set[UUID]:
    """Return the messages that these chats show."""
    rows = Message.objects.of(user).filter(conversation__in=chats).values_list("pk", "parent_id")
    parents = dict(rows) if chats else {}
    shown: set[UUID] = set()
    for chat in chats & by_pk.keys():
        at = by_pk[chat].head_id
        while at is not None and at not in shown:
            shown.add(at)
            at = parents.get(at)
    return shown
