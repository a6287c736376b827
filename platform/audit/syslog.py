"""One line to a syslog server, in the form of RFC 5424, over UDP, TCP or a Unix socket."""

import os
import socket
from datetime import UTC, datetime
from urllib.parse import urlsplit

SECONDS = 5.0
FACILITY_AUDIT, NOTICE = 13, 5  # "log audit"
PRIORITY = FACILITY_AUDIT * 8 + NOTICE
NAME = "hearth"


def framed(kind: str, line: str, *, now: datetime) -> bytes:
    """Return the message: version 1, no structured data, the line as UTF-8 behind its mark."""
    stamp = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    head = f"<{PRIORITY}>1 {stamp} {socket.gethostname() or '-'} {NAME} {os.getpid()} {kind} - "
    return head.encode() + b"\xef\xbb\xbf" + line.encode()


def send(address: str, messages: list[bytes]) -> None:
    """Send messages to udp://host:port, tcp://host:port or unix:///path. Raises OSError, ValueError."""
    url = urlsplit(address)
    match url.scheme:
        case "udp":
            _datagrams(_found(url.hostname, url.port or 514, socket.SOCK_DGRAM), messages)
        case "unix":
            _datagrams((socket.AF_UNIX, url.path), messages)
        case "tcp":
            with socket.create_connection((url.hostname or "", url.port or 601), timeout=SECONDS) as stream:
                # RFC 6587, octet counting: a line feed inside a message ends nothing
                stream.sendall(b"".join(b"%d %s" % (len(message), message) for message in messages))
        case _:
            raise ValueError(f"{url.scheme or 'No scheme'} is no way to a syslog server.")


def _found(host: str | None, port: int, kind: socket.SocketKind) -> tuple[int, object]:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=kind)[0]
    return family, address


def _datagrams(to: tuple[int, object], messages: list[bytes]) -> None:
    with socket.socket(to[0], socket.SOCK_DGRAM) as datagram:
        datagram.settimeout(SECONDS)
        datagram.connect(to[1])  # type: ignore[arg-type]
        for message in messages:
            datagram.send(message)
