"""A folder that looks like a backup, made without a database."""

from pathlib import Path
from typing import Any

from audit.signing import Signer
from backup import manifest
from backup.copying import Listed, written
from backup.manifest import Manifest

NAME = "hearth-20261129T020000Z"
FILE = "files/0f/0f5c4f1e-6a55-4c8c-9d3f-8a4d0c1b2e3f"
CONTENTS = {manifest.DUMP: b"a dump", FILE: b"some notes", manifest.ANCHORS: b"", manifest.TOMBSTONES: b""}


def make_backup(place: Path, name: str = NAME, *, signer: Signer | None = None, **values: Any) -> Manifest:
    """Make a backup of nothing: `signer` signs, other values stand in the manifest."""
    folder = place / name
    folder.mkdir(parents=True)
    files: dict[str, Listed] = {path: written(folder / path, data) for path, data in CONTENTS.items()}
    facts: dict[str, Any] = {
        "name": name,
        "made_at": "2026-11-29T02:00:00+00:00",
        "hearth": "0.1.0",
        "postgres": 18,
        "migrations": (("audit", "0001_initial"),),
        "counts": {"people": 2},
        "audit": {"seq": 0, "hash": "0" * 64, "first_seq": 1},
        "anchor": None,
        "files": files,
    }
    made = Manifest(**facts | values)
    manifest.write(folder, made, signer)
    return made
