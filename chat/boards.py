"""Carries the board to the tabs that look at it: drawn once a second for all of them, and of it only what changed."""

import asyncio
import logging
from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

from channels.db import database_sync_to_async
from django.db import DatabaseError, InterfaceError
from django.utils import translation

from chat.board import parts
from chat.frames import BoardDrawn, as_json

EVERY_SECONDS = 1.0
LOOKS_FOR = 30.0  # seconds; who goes on looking says so again
log = logging.getLogger(__name__)


class Tab(Protocol):
    """What is known of a tab here."""

    async def say(self, content: dict[str, Any]) -> None: ...


def _parts(language: str) -> Mapping[str, str]:
    with translation.override(language):
        return parts()


class Boards:
    """The tabs of this process that look at the board: until when, and what each was told."""

    def __init__(self) -> None:
        self.until: dict[Tab, float] = {}
        self.told: dict[Tab, Mapping[str, str]] = {}
        self.language: dict[Tab, str] = {}
        self.task: asyncio.Task[None] | None = None

    def watch(self, tab: Tab, language: str = "en") -> None:
        """Tell a tab the board for a while, in its language."""
        self.language[tab] = language
        self.until[tab] = asyncio.get_running_loop().time() + LOOKS_FOR
        self.told.setdefault(tab, {})
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._draw())

    def leave(self, tab: Tab) -> None:
        """This tab is gone."""
        self.until.pop(tab, None)
        self.told.pop(tab, None)
        self.language.pop(tab, None)

    async def _draw(self) -> None:
        while self.until:
            try:
                drawn = {one: await database_sync_to_async(_parts)(one) for one in set(self.language.values())}
            except (DatabaseError, InterfaceError):
                drawn = {}  # the next time is soon
            for tab in [tab for tab, until in self.until.items() if until < asyncio.get_running_loop().time()]:
                self.leave(tab)
            if drawn:
                there = [tab for tab in self.told if self.language[tab] in drawn]
                await asyncio.gather(*(self._tell(tab, drawn[self.language[tab]]) for tab in there))
            await asyncio.sleep(EVERY_SECONDS)

    async def _tell(self, tab: Tab, drawn: Mapping[str, str]) -> None:
        told = self.told.get(tab, {})
        gone = dict.fromkeys(told.keys() - drawn.keys(), "")
        changed = {name: html for name, html in drawn.items() if told.get(name) != html}
        for name, html in (gone | changed).items():
            await tab.say(as_json(BoardDrawn(name, html)))
        if tab in self.told:
            self.told[tab] = drawn


@cache
def _boards_of(loop: asyncio.AbstractEventLoop) -> Boards:
    return Boards()


def boards() -> Boards:
    """Return the running loop's boards."""
    return _boards_of(asyncio.get_running_loop())
