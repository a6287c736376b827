"""What somebody has written and not sent: that of a chat stands in the chat, that of the new chat in a row of its own.

Whoever writes last is right: tabs and devices ask again when they are looked at, and never overwrite what they are
writing themselves.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from accounts.models import User
from chat.models import Conversation, Draft
from retention.kinds import AT_ONCE, Kind, Purged
from retention.models import Erasure, Hold
from retention.terms import InForce

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DAYS = 30
OLD = Q(updated_at__lte=Now() - timedelta(days=DAYS))
HELD = Exists(Hold.objects.filter(released_at=None, person=OuterRef("owner")))
ERASED = Exists(Erasure.objects.filter(ended_at=None, person=OuterRef("owner"), asked_at__gte=OuterRef("updated_at")))


def of(user: User, conversation: Conversation | None = None) -> str:
    """Return what this person has written and not sent, in a chat of theirs or for a new one."""
    if conversation is not None:
        return conversation.draft
    return Draft.objects.filter(owner=user).values_list("text", flat=True).first() or ""


def save(user: User, text: str, conversation: Conversation | None = None) -> None:
    """Keep what was written in place of what was there. It is no activity of the chat: its time goes on."""
    text = text if text.strip() else ""
    if conversation is not None:
        Conversation.objects.within(conversation).update(draft=text)
    elif text:
        row = Draft(owner=user, text=text, updated_at=Now())
        Draft.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["owner"], update_fields=["text", "updated_at"]
        )
    else:
        forget(user)


def forget(user: User, conversation: Conversation | None = None) -> None:
    """The question was taken, in its transaction: nothing is left to be sent."""
    if conversation is not None:
        Conversation.objects.within(conversation).update(draft="")
    else:
        Draft.objects.filter(owner=user).delete()


class Drafts(Kind):
    """Drafts of new chats. They are named in the ledger with their time, so that a later one stays."""

    name: ClassVar[str] = "drafts"
    label: ClassVar["StrOrPromise"] = gettext_lazy("Drafts")
    claims: ClassVar[tuple[str, ...]] = ("chat.Draft",)
    rule: ClassVar["StrOrPromise"] = format_lazy(
        gettext_lazy("Until it is sent, or {days} days after the last change. That of a chat goes with the chat."),
        days=DAYS,
    )

    def purge(self, rules: InForce, *, limit: int = AT_ONCE) -> Purged:
        found = Draft.objects.filter(OLD | Q(text="") | Q(ERASED)).exclude(HELD)
        rows = list(found.select_for_update(of=("self",), skip_locked=True)[:limit])
        Draft.objects.filter(owner__in=[row.owner_id for row in rows]).delete()
        return Purged(tuple(map(_id, rows)), {"": +Counter(drafts=len(rows))})

    def again(self, ids: Iterable[str]) -> Purged:
        known = list(ids)
        gone = _named(known).exclude(HELD).delete()[0] if known else 0
        return Purged(tuple(known) if gone else (), {"": +Counter(drafts=gone)})

    def back(self, ids: Iterable[str]) -> int:
        known = list(ids)
        return _named(known).count() if known else 0

    def kept(self, ids: Iterable[str]) -> int:
        known = list(ids)
        return _named(known).filter(HELD).count() if known else 0

    def expected(self, rules: InForce) -> int:
        return Draft.objects.filter(OLD | Q(text="") | Q(ERASED)).exclude(HELD).count()

    def hide(self, person: User) -> int:
        Draft.objects.filter(owner=person).exclude(HELD).update(text="")
        return 0

    def pieces(self, person: User) -> Iterator[tuple[str, bytes]]:
        if text := of(person):
            yield "draft.json", json.dumps({"new_chat": text}, ensure_ascii=False, indent=1).encode()


def _id(row: Draft) -> str:
    return f"{row.owner_id} {row.updated_at.isoformat()}"


def _named(ids: Iterable[str]) -> QuerySet[Draft]:
    """Return the drafts that these ids name: those that were not changed since."""
    pairs = (one.split(" ", 1) for one in ids)
    return Draft.objects.filter(
        reduce(or_, (Q(owner=owner, updated_at__lte=datetime.fromisoformat(at)) for owner, at in pairs))
    )
