"""An engine that asks another server, which speaks the OpenAI protocol (vLLM, llama-server, Ollama, a cloud).

Each answer is a thread with a connection of its own: it waits for words, and nothing else. Sources: the reference of
chat completions with `stream`, and what vLLM, llama-server, Ollama and llama_cpp.server send.
"""

import queue
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from models_admin.engine.calling import Call, RemoteSpec, ServerFailed, cut, models_at, readable
from models_admin.engine.outbound import NotAllowed
from models_admin.engine.process import ModelRefused
from models_admin.engine.protocol import (
    Cell,
    Doing,
    Ended,
    EndReason,
    Event,
    Piece,
    Ready,
    Request,
    Started,
    Status,
)

LONGEST_ANSWER = 4_000_000  # characters
MOST_TOKENS = 10_000_000  # that anybody counts


@dataclass(slots=True)
class Asked:
    """An answer under way: its connection, to be cut when somebody stops it."""

    request: Request
    connection: socket.socket | None = None
    stopped: bool = False
    said: int = 0
    read: int = 0
    began: float = field(default_factory=time.monotonic)
    spoke: float = 0.0

    def connected(self, connection: socket.socket) -> None:
        """Remember what to cut. Where somebody has stopped it by now, it is cut at once."""
        self.connection = connection
        if self.stopped:
            cut(connection)


class RemoteEngine:
    """Implements Engine. Raises ModelRefused where the server cannot be asked."""

    def __init__(self, spec: RemoteSpec) -> None:
        self.spec = spec
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.asked: dict[str, Asked] = {}
        self.said = self.read = 0
        try:
            models_at(spec)
        except (NotAllowed, ServerFailed) as failure:
            raise ModelRefused(str(failure)) from None
        engine = f"the OpenAI protocol at {spec.name}"
        self.ready = Ready(spec.model, "", "", "", spec.context, spec.slots, 0.0, engine=engine, leaves=spec.leaves)

    @property
    def status(self) -> Status:
        """Answers sit in the first slots."""
        cells = [Cell(Doing.SAYING if one.spoke else Doing.READING, one.said) for one in list(self.asked.values())]
        return Status((*cells, *[Cell(Doing.NOTHING, 0)] * (self.spec.slots - len(cells))), self.said, self.read)

    def submit(self, request: Request) -> None:
        """Ask in a thread of its own."""
        self.asked[request.id] = asked = Asked(request)
        threading.Thread(target=self._answer, args=(asked,), name="asks a server", daemon=True).start()

    def cancel(self, id: str) -> None:
        """Cut the connection: the server stops, and an Ended(STOPPED) follows."""
        if asked := self.asked.get(id):
            asked.stopped = True
            cut(asked.connection)

    def poll(self, timeout: float) -> Sequence[Event]:
        """Return what was said."""
        found: list[Event] = []
        try:
            found.append(self.events.get(timeout=timeout))
            while True:
                found.append(self.events.get_nowait())
        except queue.Empty:
            pass
        for event in found:
            if isinstance(event, Ended):
                self.asked.pop(event.id, None)
        return found

    def close(self) -> None:
        """Cut every connection."""
        for name in list(self.asked):
            self.cancel(name)

    def _answer(self, asked: Asked) -> None:
        """Ask, pass the words on, and say how it ended, whatever happens."""
        reason, detail = EndReason.FAILED, ""
        try:
            reason = self._listen(asked)
        except ServerFailed as failure:
            detail = str(failure)
        except NotAllowed:  # its words name addresses of the house, and people read this
            detail = f"The server {self.spec.name} may not be asked any more."
        except Exception as failure:
            detail = f"The server {self.spec.name} broke off ({type(failure).__name__})."
        if asked.stopped:
            reason, detail = EndReason.STOPPED, ""
        now = time.monotonic()
        spoke = asked.spoke or now
        ended = Ended(
            asked.request.id,
            reason,
            detail,
            asked.read,
            asked.read,
            asked.said,
            round(spoke - asked.began, 4),
            round(max(now - spoke, 1e-3), 4),
        )
        self.events.put(ended)

    def _listen(self, asked: Asked) -> EndReason:
        request = asked.request
        self.events.put(Started(request.id, 0, 0, 0))
        ended, behind, finished = EndReason.DONE, Behind(request.prefix), False
        body = body_of(self.spec, request)
        with Call(self.spec, "POST", "/chat/completions", body, connected=asked.connected) as call:
            for told in call.events():
                self._count(asked, told.get("usage"))
                text, finish = _said(told)
                if text and (fresh := behind.add(text)):
                    asked.spoke = asked.spoke or time.monotonic()
                    asked.said += 1  # about a token, until the server counts
                    self.said += 1
                    self.events.put(Piece(request.id, fresh))
                if behind.length > LONGEST_ANSWER:
                    raise ServerFailed(f"The server {self.spec.name} did not stop.")
                finished = finished or bool(finish)
                ended = EndReason.LENGTH if finish == "length" else ended
            if not call.done and not finished:
                raise ServerFailed(f"The server {self.spec.name} broke off in the middle of the answer.")
        return ended

    def _count(self, asked: Asked, usage: Any) -> None:
        if isinstance(usage, dict):
            read, said = usage.get("prompt_tokens"), usage.get("completion_tokens")
            asked.read = read if isinstance(read, int) and 0 <= read < MOST_TOKENS else asked.read
            asked.said = said if isinstance(said, int) and 0 <= said < MOST_TOKENS else asked.said
            self.read += asked.read


@dataclass(slots=True)
class Behind:
    """Passes on what follows the words already shown. Some servers go on behind them, others say them once more."""

    prefix: str
    held: str = ""
    length: int = 0

    def add(self, text: str) -> str:
        """Return what of a piece is new."""
        self.length += len(text)
        if not self.prefix:
            return text
        self.held += text
        if self.prefix.startswith(self.held) and len(self.held) < len(self.prefix):
            return ""
        fresh, self.prefix, self.held = self.held.removeprefix(self.prefix), "", ""
        return fresh


def body_of(spec: RemoteSpec, request: Request) -> dict[str, Any]:
    """Return what is sent: settings that every such server knows."""
    turns = [{"role": turn.role, "content": turn.text} for turn in request.turns]
    if request.prefix:
        turns.append({"role": "assistant", "content": request.prefix})
    sampling = request.sampling
    body = {"model": spec.model, "messages": turns, "stream": True, "stream_options": {"include_usage": True}}
    body |= {"temperature": sampling.temperature, "top_p": sampling.top_p, "max_tokens": sampling.max_tokens}
    return body | {"seed": sampling.seed} | ({"stop": list(sampling.stop)} if sampling.stop else {})


def _said(told: dict[str, Any]) -> tuple[str, str]:
    """Return the words of an event and why the answer ends there, if it says so."""
    choices = told.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else {}
    if not isinstance(first, dict):
        return "", ""
    delta = first.get("delta")
    text = delta.get("content") if isinstance(delta, dict) else None
    return readable(text) if isinstance(text, str) else "", str(first.get("finish_reason") or "")
