"""What a handshake leaves behind once a socket is open.

Twisted's request stands in its channel for as long as the connection, and Autobahn keeps the handshake's bytes, headers
and answer. Nobody reads them again: for each idle socket that is a third of what it costs. The scope's headers go too:
a consumer takes what it needs of them before it accepts.
"""

from typing import Any, NamedTuple

from daphne.ws_protocol import WebSocketProtocol

_open = WebSocketProtocol.onOpen
NOTHING: dict[str, Any] = {
    "http_status_line": "",
    "http_headers": {},
    "http_request_uri": "",
    "http_request_path": "",
    "http_request_host": "",
    "http_request_params": {},
    "http_request_data": b"",
    "http_response_data": "",
    "websocket_protocols": [],
    "websocket_extensions": [],
    "websocket_origin": "",
    "protocol_to_accept": None,
    "application_deferred": None,
    "clean_headers": [],
    "server_addr": None,
    "origin": "",
    "_transport_details": None,
    "_wskey": "",
}


class Asked(NamedTuple):
    """What Daphne still reads of a handshake's request: it writes it to its log when the socket ends."""

    path: str


def _on_open(self: WebSocketProtocol) -> None:
    self.clean_headers.clear()  # the very list that stands in the scope
    self.request = Asked(self.request.path)
    # A dict never becomes smaller by what is taken from it: this one holds the eighty names that are left.
    self.__dict__ = {name: value for name, value in self.__dict__.items() if name not in NOTHING}
    # Still the transport's producer: its flow control goes by it.
    self.transport.producer.requests.clear()
    _open(self)


def forget_handshakes() -> None:
    """Have Daphne let go of them. Whoever asks for one of them all the same finds that there is nothing."""
    for name, value in NOTHING.items():
        setattr(WebSocketProtocol, name, value)
    WebSocketProtocol.onOpen = _on_open
