"""What belongs to a person beyond their account. Apps above this one name their kinds here when they are ready."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Belonging:
    """One kind of things: what people call them, how many a person has, and an act that erases all of them.

    `erase` writes its own entry to the log and returns how many went.
    """

    name: str
    count: Callable[[User], int]
    erase: Callable[[User], int]


KINDS: dict[str, Belonging] = {}


def keep(kind: Belonging) -> None:
    """Make a kind known; the same name once more replaces it."""
    KINDS[kind.name] = kind


def of(person: User) -> dict[str, int]:
    """Return how many things of each kind belong to a person."""
    return {kind.name: kind.count(person) for kind in KINDS.values()}
