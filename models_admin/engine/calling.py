"""One request to another server that speaks the OpenAI protocol, within bounds: time, size, and where it may go.

Everything that goes wrong is a sentence for people. Nothing that the server has said stands in it, and never the key.
"""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from models_admin.engine.outbound import Address, Rules, connect, parse

CONNECT_SECONDS, SILENT_SECONDS = 10.0, 120.0
LONGEST_LINE, LONGEST_LIST = 1 << 20, 4 << 20  # bytes
REASONS = {
    400: "The server {name} did not understand the question, or it is too long for it.",
    401: "The server {name} does not accept the key.",
    403: "The server {name} does not let this key ask.",
    404: "The server {name} does not know the model, or the path of its address is wrong.",
    413: "The question is too long for the server {name}.",
    429: "The server {name} has too much to do. Ask again later.",
    500: "The server {name} failed.",
    502: "The server {name} cannot be reached by what stands before it.",
    503: "The server {name} is not ready. Ask again later.",
}


class ServerFailed(Exception):
    """The other server did not do what was asked; the message is a sentence, without anything that it has said."""


@dataclass(frozen=True, slots=True)
class RemoteSpec:
    """Which server is asked, and how. `key` is never shown: not in a log, not in an error."""

    name: str
    url: str
    model: str
    slots: int
    context: int
    rules: Rules
    leaves: bool = False
    key: str = field(default="", repr=False)
    silent_seconds: float = SILENT_SECONDS


def models_at(spec: RemoteSpec) -> list[str]:
    """Return the models that a server says it has, at most a thousand. Raises NotAllowed and ServerFailed.

    A server that keeps no such list has none.
    """
    with Call(spec, "GET", "/models", None, seconds=CONNECT_SECONDS, missing=True) as call:
        if call.response.status == 404:
            return []
        text = call.read(LONGEST_LIST)
    try:
        rows = json.loads(text)["data"]
        return [readable(str(row["id"]))[:200] for row in rows[:1000]]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ServerFailed(f"The server {spec.name} does not speak the OpenAI protocol at this address.") from None


def readable(text: str) -> str:
    """Return what a server says as text that can be stored: JSON may hold halves of characters, and nothing at all."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


class Call:
    """One request over a connection that was judged. Everything that goes wrong is a ServerFailed with a sentence.

    `seconds` bounds the whole of it; without, only the silence between two pieces is bounded. `connected` hears of the
    connection before anything is sent over it, so that somebody else can cut it.
    """

    def __init__(
        self,
        spec: RemoteSpec,
        method: str,
        path: str,
        body: Any,
        *,
        seconds: float = 0,
        missing: bool = False,
        connected: Callable[[socket.socket], None] = lambda _: None,
    ) -> None:
        self.spec, self.done, self.late = spec, False, False
        self.clock = threading.Timer(seconds, self._run_out)
        address = parse(spec.url)
        try:
            self.connection = connect(address, spec.rules, leaves=spec.leaves, seconds=CONNECT_SECONDS)
        except OSError as failure:
            raise ServerFailed(self._why(failure)) from None
        try:
            self._begin(address, method, path, body, seconds=seconds, connected=connected)
            if self.response.status != 200 and not (missing and self.response.status == 404):
                raise ServerFailed(self._refusal(self.response.status))
        except BaseException:
            self._end()
            raise

    def _begin(
        self,
        address: Address,
        method: str,
        path: str,
        body: Any,
        *,
        seconds: float,
        connected: Callable[[socket.socket], None],
    ) -> None:
        self.connection.settimeout(seconds or self.spec.silent_seconds)
        if seconds:
            self.clock.daemon = True
            self.clock.start()
        try:
            connected(self.connection)
            self.response = self._ask(address, method, path, body)
        except (OSError, http.client.HTTPException) as failure:
            raise ServerFailed(self._why(failure)) from None
        except ValueError:  # its message would have the key
            raise ServerFailed(f"The key of the server {self.spec.name} has characters that no key has.") from None

    def _run_out(self) -> None:
        self.late = True
        cut(self.connection)

    def _end(self) -> None:
        self.clock.cancel()
        self.connection.close()

    def read(self, longest: int) -> bytes:
        """Return the whole answer, cut to so many bytes."""
        try:
            text = self.response.read(longest)
        except (OSError, http.client.HTTPException) as failure:
            raise ServerFailed(self._why(failure)) from None
        if self.late:
            raise ServerFailed(self._why(TimeoutError()))
        return text

    def _ask(self, address: Address, method: str, path: str, body: Any) -> http.client.HTTPResponse:
        client = http.client.HTTPConnection(address.host, address.port)
        client.auto_open = 0  # only the connection that was judged, never another one
        client.default_port = 443 if address.scheme == "https" else 80
        client.sock = self.connection
        headers = {"Accept": "text/event-stream" if body else "application/json", "Connection": "close"}
        headers |= {"Content-Type": "application/json"} if body else {}
        headers |= {"Authorization": f"Bearer {self.spec.key}"} if self.spec.key else {}
        client.request(method, address.path + path, body=json.dumps(body).encode() if body else None, headers=headers)
        return client.getresponse()

    def _refusal(self, status: int) -> str:
        if 300 <= status < 400:
            return f"The server {self.spec.name} sends on to another address, which is never followed."
        usual = f"The server {{name}} refused ({status})."
        return REASONS.get(status, usual).format(name=self.spec.name)

    def _why(self, failure: Exception) -> str:
        name = self.spec.name
        if isinstance(failure, ssl.SSLCertVerificationError):
            return f"The certificate of the server {name} is not one that this machine trusts."
        if self.late or isinstance(failure, TimeoutError):
            return f"The server {name} did not answer in time."
        if isinstance(failure, ConnectionRefusedError):
            return f"Nobody listens at the address of the server {name}."
        return f"The server {name} cannot be reached ({type(failure).__name__})."

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield what the server sends, one event after the other, until it says that it is done."""
        while True:
            try:
                line = self.response.readline(LONGEST_LINE + 1)
            except (OSError, http.client.HTTPException, ValueError) as failure:
                raise ServerFailed(self._why(failure)) from None
            if not line:
                return
            if len(line) > LONGEST_LINE:
                raise ServerFailed(f"The server {self.spec.name} sends lines without an end.")
            if not line.startswith(b"data:"):
                continue
            data = line[5:].strip()
            if data == b"[DONE]":
                self.done = True
                return
            yield self._read(data)

    def _read(self, data: bytes) -> dict[str, Any]:
        try:
            told = json.loads(data)
        except (ValueError, RecursionError):
            raise ServerFailed(f"The server {self.spec.name} does not speak the OpenAI protocol.") from None
        if not isinstance(told, dict) or told.get("error"):
            raise ServerFailed(f"The server {self.spec.name} failed in the middle of the answer.")
        return told

    def __enter__(self) -> "Call":
        return self

    def __exit__(self, *_: object) -> None:
        self.response.close()
        self._end()


def cut(connection: socket.socket | None) -> None:
    """End a connection from another thread: whoever waits for it wakes up."""
    try:
        if connection is not None:
            socket.socket.shutdown(connection, socket.SHUT_RDWR)
    except OSError:
        return
