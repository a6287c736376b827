"""The second line: rows that are read, counted, changed and deleted within a scope that is named, or not at all.

A scope is believed only when the query itself shows it: a look-up that has lost its filter on the way is refused too.
Subqueries and rows that are reached from one in hand are scoped by what is around them; new rows need no scope.
"""

from collections.abc import AsyncIterator, Iterator
from enum import Enum
from typing import Any, ClassVar, Self, TypeVar

from django.db.models import Model, QuerySet
from django.db.models.expressions import Col
from django.db.models.lookups import Exact, GreaterThan, In, IsNull
from django.db.models.sql.where import AND, WhereNode

M_co = TypeVar("M_co", bound=Model, covariant=True)


class Unscoped(Exception):
    """Rows were about to be touched without saying whose. `ways` are those in which a query can say it."""

    def __init__(self, name: str, ways: str) -> None:
        super().__init__(f"{name}.objects must say whose rows it means, and keep saying so: {ways}.")


def _fixed(where: WhereNode) -> set[str]:
    """Return the columns that every row must match: what stands below an OR or a NOT promises nothing.

    One equality below a NOT of its own promises the opposite: `not glass.about`.
    """
    fixed: set[str] = set()
    if where.negated:
        alone = where.children[0] if len(where.children) == 1 else None
        return {f"not {name}" for name in _column(alone)} if isinstance(alone, Exact) else fixed
    if where.connector != AND:
        return fixed
    for child in where.children:
        fixed |= _fixed(child) if isinstance(child, WhereNode) else _column(child)
    return fixed


def _column(lookup: object) -> set[str]:
    """Return the column that a look-up fixes, if it does.

    One of a few values is `among glass.asked_by`, and what is later than a moment is `after glass.until`.
    """
    if not isinstance(lookup, Exact | IsNull | GreaterThan | In) or not isinstance(lookup.lhs, Col):
        return set()
    field = lookup.lhs.target
    name = f"{field.model._meta.model_name}.{field.name}"
    if isinstance(lookup, In | GreaterThan):
        return {f"{'among' if isinstance(lookup, In) else 'after'} {name}"}
    return set() if lookup.rhs is False else {name}


class GuardedQuerySet(QuerySet[M_co, M_co]):
    """Rows that can be touched once their scope is named."""

    ways: ClassVar[str]
    scope: Enum | None = None

    def promised(self) -> set[str]:
        """Return the columns that a query of this scope fixes for every row: all of them."""
        raise NotImplementedError

    def shown(self) -> set[str]:
        """Return what the query itself fixes for every row."""
        return _fixed(self.query.where)

    def scoped(self, scope: Enum) -> Self:
        """Return the same rows, named as those of a scope."""
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
        if self.scope is None or not self.promised() <= self.shown():
            raise Unscoped(self.model.__name__, self.ways)

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
        raise Unscoped(self.model.__name__, self.ways)

    def _combinator_query(self, combinator: str, *others: Any, all: bool = False) -> Any:
        """A union shows no WHERE of its own."""
        raise Unscoped(self.model.__name__, self.ways)
