"""How long shares are kept: while they are open, and never longer than their chat. The database lets them go with it.

What is over is deleted by the next sweep, since its text is a chat's. A hold on the chat, its owner or its team keeps
it.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from accounts.models import User
from retention.holding import is_held
from retention.kinds import AT_ONCE, Kind, Purged
from retention.models import Hold
from retention.terms import InForce
from sharing.models import Share, SharedMessage
from sharing.scopes import ShareQuerySet

HELD = is_held(owner="owner", team="conversation__team", conversation="conversation")
HELD_TOO = is_held(owner="share__owner", team="share__conversation__team", conversation="share__conversation")
OVER = Q(revoked_at__isnull=False) | Q(expires_at__lte=Now())
Rows = ShareQuerySet[Share]


class Shares(Kind):
    """Snapshots of chats that people let colleagues read."""

    name: ClassVar[str] = "shares"
    label: ClassVar[str] = "Shares"
    claims: ClassVar[tuple[str, ...]] = ("sharing.Share", "sharing.SharedMessage", "sharing.ShareWith")
    rule: ClassVar[str] = "Until they end or are taken back, and never longer than their chat."

    def purge(self, rules: InForce, *, limit: int = AT_ONCE) -> Purged:
        rows = _over().select_for_update(of=("self",), skip_locked=True).order_by("pk")
        over = list(rows.values_list("pk", flat=True)[:limit])
        texts = SharedMessage.objects.for_housekeeping().filter(share__in=over).order_by("share")
        said = list(texts.values_list("pk", flat=True)[:limit])
        if len(said) == limit:  # texts first; their shares follow with the next chunk
            SharedMessage.objects.for_housekeeping().filter(pk__in=said).delete()
            return Purged(tuple(map(str, said)), {"": Counter(shared_messages=len(said))})
        return _gone(Share.objects.for_housekeeping().filter(pk__in=over), len(said))

    def again(self, ids: Iterable[str]) -> Purged:
        pks = list(ids)
        texts = SharedMessage.objects.for_housekeeping().filter(pk__in=pks).exclude(HELD_TOO)
        gone = [str(pk) for pk in texts.values_list("pk", flat=True)]
        SharedMessage.objects.for_housekeeping().filter(pk__in=gone).delete()
        shares = _gone(Share.objects.for_housekeeping().filter(pk__in=pks).exclude(HELD), len(gone))
        return Purged((*shares.ids, *gone), shares.counts)

    def back(self, ids: Iterable[str]) -> int:
        pks = list(ids)
        texts = SharedMessage.objects.for_housekeeping().filter(pk__in=pks)
        return texts.count() + Share.objects.for_housekeeping().filter(pk__in=pks).count()

    def kept(self, ids: Iterable[str]) -> int:
        pks = list(ids)
        texts = SharedMessage.objects.for_housekeeping().filter(HELD_TOO, pk__in=pks)
        return texts.count() + Share.objects.for_housekeeping().filter(HELD, pk__in=pks).count()

    def expected(self, rules: InForce) -> int:
        return _over().count()

    def hide(self, person: User) -> int:
        _theirs(person).filter(revoked_at=None).update(revoked_at=Now())
        return 0  # chats are counted

    def left_of(self, person: User) -> Mapping[str, int]:
        over = _theirs(person).filter(revoked_at__isnull=False)
        return {"shares": over.exclude(HELD).count(), "held": over.filter(HELD).count()}

    def pieces(self, person: User) -> Iterator[tuple[str, bytes]]:
        for share in Share.objects.of(person).select_related("conversation").order_by("created_at", "pk"):
            yield _paper(share)

    def held_pieces(self, hold: Hold, *, words: str = "") -> Iterator[tuple[str, bytes]]:
        on = {"owner": hold.person_id, "conversation__team": hold.team_id, "conversation": hold.conversation}
        found = Share.objects.for_housekeeping().filter(**{name: pk for name, pk in on.items() if pk})
        if words:
            said = SharedMessage.objects.filter(share=OuterRef("pk"), text__icontains=words)
            found = found.filter(Q(Exists(said)) | Q(title__icontains=words))
        for share in found.order_by("created_at", "pk"):
            yield _paper(share)


def _over() -> Rows:
    return Share.objects.for_housekeeping().filter(OVER).exclude(HELD)


def _theirs(person: User) -> Rows:
    return Share.objects.for_housekeeping().filter(owner=person)


def _gone(shares: Rows, said: int) -> Purged:
    pks = list(shares.values_list("pk", flat=True))
    Share.objects.for_housekeeping().filter(pk__in=pks).delete()
    return Purged(tuple(map(str, pks)), {"": +Counter(shares=len(pks), shared_messages=said)})


def _paper(share: Share) -> tuple[str, bytes]:
    """Return a share as a file: what was frozen, when, until when, and with whom, by ids."""
    said = [
        {"role": one.role, "text": one.text, "model": one.model_name, "left_premises": one.left_premises}
        for one in share.messages.order_by("position")
    ]
    readers = [{"person": _id(one.person_id), "team": _id(one.team_id)} for one in share.readers.order_by("pk")]
    facts: dict[str, Any] = {
        "share": str(share.pk),
        "conversation": str(share.conversation_id),
        "title": share.title,
        "shared_at": share.created_at.isoformat(),
        "expires_at": share.expires_at and share.expires_at.isoformat(),
        "revoked_at": share.revoked_at and share.revoked_at.isoformat(),
        "with": readers,
        "messages": said,
    }
    path = f"shares/{share.created_at.date().isoformat()} {str(share.pk)[:8]}.json"
    return path, json.dumps(facts, ensure_ascii=False, indent=1).encode()


def _id(pk: object) -> str | None:
    return None if pk is None else str(pk)
