"""What a person may see of their imports. Every look-up starts from its owner."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Sum
from django.template import Context

from chat.models import Conversation
from moving.models import Entry, Import, Origin

SHOWN = 1000  # rows of a list; of more, the page says how many
MOVED = "_models_of_imported"


@dataclass(frozen=True, slots=True)
class Found:
    """What is in a file, in numbers."""

    chats: int
    messages: int
    began_at: Any
    ended_at: Any
    here: int
    refused: int
    left_out: Mapping[str, int]


def found_in(move: Import) -> Found:
    """Return what a look has found. Three queries for any number of chats."""
    new = move.entries.filter(state=Entry.State.FOUND)
    whole = new.aggregate(chats=Count("pk"), messages=Sum("messages"), began=Min("began_at"), ended=Max("ended_at"))
    states = states_of(move)
    left_out: Counter[str] = Counter()
    for counts in new.exclude(left_out={}).values_list("left_out", flat=True).iterator():
        left_out.update(counts)
    return Found(
        chats=whole["chats"],
        messages=whole["messages"] or 0,
        began_at=whole["began"],
        ended_at=whole["ended"],
        here=states[Entry.State.HERE],
        refused=states[Entry.State.REFUSED],
        left_out=left_out,
    )


def states_of(move: Import) -> Counter[str]:
    """Return how many entries are in which state. One query."""
    return Counter(dict(move.entries.values_list("state").annotate(Count("pk"))))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a report: an entry, and the title of the chat that it became, or nothing where it is gone."""

    entry: Entry
    title: str | None


def lines_of(move: Import) -> list[Line]:
    """Return what became of each chat, what was refused first. Two queries."""
    order = {Entry.State.REFUSED: 0, Entry.State.HERE: 1, Entry.State.IMPORTED: 2}
    entries = [entry for entry in move.entries.order_by("-state", "-ended_at", "place") if entry.state in order]
    entries = sorted(entries, key=lambda entry: order[Entry.State(entry.state)])[:SHOWN]
    mine = Conversation.objects.of(move.owner).filter(pk__in=[entry.conversation for entry in entries])
    titles = dict(mine.values_list("pk", "title"))
    return [Line(entry, _title(entry, titles)) for entry in entries]


def _title(entry: Entry, titles: Mapping[UUID, str]) -> str | None:
    return entry.title if entry.conversation is None else titles.get(entry.conversation)


def models_of(conversation: Conversation) -> Mapping[str, str]:
    """Return, by the ids of answers, the models that the source of an imported chat named."""
    origin = Origin.objects.filter(pk=conversation.pk).first()
    return origin.models if origin else {}


def model_in(context: Context, conversation: Conversation, message: UUID) -> str:
    """Return the model that a source named for an answer, or nothing. One query for a page.

    The request remembers: what a template is rendered with begins anew in each part that it includes.
    """
    page = getattr(context, "request", None)
    known: dict[UUID, Mapping[str, str]] = vars(page).setdefault(MOVED, {}) if page else {}
    if conversation.pk not in known:
        known[conversation.pk] = models_of(conversation)
    return known[conversation.pk].get(str(message), "")
