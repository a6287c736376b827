"""Legal holds: nothing of a person, a team or a conversation goes while one is on it, whatever else says so."""

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.authority import require
from accounts.models import Team, User
from accounts.refusal import Refusal
from accounts.roles import Power
from audit import verbs
from audit.actions import record
from audit.entry import Target
from retention import order
from retention.kinds import kinds
from retention.models import Hold

LEAST_REASON = 10  # characters


@transaction.atomic
def place(
    *,
    by: User,
    reason: str,
    reference: str = "",
    person: User | None = None,
    team: Team | None = None,
    conversation: UUID | None = None,
) -> Hold:
    """Put a hold on one thing. A purge that comes behind its commit sees it. Raises Refused, Refusal."""
    require(by, Power.PLACE_HOLDS)
    if len(reason.strip()) < LEAST_REASON:
        raise Refusal(_("Say why in a sentence: whoever releases it must know."))
    order.deciding()
    chats = [kind for kind in kinds() if kind.name == "conversations"]
    if conversation and not any(kind.back([str(conversation)]) for kind in chats):
        raise Refusal(_("There is no conversation with this id."))
    hold = Hold.objects.create(
        person=person, team=team, conversation=conversation, reason=reason, reference=reference, placed_by=by
    )
    record(verbs.HOLD_PLACED, targets=targets(hold))
    return hold


@transaction.atomic
def release(hold: Hold, *, by: User) -> None:
    """Let a hold go: what is due is purged by the next sweep, unless another one is on it. Raises Refused, Refusal."""
    require(by, Power.PLACE_HOLDS)
    order.deciding()
    if not Hold.objects.filter(pk=hold.pk, released_at=None).update(released_at=Now(), released_by=by):
        raise Refusal(_("This hold was released already."))
    hold.exports.update(expires_at=Now())  # nothing of it is read any more
    record(verbs.HOLD_RELEASED, targets=targets(hold))


@transaction.atomic
def search(hold: Hold, *, words: str, by: User) -> int:
    """Return how many conversations under a hold contain some words, and nothing of them. Raises Refused, Refusal."""
    require(by, Power.EXPORT_HELD)
    if not Hold.objects.filter(pk=hold.pk, released_at=None).exists():
        raise Refusal(_("This hold was released: nothing of it is searched any more."))
    found = sum(kind.held(hold, words=words) for kind in kinds())
    record(verbs.HELD_SEARCHED, targets=targets(hold), facts={"found": found})  # the words may tell
    return found


def targets(hold: Hold) -> list[Target]:
    """Return what an entry about a hold names: ids alone."""
    on = ("person", hold.person_id), ("team", hold.team_id), ("conversation", hold.conversation)
    return [Target("hold", str(hold.pk)), *(Target(kind, pk) for kind, pk in on if pk)]


def is_held(*, owner: str, team: str, conversation: str) -> Q:
    """Return the condition that a hold is on a row of a query whose columns are named so."""
    on = Hold.objects.filter(released_at=None)
    return Q(
        Exists(on.filter(person=OuterRef(owner)))
        | Exists(on.filter(team=OuterRef(team)))
        | Exists(on.filter(conversation=OuterRef(conversation)))
    )
