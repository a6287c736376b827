"""Erasure: a person asks that what is theirs go, or somebody of the office does for who has left.

Everything is hidden at once and purged by the next sweep, without a grace period. Holds and the organisation's minimum
keep what they keep, and the page says so. An account that goes too loses its name and address at the end. Its row stays
for the audit log, where nothing says any more whose it was.
"""

from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.authority import standing_of
from accounts.models import Invitation, Joiner, Letter, Membership, Session, User
from accounts.refusal import Refusal
from audit import verbs
from audit.actions import record
from audit.entry import Target
from retention.kinds import kinds
from retention.models import Erasure, Hold

ASKED_ALREADY = gettext_lazy("This was asked for already, and is under way.")
NAMELESS = Q(email__endswith="@erased.invalid")


@transaction.atomic
def ask(person: User, *, by: User) -> Erasure:
    """Erase the chats of a person who asks for it themselves; their account stays. Raises Refusal."""
    if by.pk != person.pk or not standing_of(by).active:
        raise Refusal(_("Everybody asks for this for themselves."))
    return _begin(person, by=by, account=False)


def _begin(person: User, *, by: User | None, account: bool) -> Erasure:
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=person.pk)  # nothing comes back meanwhile
    if Erasure.objects.filter(person=person, ended_at=None).exists():
        raise Refusal(ASKED_ALREADY)
    hidden = sum(kind.hide(person) for kind in kinds())
    began = sum(left_of(person).values())
    erasure = Erasure.objects.create(person=person, account=account, asked_by=by, began_with=began)
    facts = {"account": account, "conversations": hidden}
    record(verbs.ERASURE_ASKED, targets=[Target("person", person.pk)], facts=facts)
    return erasure


def count_of(person: User) -> int:
    """Return how many things a person has that are not hidden: a number, and nothing to read."""
    return sum(kind.of(person) for kind in kinds())


@transaction.atomic
def erase_all_of(person: User) -> int:
    """Erase a leaver, name and address too. Who may has been asked already. Return how many chats were hidden."""
    if Erasure.objects.filter(person=person, ended_at=None, account=True).exists():
        return 0
    Erasure.objects.filter(person=person, ended_at=None).delete()  # their own wish is part of this one
    return _begin(person, by=None, account=True).began_with


def left_of(person: User) -> dict[str, int]:
    """Return what is left of somebody who is being erased, by why it is left."""
    left: dict[str, int] = {}
    for kind in kinds():
        for why, count in kind.left_of(person).items():
            left[why] = left.get(why, 0) + count
    return left


def over() -> QuerySet[Erasure]:
    """Return the erasures that can come to their end, unless something is still left: not those of held people."""
    held = Hold.objects.filter(released_at=None, person=OuterRef("person"))
    return Erasure.objects.filter(ended_at=None).exclude(Exists(held)).select_related("person").order_by("pk")


def finish(erasure: Erasure) -> bool:
    """In the transaction of a purge: end an erasure of which nothing is left. Return whether its account went too.

    Who was let in again meanwhile keeps the account.
    """
    if sum(left_of(erasure.person).values()):
        return False
    Erasure.objects.filter(pk=erasure.pk).update(ended_at=Now())
    gone = erasure.account and not User.objects.filter(pk=erasure.person_id, is_active=True).exists()
    return gone and unname(erasure.person)


def unname(person: User) -> bool:
    """Take everything from an account that says whose it was."""
    address = person.email
    Session.objects.filter(user=person).delete()
    Membership.objects.filter(user=person).delete()
    person.denials.all().delete()
    Authenticator.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    Invitation.objects.filter(Q(used_by=person) | Q(email__iexact=address)).delete()
    Joiner.objects.filter(email__iexact=address).delete()
    Letter.objects.filter(email__iexact=address).delete()
    User.objects.filter(pk=person.pk).update(
        email=_address(person.pk), display_name="", password="!", is_active=False, organisation_role=User.Role.MEMBER
    )
    return True


def _address(pk: UUID) -> str:
    return f"{pk.hex}@erased.invalid"
