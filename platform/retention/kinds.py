"""What is kept comes in kinds. Each app says in a class how its own are counted, purged, exported and found again.

`settings.RETAINED` names them. `claims` are the models that a kind answers for: a test fails when a model holds
personal data and nobody claims it. A kind deletes rows in the caller's transaction and touches nothing outside of the
database: copies there are named as leftovers, and removed once the rows are gone.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import User
from retention.models import Hold
from retention.terms import InForce

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

AT_ONCE = 1000  # rows of the largest table that one transaction deletes


@dataclass(frozen=True, slots=True)
class Purged:
    """What one transaction deleted: ids, counts by team (`{team: {"conversations": 3, …}}`, "" without one), copies
    elsewhere as (what, name), and what is told after the commit.
    """

    ids: tuple[str, ...] = ()
    counts: Mapping[str, Counter[str]] = field(default_factory=dict)
    leftovers: tuple[tuple[str, str], ...] = ()
    tell: Callable[[], None] | None = None
    chats: tuple[str, ...] = ()  # conversations that have less now, or are gone: exports with copies of them go too

    def __bool__(self) -> bool:
        return bool(self.ids)


@dataclass(frozen=True, slots=True)
class Due:
    """How much goes: per team what there is of it, how many people it concerns, and the oldest's last activity."""

    teams: Mapping[UUID, Mapping[str, int]] = field(default_factory=dict)
    people: int = 0
    oldest: Any = None

    @property
    def total(self) -> Counter[str]:
        """Everything, teams added up."""
        whole: Counter[str] = Counter()
        for counts in self.teams.values():
            whole.update(counts)
        return whole


class Kind:
    """One kind of things. What a kind does not have, it leaves as it is here."""

    name: ClassVar[str]
    label: ClassVar["StrOrPromise"]
    claims: ClassVar[tuple[str, ...]] = ()
    rule: ClassVar["StrOrPromise"] = ""  # for people: what decides how long these are kept

    def purge(self, rules: InForce, *, limit: int = AT_ONCE) -> Purged:
        """Delete up to `limit` rows that are due, in the caller's transaction. Nothing: none is due any more."""
        return Purged()

    def again(self, ids: Iterable[str]) -> Purged:
        """Delete what the ledger says was deleted before, wherever a restored database has it again and no hold is on
        it.
        """
        return Purged()

    def back(self, ids: Iterable[str]) -> int:
        """Return how many of these ids the database has."""
        return 0

    def kept(self, ids: Iterable[str]) -> int:
        """Return how many of these ids the database has and must keep, since a hold is on them."""
        return 0

    def due(self, rules: InForce, *, after_hours: float = 0, besides: InForce | None = None) -> Due:
        """Return what these rules let go by now (and some hours), without what others (`besides`) would have let go."""
        return Due()

    def expected(self, rules: InForce) -> int:
        """Return about how many things a sweep finds due now: for its progress."""
        return 0

    def calendar(self, rules: InForce, *, days: int, team: UUID | None = None) -> Mapping[date, int]:
        """Return how many go on each of the coming days, if nothing happens."""
        return {}

    def of(self, person: User) -> int:
        """Return how many of these a person has."""
        return 0

    def hide(self, person: User) -> int:
        """A person is to be erased: hide what they have at once; the next sweep purges it. Return how many."""
        return 0

    def left_of(self, person: User) -> Mapping[str, int]:
        """Return what is left of somebody who is being erased, by why: "waits", "held", "minimum"."""
        return {}

    def pieces(self, person: User) -> Iterator[tuple[str, bytes]]:
        """Yield what a person has, as files: for their own export."""
        return iter(())

    def keep(self, pk: UUID, *, until: datetime) -> bool:
        """Keep one of these until then, against the team's period. Return whether there is such a one."""
        return False

    def held(self, hold: Hold, *, words: str = "") -> int:
        """Return how many a hold keeps, or of these how many contain some words."""
        return 0

    def held_pieces(self, hold: Hold, *, words: str = "") -> Iterator[tuple[str, bytes]]:
        """Yield what a hold keeps, what is hidden from its owners too, as files."""
        return iter(())

    def tidy(self) -> int:
        """Remove what a crash has left outside of the database and no row names. Return how many."""
        return 0

    def remove(self, what: str, names: Sequence[str]) -> bool:
        """Remove leftovers of one sort, gone ones too. Return whether this app knows the sort."""
        return False


@cache
def kinds() -> tuple[Kind, ...]:
    """Return every kind, in the order in which a sweep takes them."""
    return tuple(import_string(path)() for path in settings.RETAINED)


def kind(name: str) -> Kind | None:
    """Return one by its name."""
    return next((one for one in kinds() if one.name == name), None)
