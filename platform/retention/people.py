"""What the house knows of people beyond their chats: accounts that are to be erased, and papers that grow old."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from accounts.models import Invitation, Joiner, Membership, Session, User
from retention import erasing
from retention.kinds import AT_ONCE, Kind, Purged
from retention.models import Erasure, Hold, Wish
from retention.terms import InForce

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PAPER_DAYS = 90
OLD = Now() - timedelta(days=PAPER_DAYS)


class Accounts(Kind):
    """Accounts. One whose erasure was asked for loses its name and address once nothing of it is left."""

    name: ClassVar[str] = "accounts"
    label: ClassVar["StrOrPromise"] = gettext_lazy("Accounts")
    claims: ClassVar[tuple[str, ...]] = (
        "accounts.User",
        "accounts.Membership",
        "accounts.Denial",
        "accounts.Session",
        "account.EmailAddress",
        "account.EmailConfirmation",
        "mfa.Authenticator",
        "retention.Erasure",
    )
    rule: ClassVar["StrOrPromise"] = gettext_lazy("As long as the account; sessions by the organisation's limits.")

    def purge(self, rules: InForce, *, limit: int = AT_ONCE) -> Purged:
        gone = [str(erasure.person_id) for erasure in erasing.over()[:limit] if erasing.finish(erasure)]
        return Purged(tuple(gone), {"": Counter(accounts=len(gone))})

    def again(self, ids: Iterable[str]) -> Purged:
        held = Hold.objects.filter(released_at=None, person=OuterRef("pk"))
        people = User.objects.filter(pk__in=list(ids)).exclude(Exists(held)).exclude(erasing.NAMELESS)
        gone = [str(person.pk) for person in people if erasing.unname(person)]
        return Purged(tuple(gone), {"": Counter(accounts=len(gone))})

    def back(self, ids: Iterable[str]) -> int:
        return User.objects.filter(pk__in=list(ids)).exclude(erasing.NAMELESS).count()

    def kept(self, ids: Iterable[str]) -> int:
        held = Hold.objects.filter(released_at=None, person=OuterRef("pk"))
        return User.objects.filter(Exists(held), pk__in=list(ids)).exclude(erasing.NAMELESS).count()

    def expected(self, rules: InForce) -> int:
        return erasing.over().count()

    def pieces(self, person: User) -> Iterator[tuple[str, bytes]]:
        yield "account.json", json.dumps(_account(person), ensure_ascii=False, indent=1).encode()


def _account(person: User) -> dict[str, Any]:
    sessions = Session.objects.filter(user=person).order_by("created_at")
    factors = Authenticator.objects.filter(user=person).order_by("created_at")
    wishes = Wish.objects.filter(person=person).order_by("asked_at")
    return {
        "id": str(person.pk),
        "email": person.email,
        "display_name": person.display_name,
        "role": person.organisation_role,
        "created_at": person.created_at.isoformat(),
        "teams": [
            {"team": m.team.name, "role": m.role, "since": m.created_at.isoformat()}
            for m in Membership.objects.filter(user=person).select_related("team").order_by("created_at")
        ],
        "sessions": [
            {"began": s.created_at.isoformat(), "seen": s.seen_at.isoformat(), "address": s.address, "browser": s.agent}
            for s in sessions
        ],
        "second_factors": [{"kind": f.type, "since": f.created_at.isoformat()} for f in factors],
        "wishes": [{"asked_at": w.asked_at.isoformat(), "reason": w.reason, "answer": w.answer} for w in wishes],
        "erasures": [e.asked_at.isoformat() for e in Erasure.objects.filter(person=person).order_by("asked_at")],
    }


class Papers(Kind):
    """Invitations and wishes to join that nobody needs any more: they hold addresses."""

    name: ClassVar[str] = "papers"
    label: ClassVar["StrOrPromise"] = gettext_lazy("Invitations and joiners")
    claims: ClassVar[tuple[str, ...]] = ("accounts.Invitation", "accounts.Joiner", "accounts.Letter")
    rule: ClassVar["StrOrPromise"] = format_lazy(
        gettext_lazy("{days} days after they were used, decided, taken back or became too old."), days=PAPER_DAYS
    )

    def purge(self, rules: InForce, *, limit: int = AT_ONCE) -> Purged:
        ended = Q(used_at__lte=OLD) | Q(revoked_at__lte=OLD) | Q(expires_at__lte=OLD)
        invitations = list(Invitation.objects.filter(ended).values_list("pk", flat=True)[:limit])
        joiners = list(
            Joiner.objects.filter(Q(decided_at__lte=OLD) | Q(decided_at=None, created_at__lte=OLD)).values_list(
                "pk", flat=True
            )[:limit]
        )
        Invitation.objects.filter(pk__in=invitations).delete()
        Joiner.objects.filter(pk__in=joiners).delete()
        counts = +Counter(invitations=len(invitations), joiners=len(joiners))
        return Purged(tuple(map(str, [*invitations, *joiners])), {"": counts})

    def again(self, ids: Iterable[str]) -> Purged:
        pks = list(ids)
        gone = Invitation.objects.filter(pk__in=pks).delete()[0] + Joiner.objects.filter(pk__in=pks).delete()[0]
        return Purged(tuple(pks) if gone else (), {"": +Counter(papers=gone)})

    def pieces(self, person: User) -> Iterator[tuple[str, bytes]]:
        mine: list[Mapping[str, Any]] = [
            {"invited_at": i.created_at.isoformat(), "email": i.email, "team": i.team and i.team.name}
            for i in Invitation.objects.filter(Q(used_by=person) | Q(email__iexact=person.email)).select_related("team")
        ]
        if mine:
            yield "invitations.json", json.dumps(mine, ensure_ascii=False, indent=1).encode()
