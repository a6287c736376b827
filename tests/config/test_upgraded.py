"""What is let go once a socket is open is what the servers read before that, and nothing else."""

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from config.upgraded import NOTHING

SERVERS = ("autobahn.websocket.protocol", "autobahn.twisted.websocket", "daphne.ws_protocol")
BEFORE_IT_IS_OPEN = {
    "WebSocketAdapterProtocol.connectionMade",
    "WebSocketServerProtocol.processHandshake",
    "WebSocketServerProtocol.succeedHandshake",
    "WebSocketAdapterProtocol._onOpen",  # reads before it calls `onOpen`
    "WebSocketProtocol.onConnect",
}
NEVER_ASKED = {"WebSocketProtocol.transport_details"}


def readers() -> Iterator[str]:
    """Return the methods of servers that read one of these names of a connection."""
    for module in SERVERS:
        found = find_spec(module)
        assert found
        assert found.origin
        for kind in ast.walk(ast.parse(Path(found.origin).read_text())):
            if isinstance(kind, ast.ClassDef) and "Client" not in kind.name:
                yield from (f"{kind.name}.{method}" for method in readers_in(kind))


def readers_in(kind: ast.ClassDef) -> Iterator[str]:
    for method in kind.body:
        if isinstance(method, ast.FunctionDef) and any(reads(node) for node in ast.walk(method)):
            yield method.name


def reads(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Load)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
        and node.attr in NOTHING
    )


def test_nobody_reads_what_was_let_go() -> None:
    found = set(readers())
    assert found - BEFORE_IT_IS_OPEN - NEVER_ASKED == set()
    assert "WebSocketServerProtocol.processHandshake" in found, "these are the servers"
