"""The second line: rows of chats are read, counted, changed and deleted within a scope that is named, or not at all.

A scope is believed only when the query itself shows it: a look-up that has lost its filter on the way is refused too.
Subqueries and rows that are reached from one in hand are scoped by what is around them; new rows need no scope.
"""

from collections.abc import AsyncIterator, Iterator
from enum import Enum
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Model, QuerySet
from django.db.models.expressions import Col
from django.db.models.lookups import Exact, IsNull
from django.db.models.sql.where import AND, WhereNode

M_co = TypeVar("M_co", bound=Model, covariant=True)

# How each model reaches the conversation that its rows belong to.
PATHS = {"conversation": "", "message": "conversation__", "generation": "message__conversation__"}


class Unscoped(Exception):
    """Rows of chats were about to be touched without saying whose."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name}.objects must say whose rows it means, and keep saying so: "
            ".of(person), .within(conversation or row), .for_hosts() or .for_housekeeping()."
        )


class Scope(Enum):
    """Whose rows a query means."""

    PERSON = "a person's"
    CONVERSATION = "those of a conversation in hand"
    ROW = "the very row in hand"
    PARENT = "those behind a row in hand"
    HOSTS = "everybody's, for the queue"
    HOUSEKEEPING = "everybody's, for the house"


# The columns that a query of this scope fixes for every row: all of them.
PROMISED = {
    Scope.PERSON: {"conversation.owner", "conversation.deleted_at", "membership.user"},
    Scope.CONVERSATION: {"message.conversation"},
}


def _fixed(where: WhereNode) -> set[str]:
    """Return the columns that every row must match: what stands below an OR or a NOT promises nothing."""
    fixed: set[str] = set()
    if where.connector != AND or where.negated:
        return fixed
    for child in where.children:
        if isinstance(child, WhereNode):
            fixed |= _fixed(child)
        elif isinstance(child, Exact | IsNull) and isinstance(child.lhs, Col) and child.rhs is not False:
            field = child.lhs.target
            fixed.add(f"{field.model._meta.model_name}.{field.name}")
    return fixed


class ScopedQuerySet(QuerySet[M_co, M_co]):
    """Rows that can be touched once their scope is named."""

    scope: Scope | None = None

    def of(self, person: Model) -> Self:
        """Return what is in the person's own conversations: not deleted, and in a team that they are in now.

        Who leaves a team leaves its chats there, and finds them again on coming back.
        """
        path = PATHS[str(self.model._meta.model_name)]
        mine = {f"{path}owner": person, f"{path}deleted_at": None, f"{path}team__memberships__user": person}
        return self._scoped(Scope.PERSON).filter(**mine)

    def within(self, held: Model) -> Self:
        """Return what is in a conversation that is in hand, or the very row of this model that is in hand."""
        if isinstance(held, self.model):
            return self._scoped(Scope.ROW).filter(pk=held.pk)
        path = PATHS[str(self.model._meta.model_name)].removesuffix("__")
        return self._scoped(Scope.CONVERSATION).filter(**{path: held})

    def for_hosts(self) -> Self:
        """Return everybody's rows: for the queue and those who work on it."""
        return self._scoped(Scope.HOSTS)

    def for_housekeeping(self) -> Self:
        """Return everybody's rows: for what keeps the house, and shows nobody what it finds."""
        return self._scoped(Scope.HOUSEKEEPING)

    def _scoped(self, scope: Scope) -> Self:
        found = self.all()
        found.scope = scope
        return found

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone.scope = self.scope
        return clone

    def _insist(self) -> None:
        """Raise Unscoped unless the scope is named and still there."""
        if self.query.is_empty():
            return
        if self.scope is None or not self._promised() <= _fixed(self.query.where):
            raise Unscoped(self.model.__name__)

    def _promised(self) -> set[str]:
        if self.scope is Scope.ROW:
            return {f"{self.model._meta.model_name}.id"}
        return PROMISED.get(self.scope, set()) if self.scope else set()

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._insist()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[M_co]:
        self._insist()
        return super().iterator(chunk_size)

    def aiterator(self, chunk_size: int = 2000) -> AsyncIterator[M_co]:
        self._insist()
        return super().aiterator(chunk_size)

    def count(self) -> int:
        self._insist()
        return super().count()

    def exists(self) -> bool:
        self._insist()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._insist()
        return super().aggregate(*args, **kwargs)

    def explain(self, *, format: Any = None, **options: Any) -> str:
        self._insist()
        return super().explain(format=format, **options)

    def update(self, **kwargs: Any) -> int:
        self._insist()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._insist()
        return super().delete()

    def _raw_delete(self, using: str | None) -> int:
        self._insist()
        deleted: int = super()._raw_delete(using)
        return deleted

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        """SQL of one's own shows no scope."""
        raise Unscoped(self.model.__name__)

    def _combinator_query(self, combinator: str, *others: Any, all: bool = False) -> Any:
        """A union shows no WHERE of its own."""
        raise Unscoped(self.model.__name__)


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

    def within(self, held: Model) -> ScopedQuerySet[M_co]:
        """See ScopedQuerySet.within."""
        return self.get_queryset().within(held)

    def for_hosts(self) -> ScopedQuerySet[M_co]:
        """See ScopedQuerySet.for_hosts."""
        return self.get_queryset().for_hosts()

    def for_housekeeping(self) -> ScopedQuerySet[M_co]:
        """See ScopedQuerySet.for_housekeeping."""
        return self.get_queryset().for_housekeeping()
