"""An engine in a child process, as its owner sees it: llama.cpp may abort, and then only the child dies."""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence

from models_admin.engine.protocol import (
    Embed,
    Embedded,
    Ended,
    EngineDied,
    EngineSpec,
    Event,
    Piece,
    Ready,
    Refused,
    Request,
    Started,
    Status,
)
from models_admin.engine.wire import Cancel, Load, Message, Submit, decode, encode

# What a model's process needs of the environment; secrets stay outside.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS")
LOAD_SECONDS = 600.0
HANG_SECONDS = 60.0
EMBED_SECONDS = 120.0


class ModelRefused(Exception):
    """The model cannot be hosted; the message is a sentence for an administrator."""


class ModelProcess:
    """A child with a model in it, and the pipe to it. One owner thread. Raises ModelRefused."""

    def __init__(
        self, spec: EngineSpec, *, load_timeout: float = LOAD_SECONDS, hang_timeout: float = HANG_SECONDS
    ) -> None:
        ours, theirs = socket.socketpair()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "models_admin.engine.child", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        )
        theirs.close()
        ours.setblocking(False)
        self.connection = ours
        self.hang_timeout = hang_timeout
        self.inbox, self.outbox = b"", bytearray()
        self.open: set[str] = set()
        self.asked = 0
        self.heard = time.monotonic()
        self._send(Load(spec))
        self.ready = self._wait_until_ready(time.monotonic() + load_timeout)

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self.process.pid

    def close(self) -> None:
        """End the child; it holds nothing that is not elsewhere."""
        self.connection.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def _wait_until_ready(self, deadline: float) -> Ready:
        try:
            while time.monotonic() < deadline:
                for message in self._receive(0.2):
                    if isinstance(message, Ready):
                        return message
                    if isinstance(message, Refused):
                        self.close()
                        raise ModelRefused(message.reason)
        except EngineDied as death:
            raise ModelRefused(f"The engine stopped while it loaded the model ({death}).") from death
        self.close()
        raise ModelRefused("The model took too long to load.")

    def _send(self, message: Message) -> None:
        self.outbox += encode(message)
        self._flush()

    def _flush(self) -> None:
        """Write what the pipe takes now; the rest goes with the next poll, so that nobody ever blocks here."""
        while self.outbox:
            try:
                sent = self.connection.send(self.outbox[: 1 << 18])
            except BlockingIOError:
                return
            except OSError:
                raise EngineDied(self._death()) from None
            del self.outbox[:sent]

    def _receive(self, timeout: float) -> list[Message]:
        try:
            wants = [self.connection] if self.outbox else []
            readable, writable, _ = select.select([self.connection], wants, [], timeout)
            if writable:
                self._flush()
            data = self.connection.recv(1 << 20) if readable else None
        except (OSError, ValueError):
            raise EngineDied(self._death()) from None
        if data is None:
            return []
        if not data:
            raise EngineDied(self._death())
        self.heard = time.monotonic()
        *lines, self.inbox = (self.inbox + data).split(b"\n")
        return [decode(line) for line in lines]

    def _death(self) -> str:
        """Say how the child ended, and make sure that it has."""
        self.connection.close()
        try:
            code = self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"


class EngineProcess(ModelProcess):
    """Implements Engine."""

    status = Status(())

    def submit(self, request: Request) -> None:
        """Hand a request to the child. Raises EngineDied."""
        if not self.open:
            self.heard = time.monotonic()
        self.open.add(request.id)
        self._send(Submit(request))

    def cancel(self, id: str) -> None:
        """Have a request ended between two steps. Raises EngineDied."""
        if id in self.open:
            self._send(Cancel(id))

    def poll(self, timeout: float) -> Sequence[Event]:
        """Return what the child said. Raises EngineDied when it is gone or has been silent for too long."""
        events: list[Event] = []
        for message in self._receive(timeout):
            if isinstance(message, Status):
                self.status = message
            elif isinstance(message, Started | Piece | Ended):
                events.append(message)
            if isinstance(message, Ended):
                self.open.discard(message.id)
        if self.open and time.monotonic() - self.heard > self.hang_timeout:
            self.close()
            raise EngineDied(f"The engine was silent for {self.hang_timeout:.0f} seconds.")
        return events


class EmbeddingProcess(ModelProcess):
    """An embedding model."""

    def embed(self, texts: Sequence[str], *, timeout: float = EMBED_SECONDS) -> Embedded:
        """Return the vectors of these texts. Raises EngineDied, also when it takes longer than `timeout` seconds."""
        self.asked += 1
        self._send(Embed(str(self.asked), tuple(texts)))
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            for message in self._receive(0.2):
                if isinstance(message, Embedded) and message.id == str(self.asked):
                    return message
        self.close()
        raise EngineDied(f"The embedding model was silent for {timeout:.0f} seconds.")
