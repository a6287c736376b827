"""What a person may see of their conversations. Every look-up starts from its owner."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from breakglass.models import Glass
from breakglass.queries import OPEN
from chat.ends import HELD
from chat.models import Attachment, Conversation, Generation, Message

if TYPE_CHECKING:
    from chat.ends import Lived

PAGE = 40


def conversations_of(user: User) -> QuerySet[Conversation]:
    """Return the person's own conversations."""
    return Conversation.objects.of(user)


def messages_of(user: User) -> QuerySet[Message]:
    """Return the messages in the person's own conversations."""
    return Message.objects.of(user).select_related("conversation__owner")


def generations_of(user: User) -> QuerySet[Generation]:
    """Return the answers in the person's own conversations."""
    return Generation.objects.of(user).select_related("message__conversation", "deployment")


def model_below(question: Message) -> UUID | None:
    """Return the model that answered a question last."""
    answers = Generation.objects.within(question.conversation).filter(message__parent=question).order_by("-queued_at")
    return answers.values_list("deployment", flat=True).first()


def model_that_wrote(answer: Message) -> UUID | None:
    """Return the model that wrote an answer, or nothing for one that was imported: its model was never here."""
    return (
        Generation.objects.within(answer.conversation)
        .filter(message=answer)
        .values_list("deployment", flat=True)
        .first()
    )


def attachments_of(user: User) -> QuerySet[Attachment]:
    """Return the files of questions in the person's own conversations."""
    return Attachment.objects.of(user).select_related("file")


def attachments_in(conversation: Conversation) -> dict[UUID, list[Attachment]]:
    """Return the files of each question of a conversation, as they were attached. One query."""
    uses: dict[UUID, list[Attachment]] = defaultdict(list)
    for use in Attachment.objects.within(conversation).select_related("file").order_by("position", "pk"):
        uses[use.message_id].append(use)
    return uses


def chats_under(glass: Glass) -> QuerySet[Conversation]:
    """Return what may be read under a glass: the chats of the one it is about, deleted ones too, while it is open.

    The query itself asks the database's clock, so that a glass that was found open a moment ago shows nothing more.
    """
    is_open = Exists(Glass.objects.filter(OPEN, pk=glass.pk, about=OuterRef("owner")))
    return glass.about.conversations.filter(is_open)


@dataclass(frozen=True, slots=True)
class Row:
    """One message of the branch that is shown, with its place among its siblings (`number` of `count`)."""

    message: Message
    generation: Generation | None
    number: int
    count: int
    previous: UUID | None
    next: UUID | None
    attachments: Sequence[Attachment] = ()
    beside: "Row | None" = None  # the other answer of a pair that nobody has chosen from
    waits: bool = False  # a question that nobody has begun to read, behind an answer

    @property
    def pair(self) -> "list[Row]":
        """Both answers of a pair, the older one first; nothing where there is no pair."""
        return sorted([self, self.beside], key=lambda row: row.number) if self.beside else []

    @property
    def is_live(self) -> bool:
        """Whether words may still come, here or beside."""
        return any(row.generation is not None and row.generation.is_live for row in (self, *self.pair))


def _children(messages: list[Message]) -> dict[UUID | None, list[Message]]:
    children: dict[UUID | None, list[Message]] = defaultdict(list)
    for message in messages:
        children[message.parent_id].append(message)
    return children


def thread_of(conversation: Conversation) -> list[Row]:
    """Return the branch that is shown, from the first question on. Two queries for any length."""
    messages = list(
        Message.objects.within(conversation)
        .select_related("generation__deployment", "feedback")
        .order_by("created_at", "pk")
    )
    by_pk = {message.pk: message for message in messages}
    children, uses = _children(messages), attachments_in(conversation)
    rows: list[Row] = []
    at = conversation.head_id
    while at is not None:
        message = by_pk[at]
        siblings = children[message.parent_id]
        waits = message.role == Message.Role.USER and at != conversation.head_id and _waits(rows[-1])
        beside = None if rows else _beside(message, siblings)
        rows.append(replace(_row(message, siblings, uses.get(at, ())), beside=beside, waits=waits))
        at = message.parent_id
    rows = rows[::-1]
    if rows and rows[0].waits:  # it waits behind nothing in this chat
        rows[0] = replace(rows[0], waits=False)
    return rows


def _waits(answer: Row) -> bool:
    """Whether nobody has begun with an answer, nor with the one beside it."""
    lives = [row.generation for row in (answer, *answer.pair)]
    return all(life is not None and life.state == Generation.State.QUEUED and not life.attempt for life in lives)


def _beside(message: Message, siblings: list[Message]) -> Row | None:
    """Return the other answer of the pair to which this one belongs."""
    pair = getattr(getattr(message, "generation", None), "pair", None)
    others = (one for one in siblings if one.pk != message.pk and pair and getattr(one, "generation", None))
    return next((_row(one, siblings, ()) for one in others if one.generation.pair == pair), None)


def _row(message: Message, siblings: list[Message], attachments: Sequence[Attachment]) -> Row:
    place = siblings.index(message)
    return Row(
        message=message,
        generation=getattr(message, "generation", None),
        number=place + 1,
        count=len(siblings),
        previous=siblings[place - 1].pk if place else None,
        next=siblings[place + 1].pk if place + 1 < len(siblings) else None,
        attachments=attachments,
    )


def latest_leaf_below(message: Message) -> Message:
    """Return the last message of the branch that goes on from this one, always by the latest child."""
    messages = list(Message.objects.within(message.conversation).only("pk", "parent_id").order_by("created_at", "pk"))
    children = _children(messages)
    while below := children[message.pk]:
        message = below[-1]
    return message


Group = tuple[str, list["Lived"]]
LISTED = ("pk", "title", "team", "last_activity_at", "deleted_at", "pinned", "unread", "temporary_until", "kept_until")


def sidebar_of(user: User, *, page: int, now: datetime, pages: int = 1) -> "tuple[list[Group], int | None]":
    """Return `pages` of the sidebar, what is pinned first, then by time, and the next page's number or None.

    What was put away is left out. Rows carry whether they are answered, and what `lifetimes.told` needs.
    """
    live = Generation.objects.filter(message__conversation=OuterRef("pk"), state__in=Generation.LIVE)
    found = (
        conversations_of(user)
        .filter(archived_at=None)
        .only(*LISTED, "project__name")
        .select_related("project")
        .annotate(is_answering=Exists(live), held=HELD, now=Now())
        .order_by("-pinned", "-last_activity_at", "pk")
    )
    start = (page - 1) * PAGE
    end = start + PAGE * pages
    rows = list(found[start : end + 1])
    groups: dict[str, list[Lived]] = {}
    for conversation in rows[: end - start]:
        group = _("Pinned") if conversation.pinned else _age(conversation.last_activity_at, now)
        groups.setdefault(group, []).append(conversation)
    return list(groups.items()), page + pages if len(rows) > end - start else None


def _age(moment: datetime, now: datetime) -> str:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if moment >= midnight:
        return _("Today")
    if moment >= midnight - timedelta(days=1):
        return _("Yesterday")
    if moment >= midnight - timedelta(days=7):
        return _("Previous 7 days")
    if moment >= midnight - timedelta(days=30):
        return _("Previous 30 days")
    return _("Older")
