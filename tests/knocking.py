"""Knocks at an ASGI application as a server does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Told:
    """What an application has sent."""

    events: list[dict[str, Any]] = field(default_factory=list)

    async def send(self, event: dict[str, Any]) -> None:
        self.events.append(event)

    @property
    def status(self) -> int:
        return int(self.events[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.events[0]["headers"]}

    @property
    def body(self) -> bytes:
        return b"".join(event["body"] for event in self.events[1:])


async def knock(
    application: Any, path: str, *, method: str = "GET", headers: Sequence[tuple[bytes, bytes]] = ()
) -> Told:
    """Ask for a path. Return what was told."""
    told = Told()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": method, "path": path, "headers": list(headers)}
    await application(scope, receive, told.send)
    return told
