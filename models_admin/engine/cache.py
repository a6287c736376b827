"""The KV cache and its slots: who sits where, what is still known of whom, and what is read anew."""

import ctypes
from collections.abc import Sequence
from typing import Any

import llama_cpp
import numpy as np

from models_admin.engine.shelf import Shelf, State
from models_admin.engine.slots import Slot, choose, common_prefix

WORTH_KEEPING = 32  # tokens; fewer are read again sooner than they are copied
SHARED_PROMPTS = 4  # system prompts kept for everybody


class Cache:
    """The slots of one llama.cpp context. `shelf_bytes` is how much memory the states of idle conversations may take.

    A conversation finds its own tokens again, in its slot or on the shelf. Across conversations only what is nobody's
    words is shared: the deployment's system prompt.
    """

    def __init__(self, context: Any, *, slots: int, shelf_bytes: int) -> None:
        self.context = context
        self.memory = llama_cpp.llama_get_memory(context)
        self.slots = [Slot(index) for index in range(slots)]
        self.shelf = Shelf(shelf_bytes)
        self.shared = Shelf(shelf_bytes // 8)
        self.turn = 0

    def known(self, seat: str) -> dict[str, list[int]]:
        """Return the tokens of this conversation's earlier answers, by their text."""
        for slot in self.slots:
            if slot.seat == seat:
                return slot.said
        state = self.shelf.get(seat)
        return state.said if state else {}

    def take(self, seat: str, tokens: Sequence[int], *, shared: int) -> Slot | None:
        """Return a slot that holds as much of these tokens as may be used, or None while every slot is busy.

        What the slot holds is `slot.cached`; at least one token is left to be read. The first `shared` tokens may come
        from another conversation.
        """
        slot = choose(self.slots, seat)
        if slot is None:
            return None
        self.touch(slot)
        slot.busy = True
        if slot.seat != seat:
            self._shelve(slot)
            self.empty(slot)
            slot.seat = seat
            self._restore(slot, self.shelf.get(seat))
            self.shelf.drop(seat)
        same = min(common_prefix(slot.cached, tokens), len(tokens) - 1)
        if same < WORTH_KEEPING <= shared < len(tokens) and same < shared:
            known = self.shared.get(tuple(tokens[:shared]))
            if known:
                said = slot.said
                self.empty(slot)
                slot.seat = seat
                self._restore(slot, known)
                slot.said = said
                same = len(slot.cached)
        self.cut(slot, same)
        return slot

    def touch(self, slot: Slot) -> None:
        """The slot's turn has come: it is the one used last."""
        self.turn += 1
        slot.used = self.turn

    def cut(self, slot: Slot, length: int) -> None:
        """Forget what the slot holds behind so many tokens; all of it where the model cannot forget a part."""
        if length == len(slot.cached):
            return
        if not llama_cpp.llama_memory_seq_rm(self.memory, slot.index, length, -1):
            llama_cpp.llama_memory_seq_rm(self.memory, slot.index, -1, -1)
            length = 0
        del slot.cached[length:]

    def forget_behind(self, slot: Slot) -> None:
        """Forget what a step has put behind what the slot holds."""
        llama_cpp.llama_memory_seq_rm(self.memory, slot.index, len(slot.cached), -1)

    def empty(self, slot: Slot) -> None:
        """Forget all that the slot holds."""
        llama_cpp.llama_memory_seq_rm(self.memory, slot.index, -1, -1)
        slot.cached.clear()
        slot.seat, slot.said = "", {}

    def clear(self) -> None:
        """Forget everything: nobody knows what a failed step has left behind."""
        llama_cpp.llama_memory_clear(self.memory, True)
        for slot in self.slots:
            slot.cached.clear()
            slot.seat, slot.said = "", {}

    def share(self, slot: Slot) -> None:
        """Keep what the slot holds for every conversation: the system prompt, read just now."""
        name = tuple(slot.cached)
        if self.shared.get(name) is None:
            while len(self.shared) >= SHARED_PROMPTS:
                self.shared.drop_oldest()
            self.shared.put(name, self._state(slot, {}))

    def has_shared(self, tokens: Sequence[int]) -> bool:
        """Whether these first tokens are kept for everybody."""
        return self.shared.get(tuple(tokens)) is not None

    def _shelve(self, slot: Slot) -> None:
        if slot.seat and len(slot.cached) >= WORTH_KEEPING and self.shelf.room:
            self.shelf.put(slot.seat, self._state(slot, slot.said))

    def _state(self, slot: Slot, said: dict[str, list[int]]) -> State:
        size = int(llama_cpp.llama_state_seq_get_size(self.context, slot.index))
        data = np.empty(size, np.uint8)
        written = llama_cpp.llama_state_seq_get_data(self.context, _pointer(data), size, slot.index)
        return State(list(slot.cached), data[:written], size, said)

    def _restore(self, slot: Slot, state: State | None) -> None:
        if state is None:
            return
        seat = slot.seat
        read = llama_cpp.llama_state_seq_set_data(self.context, _pointer(state.data), len(state.data), slot.index)
        if not read:  # no room, or a state that llama.cpp does not know again: it is read anew
            self.empty(slot)
            slot.seat = seat
            return
        slot.cached = list(state.tokens)
        slot.said = dict(state.said)


def _pointer(data: Any) -> Any:
    return data.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8))
