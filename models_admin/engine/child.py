"""The process in which one model runs: `python -m models_admin.engine.child FD`. It may die alone."""

import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any

from models_admin.engine.header import BadModel
from models_admin.engine.protocol import Embed, EngineSpec, Event, Piece, Refused
from models_admin.engine.stub import StubEngine
from models_admin.engine.wire import Cancel, Load, Submit, decode, encode

WATCH_SECONDS = 1.0
STATUS_SECONDS = 1.0  # a child at work is never silent for longer, unless it hangs


def joined(events: Iterable[Event]) -> list[Event]:
    """Return the events with neighbouring pieces of one answer as one."""
    out: list[Event] = []
    for event in events:
        last = out[-1] if out else None
        if isinstance(event, Piece) and isinstance(last, Piece) and last.id == event.id:
            out[-1] = Piece(event.id, last.text + event.text, last.chances + event.chances)
        else:
            out.append(event)
    return out


class Pipe:
    """Lines over a socket pair. Owner: the child."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.rest = b""

    def lines(self, *, wait: bool) -> list[bytes]:
        """Return the whole lines that have come. Raises EOFError when the owner is gone."""
        if not select.select([self.connection], [], [], None if wait else 0)[0]:
            return []
        data = self.connection.recv(1 << 20)
        if not data:
            raise EOFError
        *lines, self.rest = (self.rest + data).split(b"\n")
        return lines

    def first(self) -> bytes:
        """Return the first line."""
        while not (lines := self.lines(wait=True)):
            pass
        return lines[0]


def watch_owner(owner: int) -> None:
    """End with the owner, even in the middle of loading."""
    while os.getppid() == owner:
        time.sleep(WATCH_SECONDS)
    os._exit(0)


def _open(spec: EngineSpec) -> Any:
    if spec.path.startswith("stub:"):
        return StubEngine(spec)
    if spec.embeddings:
        from models_admin.engine.embedding import EmbeddingEngine

        return EmbeddingEngine(spec)
    from models_admin.engine.batching import BatchingEngine

    return BatchingEngine(spec)


def answer(engine: Any, pipe: Pipe) -> None:
    """Answer questions until the pipe ends: between two steps whatever has come is heard."""
    spoke = time.monotonic()
    while True:
        for line in pipe.lines(wait=not engine.busy):
            match decode(line):
                case Submit(request):
                    engine.submit(request)
                case Cancel(id):
                    engine.cancel(id)
        if not engine.busy:
            continue
        events: list[Any] = joined(engine.poll(0.01))
        if time.monotonic() - spoke > STATUS_SECONDS or not engine.busy:
            spoke = time.monotonic()
            events.append(engine.status)
        if events:
            pipe.connection.sendall(b"".join(map(encode, events)))


def embed(engine: Any, pipe: Pipe) -> None:
    """Turn texts into vectors until the pipe ends."""
    while True:
        for line in pipe.lines(wait=True):
            wish = decode(line)
            if isinstance(wish, Embed):
                pipe.connection.sendall(encode(engine.embed(wish)))


def main(descriptor: int) -> None:
    """Load what the first line says, then serve until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=watch_owner, args=(os.getppid(),), daemon=True).start()
    pipe = Pipe(socket.socket(fileno=descriptor))
    load = decode(pipe.first())
    assert isinstance(load, Load)
    try:
        engine = _open(load.spec)
    except (BadModel, ValueError) as error:
        pipe.connection.sendall(encode(Refused(str(error))))
        return
    pipe.connection.sendall(encode(engine.ready))
    (embed if load.spec.embeddings else answer)(engine, pipe)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        os._exit(0)  # the owner is gone; nobody waits for a tidy end
