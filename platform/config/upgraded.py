"""What a handshake leaves behind once a socket is open.

Twisted's request stands in its channel for as long as the connection, and Autobahn keeps the handshake's bytes, headers
and answer. Nobody reads them again: for each idle socket that is a quarter of what it costs.
"""

from typing import Any

from daphne.ws_protocol import WebSocketProtocol

_open = WebSocketProtocol.onOpen
NOTHING: dict[str, Any] = {
    "http_headers": {},
    "http_request_params": {},
    "http_request_data": b"",
    "http_response_data": "",
    "websocket_extensions": [],
    "_transport_details": None,
}


def _on_open(self: WebSocketProtocol) -> None:
    self.__dict__.update(NOTHING)
    self.request.headers = {}
    # Still the transport's producer: its flow control goes by it.
    self.transport.producer.requests.clear()
    _open(self)


def forget_handshakes() -> None:
    """Have Daphne let go of them."""
    WebSocketProtocol.onOpen = _on_open
