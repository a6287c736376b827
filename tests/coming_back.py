"""Somebody who reads an answer over as many connections as it takes, as the page does."""

import asyncio
import time
from dataclasses import dataclass, field

from house import Asked, Person, Tab
from websockets.exceptions import WebSocketException


@dataclass
class Reading:
    """Somebody's reading of one answer; its text and the place in it stay, whatever happens to the connection."""

    person: Person
    asked: Asked
    away: list[float] = field(default_factory=list)  # seconds until the first frame after each loss
    tab: Tab = field(default_factory=lambda: Tab(None))
    state: str = ""

    async def read(self) -> "Reading":
        """Read until the end."""
        lost = 0.0
        while not self.state:
            try:
                async with self.person.socket() as tab:
                    self.tab.connection, self.tab.unsaid = tab.connection, ""
                    await self.tab.follow(self.asked, after=self.tab.cursor)
                    frame = await self.tab.next()
                    if lost:
                        self.away.append(time.monotonic() - lost)
                        lost = 0.0
                    while frame["type"] != "answer.ended":
                        frame = await self.tab.next()
                    self.state = frame["state"]
            except (OSError, WebSocketException, TimeoutError):
                lost = lost or time.monotonic()
                await asyncio.sleep(0.5)
        return self


async def read_all(readings: list[Reading], seconds: float) -> list[Reading]:
    """Read all at once until each has ended."""
    return list(await asyncio.wait_for(asyncio.gather(*(one.read() for one in readings)), seconds))
