"""The second line: shares are read, changed and deleted within a scope that is named, or not at all.

Whether somebody may read a share is part of the query itself: that it was not revoked, that its time is not over, that
its chat is there, that who shared it is still here, and that it was shared with them. A look-up that has lost one of
these is refused.
"""

from enum import Enum
from typing import Any, Self

from django.db import models
from django.db.models import Exists, Model, OuterRef, Q
from django.db.models.functions import Now
from django.db.models.lookups import Exact
from django.db.models.sql.where import AND, WhereNode

from accounts.models import Membership
from accounts.scoped import GuardedQuerySet, M_co


class Scope(Enum):
    """Which shares a query means."""

    SHARER = "those that a person has made, and that are open"
    READER = "those that a person may read"
    ROW = "the very row in hand"
    SHARE = "what belongs to a share in hand"
    PARENT = "those behind a row in hand"
    HOUSEKEEPING = "all, for the house"


OPEN = {"share.revoked_at", "conversation.deleted_at", "user.is_active", "among membership"}
# The columns that a query of this scope fixes for every row: all of them.
PROMISED: dict[Enum, set[str]] = {
    Scope.SHARER: OPEN | {"share.owner"},
    Scope.READER: OPEN | {"among sharewith"},
}


def _existing(where: WhereNode) -> set[str]:
    """Return the tables among whose rows there must be one for every row that is found."""
    found: set[str] = set()
    if where.negated or where.connector != AND:
        return found
    for child in where.children:
        if isinstance(child, WhereNode):
            found |= _existing(child)
        elif isinstance(child, Exact) and isinstance(child.lhs, Exists) and child.rhs is True:
            among: Any = child.lhs.query.model
            found.add(f"among {among._meta.model_name}")
    return found


class ShareQuerySet(GuardedQuerySet[M_co]):
    """Rows that can be touched once their scope is named."""

    ways = ".of(sharer), .to(reader), .within(row) or .for_housekeeping()"

    def of(self, sharer: Model) -> Self:
        """Return the shares that a person has made, while they are open."""
        return self._open(Scope.SHARER).filter(owner=sharer)

    def to(self, reader: Model) -> Self:
        """Return the shares that a person may read: shared with them, or with a team that they are in now."""
        audience: Any = self.model._meta.get_field("readers").related_model
        mine = Q(person=reader) | Q(team__memberships__user=reader)
        named = audience._default_manager.filter(mine, share=OuterRef("pk"))
        return self._open(Scope.READER).filter(Exists(named)).exclude(owner=reader)

    def _open(self, scope: Scope) -> Self:
        """Return shares that are in force. They rest while their sharer is not in the team of the chat."""
        there = Membership.objects.filter(user=OuterRef("owner"), team=OuterRef("conversation__team"))
        ends = Q(expires_at=None) | Q(expires_at__gt=Now())
        lasts = Q(conversation__temporary_until=None) | Q(conversation__temporary_until__gt=Now())
        still = self.filter(revoked_at=None, conversation__deleted_at=None, owner__is_active=True)
        return still.scoped(scope).filter(ends, lasts, Exists(there))

    def within(self, held: Model) -> Self:
        """Return the very row that is in hand, or what belongs to the share that is in hand."""
        if isinstance(held, self.model):
            return self.scoped(Scope.ROW).filter(pk=held.pk)
        return self.scoped(Scope.SHARE).filter(share=held)

    def for_housekeeping(self) -> Self:
        """Return all: for what keeps the house, and shows nobody what it finds."""
        return self.scoped(Scope.HOUSEKEEPING)

    def promised(self) -> set[str]:
        name = self.model._meta.model_name
        if self.scope in (Scope.ROW, Scope.SHARE):
            return {f"{name}.id" if self.scope is Scope.ROW else f"{name}.share"}
        return PROMISED.get(self.scope, set()) if self.scope else set()

    def shown(self) -> set[str]:
        return super().shown() | _existing(self.query.where)


class ShareManager(models.Manager[M_co]):
    """`objects` of shares and of what is in them. Reached from a row in hand (`share.messages`) it is scoped by it."""

    def get_queryset(self) -> ShareQuerySet[M_co]:
        rows = ShareQuerySet[M_co](self.model, using=self._db)
        if hasattr(self, "instance"):  # Django's related managers hold the row that they start from
            rows.scope = Scope.PARENT
        return rows

    def of(self, sharer: Model) -> ShareQuerySet[M_co]:
        """See ShareQuerySet.of."""
        return self.get_queryset().of(sharer)

    def to(self, reader: Model) -> ShareQuerySet[M_co]:
        """See ShareQuerySet.to."""
        return self.get_queryset().to(reader)

    def within(self, held: Model) -> ShareQuerySet[M_co]:
        """See ShareQuerySet.within."""
        return self.get_queryset().within(held)

    def for_housekeeping(self) -> ShareQuerySet[M_co]:
        """See ShareQuerySet.for_housekeeping."""
        return self.get_queryset().for_housekeeping()
