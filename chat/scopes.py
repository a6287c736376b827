"""The second line: rows of chats are read, counted, changed and deleted within a scope that is named, or not at all."""

from datetime import timedelta
from enum import Enum
from typing import Self

from django.db import models
from django.db.models import Model
from django.db.models.functions import Now

from accounts.scoped import GuardedQuerySet, M_co

# How each model reaches the conversation that its rows belong to.
PATHS = {
    "conversation": "",
    "message": "conversation__",
    "generation": "message__conversation__",
    "attachment": "message__conversation__",
    "feedback": "message__conversation__",
}
# These belong to a person whatever becomes of the chats that use them; what is shown is reached by what uses them.
OWNED = {"file"}


class Scope(Enum):
    """Whose rows a query means."""

    PERSON = "a person's"
    OWNER = "what a person owns"
    DELETED = "what a person has deleted lately"
    CONVERSATION = "those of a conversation in hand"
    ROW = "the very row in hand"
    PARENT = "those behind a row in hand"
    HOSTS = "everybody's, for the queue"
    HOUSEKEEPING = "everybody's, for the house"


# The columns that a query of this scope fixes for every row: all of them.
PROMISED: dict[Enum, set[str]] = {
    Scope.PERSON: {"conversation.owner", "conversation.deleted_at", "membership.user"},
    Scope.OWNER: {"file.owner"},
    Scope.DELETED: {"conversation.owner", "after conversation.deleted_at", "membership.user"},
    Scope.CONVERSATION: {"message.conversation"},
}


class ScopedQuerySet(GuardedQuerySet[M_co]):
    """Rows that can be touched once their scope is named."""

    ways = ".of(person), .within(conversation or row), .for_hosts() or .for_housekeeping()"

    def of(self, person: Model) -> Self:
        """Return what is in the person's own conversations: not deleted, not over, and in a team that they are in now.

        Who leaves a team leaves its chats there, and finds them again on coming back. Files stay their owner's.
        """
        name = str(self.model._meta.model_name)
        if name in OWNED:
            return self.scoped(Scope.OWNER).filter(owner=person)
        path = PATHS[name]
        mine = {f"{path}owner": person, f"{path}deleted_at": None, f"{path}team__memberships__user": person}
        over = models.Q(**{f"{path}temporary_until__lte": Now()})
        return self.scoped(Scope.PERSON).filter(**mine).exclude(over)

    def deleted_by(self, person: Model, *, grace: timedelta) -> Self:
        """Return the conversations that the person has deleted and can still bring back: within the time of grace.

        A temporary one is over at its end. One without a head is being purged: a part of it is gone.
        """
        late = models.Q(deleted_at__gt=Now() - grace, head__isnull=False)
        mine = models.Q(owner=person, team__memberships__user=person)
        over = models.Q(temporary_until__lte=Now())
        return self.scoped(Scope.DELETED).filter(late, mine).exclude(over)

    def within(self, held: Model) -> Self:
        """Return what is in a conversation that is in hand, or the very row of this model that is in hand."""
        if isinstance(held, self.model):
            return self.scoped(Scope.ROW).filter(pk=held.pk)
        path = PATHS[str(self.model._meta.model_name)].removesuffix("__")
        return self.scoped(Scope.CONVERSATION).filter(**{path: held})

    def for_hosts(self) -> Self:
        """Return everybody's rows: for the queue and those who work on it."""
        return self.scoped(Scope.HOSTS)

    def for_housekeeping(self) -> Self:
        """Return everybody's rows: for what keeps the house, and shows nobody what it finds."""
        return self.scoped(Scope.HOUSEKEEPING)

    def promised(self) -> set[str]:
        if self.scope is Scope.ROW:
            return {f"{self.model._meta.model_name}.id"}
        return PROMISED.get(self.scope, set()) if self.scope else set()


class ScopedManager(models.Manager[M_co]):
    """`objects` of what belongs to a chat. Reached from a row in hand (`conversation.messages`) it is scoped by it."""

    def get_queryset(self) -> ScopedQuerySet[M_co]:
        rows = ScopedQuerySet[M_co](self.model, using=self._db)
        if hasattr(self, "instance"):  # Django's related managers hold the row that they start from
            rows.scope = Scope.PARENT
        return rows

    def of(self, person: Model) -> ScopedQuerySet[M_co]:
        """See ScopedQuerySet.of."""
        return self.get_queryset().of(person)

    def deleted_by(self, person: Model, *, grace: timedelta) -> ScopedQuerySet[M_co]:
        """See ScopedQuerySet.deleted_by."""
        return self.get_queryset().deleted_by(person, grace=grace)

    def within(self, held: Model) -> ScopedQuerySet[M_co]:
        """See ScopedQuerySet.within."""
        return self.get_queryset().within(held)

    def for_hosts(self) -> ScopedQuerySet[M_co]:
        """See ScopedQuerySet.for_hosts."""
        return self.get_queryset().for_hosts()

    def for_housekeeping(self) -> ScopedQuerySet[M_co]:
        """See ScopedQuerySet.for_housekeeping."""
        return self.get_queryset().for_housekeeping()
