"""The second line: requests to see somebody's chats are touched within a scope that is named, or not at all.

What opens a glass cannot be forgotten either: a look-up that has lost the decision, the end, the clock or the person is
refused.
"""

from enum import Enum
from typing import Self

from django.db import models
from django.db.models import Model

from accounts.scoped import GuardedQuerySet, M_co


class Scope(Enum):
    """Which requests a query means."""

    ASKER = "those that a person has asked for, and that are open"
    CONCERNED = "those about a person that were approved"
    OFFICE = "those about anybody else"
    ROW = "the very row in hand"
    PARENT = "those behind a row in hand"
    HOUSEKEEPING = "all, for the house"


# The columns that a query of this scope fixes for every row: all of them.
PROMISED: dict[Enum, set[str]] = {
    Scope.ASKER: {"glass.asked_by", "among glass.asked_by", "glass.decision", "glass.ended_at", "after glass.until"},
    Scope.CONCERNED: {"glass.about", "glass.decision"},
    Scope.OFFICE: {"not glass.about"},
    Scope.ROW: {"glass.number"},
}


class GlassQuerySet(GuardedQuerySet[M_co]):
    """Requests that can be touched once their scope is named."""

    ways = ".of(asker), .about(person), .besides(keeper), .within(row) or .for_housekeeping()"

    def of(self, asker: Model) -> Self:
        """Return what this person has asked for. The query must say, too, that it is open, and who may ask."""
        return self.scoped(Scope.ASKER).filter(asked_by=asker)

    def about(self, person: Model) -> Self:
        """Return what is about this person. The query must say, too, that it was approved."""
        return self.scoped(Scope.CONCERNED).filter(about=person)

    def besides(self, keeper: Model) -> Self:
        """Return what somebody of the office sees: all but what is about themselves."""
        return self.scoped(Scope.OFFICE).exclude(about=keeper)

    def within(self, held: Model) -> Self:
        """Return the very row that is in hand."""
        return self.scoped(Scope.ROW).filter(pk=held.pk)

    def for_housekeeping(self) -> Self:
        """Return all: for what keeps the house, and shows nobody what it finds."""
        return self.scoped(Scope.HOUSEKEEPING)

    def promised(self) -> set[str]:
        return PROMISED.get(self.scope, set()) if self.scope else set()


class GlassManager(models.Manager[M_co]):
    """`objects` of requests. Reached from a row in hand (`person.glasses`) it is scoped by it."""

    def get_queryset(self) -> GlassQuerySet[M_co]:
        rows = GlassQuerySet[M_co](self.model, using=self._db)
        if hasattr(self, "instance"):  # Django's related managers hold the row that they start from
            rows.scope = Scope.PARENT
        return rows

    def of(self, asker: Model) -> GlassQuerySet[M_co]:
        """See GlassQuerySet.of."""
        return self.get_queryset().of(asker)

    def about(self, person: Model) -> GlassQuerySet[M_co]:
        """See GlassQuerySet.about."""
        return self.get_queryset().about(person)

    def besides(self, keeper: Model) -> GlassQuerySet[M_co]:
        """See GlassQuerySet.besides."""
        return self.get_queryset().besides(keeper)

    def within(self, held: Model) -> GlassQuerySet[M_co]:
        """See GlassQuerySet.within."""
        return self.get_queryset().within(held)

    def for_housekeeping(self) -> GlassQuerySet[M_co]:
        """See GlassQuerySet.for_housekeeping."""
        return self.get_queryset().for_housekeeping()
