"""Bodies that are too long are refused while they arrive.

Twisted spools a whole body to /tmp before anybody sees its request, whoever sends it. Here it is counted: by its
header, and where it has none, as its chunks come. The refusal goes out at once; what still comes is thrown away for a
moment, so that the sender reads the answer instead of an error, and then the connection ends.

A piece of an upload may be longer: its request carries what only those get who may upload, and names the upload.
"""

from io import BytesIO
from typing import BinaryIO

from daphne import http_protocol
from django.conf import settings
from django.template.loader import render_to_string

from config.bare import guards
from models_admin.uploading import allowance as of_models
from moving.arriving import allowance as of_chats

LINGER_SECONDS = 2.0


def refusal() -> bytes:
    """Return the whole response: 413 with a sentence, and the headers that every page carries."""
    page = render_to_string("413.html").encode()
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(page)),
        "Connection": "close",
        **guards(),
    }
    lines = ["HTTP/1.1 413 Content Too Large", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode() + page


class BoundedRequest(http_protocol.WebRequest):  # type: ignore[misc]
    """A request whose body is counted while it arrives."""

    content: BinaryIO
    longest = 0  # bytes
    answer = b""
    refused = False

    def gotLength(self, length: int | None) -> None:
        """The headers are there; `length` is None for a body in chunks."""
        self.longest = max(self.longest, self.allowance())
        if length is None or length <= self.longest:
            super().gotLength(length)
        else:
            super().gotLength(0)
            self.refuse()

    def allowance(self) -> int:
        """Return how long the body may be because it is a piece of an upload, in bytes."""
        [token] = self.requestHeaders.getRawHeaders(b"x-hearth-upload", [b""])[:1]
        path = getattr(self.channel, "_path", b"") if token else b""
        named = path.decode("latin-1"), token.decode("latin-1")
        return max(of_models(*named), of_chats(*named))

    def handleContentChunk(self, data: bytes) -> None:
        """Some of the body is there."""
        if self.refused:
            return
        if self.content.tell() + len(data) > self.longest:
            self.refuse()
        else:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """All of the request is there."""
        if self.refused:
            self.channel.loseConnection()
        else:
            super().requestReceived(command, path, version)

    def refuse(self) -> None:
        """Answer now; end the connection once the sender has had time to read."""
        self.refused = True
        self.content.close()
        self.content = BytesIO()
        self.requestHeaders.removeHeader(b"expect")  # nobody shall go on sending
        self.channel.write(self.answer)
        self.channel.callLater(LINGER_SECONDS, self.channel.transport.abortConnection)


def bound_bodies() -> None:
    """Have Daphne refuse bodies beyond DATA_UPLOAD_MAX_MEMORY_SIZE."""
    BoundedRequest.longest, BoundedRequest.answer = settings.DATA_UPLOAD_MAX_MEMORY_SIZE, refusal()
    http_protocol.WebRequest = BoundedRequest
