"""Who sits where, and what the next decode step reads. Pure: no llama.cpp here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Slot:
    """One sequence of the KV cache. `cached` are the tokens that it holds; they belong to one conversation only."""

    index: int
    seat: str = ""
    cached: list[int] = field(default_factory=list)
    busy: bool = False
    used: int = 0  # a counter, not a clock: larger is later
    # The tokens of answers said here, by their text: tokenised anew they might come out otherwise.
    said: dict[str, list[int]] = field(default_factory=dict)


def choose(slots: Iterable[Slot], seat: str) -> Slot | None:
    """Return the free slot that holds this conversation, else an empty one, else the one unused for longest."""
    free = [slot for slot in slots if not slot.busy]
    return min(free, key=lambda slot: (slot.seat != seat, bool(slot.cached), slot.used), default=None)


def common_prefix(a: Sequence[int], b: Sequence[int]) -> int:
    """Return how many first tokens two lists share."""
    for n, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return n
    return min(len(a), len(b))


@dataclass(frozen=True, slots=True)
class Share:
    """So many tokens of one slot's prompt in the next step."""

    index: int
    count: int


def share_out(unread: list[tuple[int, int]], *, room: int) -> list[Share]:
    """Divide a step's room among prompts still unread, as (slot, tokens), in the order of their turns.

    Whose turn it is has a quarter for certain; of the rest the shortest is read first, so that a short question does
    not wait for a long one, and a long one never stands still.
    """
    if not unread or room <= 0:
        return []
    first, certain = unread[0][0], min(unread[0][1], max(1, room // 4))
    shares = {first: certain}
    room -= certain
    for index, count in sorted(unread, key=lambda one: one[1]):
        take = min(count - shares.get(index, 0), room)
        if take > 0:
            shares[index] = shares.get(index, 0) + take
            room -= take
    return [Share(index, count) for index, count in shares.items() if count]
