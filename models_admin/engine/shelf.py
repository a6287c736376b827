"""What conversations left behind when they lost their slot: their tokens and the KV state, in memory. Pure.

A state belongs to one conversation and is given back to it alone. Only what comes before anybody's words, the
deployment's own system prompt, is kept for all.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class State:
    """The KV cells of some tokens. `data` is llama.cpp's, `said` the tokens of earlier answers by their text."""

    tokens: list[int]
    data: Any
    size: int  # bytes
    said: dict[str, list[int]] = field(default_factory=dict)


class Shelf:
    """Keeps states by name within `room` bytes; who was unused for longest goes first."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.used = 0
        self._states: OrderedDict[Any, State] = OrderedDict()

    def __len__(self) -> int:
        return len(self._states)

    def put(self, name: Any, state: State) -> None:
        """Keep a state, unless it alone is larger than the shelf."""
        self.drop(name)
        if state.size > self.room:
            return
        while self.used + state.size > self.room:
            self.drop_oldest()
        self._states[name] = state
        self.used += state.size

    def get(self, name: Any) -> State | None:
        """Return a state and count it as used."""
        if (state := self._states.get(name)) is not None:
            self._states.move_to_end(name)
        return state

    def drop(self, name: Any) -> None:
        """Forget a state."""
        if (state := self._states.pop(name, None)) is not None:
            self.used -= state.size

    def drop_oldest(self) -> None:
        """Forget who was unused for longest."""
        self.drop(next(iter(self._states)))
