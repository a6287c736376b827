"""Files with chats, as people bring them, and their way through an import."""

import io
import json
import zipfile
from collections.abc import Mapping, Set
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from accounts.models import Team, User
from moving import arriving, importing
from moving.models import Import

BEGAN = datetime(2024, 3, 1, 12, tzinfo=UTC).timestamp()


def turn(role: str, *parts: Any, at: float = BEGAN, **metadata: Any) -> dict[str, Any]:
    """Return a message as ChatGPT's export has it."""
    kind = "text" if all(isinstance(part, str) for part in parts) else "multimodal_text"
    content = {"content_type": kind, "parts": list(parts)}
    return {"author": {"role": role}, "create_time": at, "content": content, "metadata": metadata}


def node(name: str, parent: str | None, message: Any = None) -> dict[str, Any]:
    return {"id": name, "parent": parent, "message": message, "children": []}


def theirs(*nodes: dict[str, Any], title: str = "Ovens", head: str | None = None, id: str = "") -> dict[str, Any]:
    """Return a conversation as ChatGPT's export has it."""
    return {
        "title": title,
        "conversation_id": id or str(uuid4()),
        "create_time": BEGAN,
        "update_time": BEGAN + 60,
        "current_node": head or nodes[-1]["id"],
        "mapping": {one["id"]: one for one in nodes},
    }


def simple(title: str = "Ovens", *, id: str = "", messages: int = 2, at: float = BEGAN) -> dict[str, Any]:
    """Return a conversation of one branch."""
    nodes = [node("root", None)]
    for n in range(messages):
        role = ("user", "assistant")[n % 2]
        nodes.append(node(f"n{n}", nodes[-1]["id"], turn(role, f"{title} {n}", at=at + n, model_slug="gpt-4o")))
    return theirs(*nodes, title=title, id=id)


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def brought(person: User, content: bytes | str | list[Any] | dict[str, Any], *, name: str = "chats.json") -> Import:
    """Return an import whose file is there, not looked at yet."""
    data = content if isinstance(content, bytes) else content if isinstance(content, str) else json.dumps(content)
    data = data if isinstance(data, bytes) else data.encode()
    move = arriving.begin(name=name, size=len(data), by=person)
    return arriving.take(move, start=0, body=io.BytesIO(data), length=len(data))


def looked(person: User, content: Any, *, name: str = "chats.json") -> Import:
    """Return an import after the look."""
    move = brought(person, content, name=name)
    importing.work()
    move.refresh_from_db()
    return move


def imported(
    person: User,
    content: Any,
    *,
    name: str = "chats.json",
    team: Team | None = None,
    left: Set[int] = frozenset(),
    archived: bool = False,
) -> Import:
    """Return an import after its end."""
    from factories import make_team

    move = looked(person, content, name=name)
    assert move.state == "found", move.reason
    importing.start(move, team=team or make_team(), left=left, archived=archived)
    importing.work()
    move.refresh_from_db()
    return move
