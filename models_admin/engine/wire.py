"""The pipe's language: one JSON object a line, `t` names the message, unknown fields are refused."""

import json
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any

from models_admin.engine.protocol import (
    Adapter,
    Cell,
    Chance,
    Doing,
    Embed,
    Embedded,
    Ended,
    EndReason,
    EngineSpec,
    Piece,
    Ready,
    Refused,
    Request,
    Sampling,
    Started,
    Status,
    Turn,
)


@dataclass(frozen=True, slots=True)
class Load:
    """The first word to a child: load this."""

    spec: EngineSpec


@dataclass(frozen=True, slots=True)
class Submit:
    """Begin a request."""

    request: Request


@dataclass(frozen=True, slots=True)
class Cancel:
    """End a request between two steps."""

    id: str


Message = Load | Submit | Cancel | Embed | Ready | Refused | Status | Started | Piece | Ended | Embedded
KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (Load, Submit, Cancel, Embed, Ready, Refused, Status, Started, Piece, Ended, Embedded)
}


def encode(message: Message) -> bytes:
    """Return the message as one line."""
    return json.dumps({"t": type(message).__name__, **asdict(message)}, ensure_ascii=True).encode() + b"\n"


def decode(line: bytes) -> Message:
    """Return the message of one line. Raises ValueError, KeyError or TypeError for anything else."""
    content = json.loads(line)
    message: Message = _build(KINDS[content.pop("t")], content)
    return message


def _build(kind: type[Any], content: dict[str, Any]) -> Any:
    unknown = set(content) - {field.name for field in fields(kind)}
    if unknown:
        raise ValueError(f"{kind.__name__} has no {sorted(unknown)}")
    return kind(**{name: _value(kind, name, value) for name, value in content.items()})


def _value(kind: type[Any], name: str, value: Any) -> Any:
    nested = {(Load, "spec"): EngineSpec, (Submit, "request"): Request, (Request, "sampling"): Sampling}
    if inner := nested.get((kind, name)):
        assert is_dataclass(inner)
        return _build(inner, value)
    if (kind, name) == (EngineSpec, "adapters"):
        return tuple(_build(Adapter, adapter) for adapter in value)
    if (kind, name) == (Request, "turns"):
        return tuple(_build(Turn, turn) for turn in value)
    if (kind, name) == (Piece, "chances"):
        return tuple(_build(Chance, chance) for chance in value)
    if (kind, name) == (Status, "cells"):
        return tuple(Cell(Doing(cell["doing"]), cell["tokens"]) for cell in value)
    if (kind, name) in ((Chance, "likeliest"), (Embedded, "vectors")):
        return tuple(tuple(inner) for inner in value)
    if (kind, name) == (Ended, "reason"):
        return EndReason(value)
    return tuple(value) if isinstance(value, list) else value
