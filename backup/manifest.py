"""What a backup says of itself: when it was made, of what, and the hash of each of its files.

`manifest.json` is one line of canonical JSON; its own hash stands in the audit log's entry `backup.made`, and
`manifest.json.sig` holds an Ed25519 signature over it by the key that signs the log's anchors.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from audit.anchors import canonical
from audit.signing import Signer, is_signed
from backup.copying import Listed, listed, written
from backup.progress import Progress
from backup.refused import Refused

FORMAT = 1
NAME, SIGNATURE = "manifest.json", "manifest.json.sig"
DUMP, ANCHORS, TOMBSTONES, KEYS = "database.dump", "anchors.jsonl", "tombstones.jsonl", "keys.sealed"
FILES, MODELS = "files", "models"  # folders
PURPOSE = b"hearth backup\n"  # goes before what is signed: the key signs other things, too
PLACE = re.compile(r"(?!.*(^|/)\.)[\w.+ -]+(/[\w.+ -]+)*")


@dataclass(frozen=True, slots=True)
class Manifest:
    """One backup. `files` maps each path below its folder to size and hash; `made_at` is by the database's clock."""

    name: str
    made_at: str
    hearth: str
    postgres: int
    migrations: tuple[tuple[str, str], ...]
    counts: dict[str, int]
    audit: dict[str, Any]  # seq, hash, first_seq
    anchor: dict[str, Any] | None
    files: dict[str, Listed]
    models: tuple[dict[str, Any], ...] = ()
    purged: tuple[str, ...] = ()  # files that a sweep removed while the backup was made
    missing: tuple[str, ...] = ()  # files that the database knows and the disk did not have
    damaged: tuple[str, ...] = ()  # files whose bytes were not those that somebody attached
    left_out: tuple[str, ...] = ()  # sentences
    format: int = FORMAT

    def written(self) -> bytes:
        """Return the bytes of `manifest.json`."""
        return canonical(asdict(self))

    @property
    def size(self) -> int:
        """All bytes of its files."""
        return sum(one.size for one in self.files.values())

    @property
    def attached(self) -> dict[str, Listed]:
        """What people attached, by its path."""
        return {path: one for path, one in self.files.items() if path.startswith(f"{FILES}/")}


def digest_of(data: bytes) -> str:
    """Return the hash by which a manifest is named."""
    return sha256(data).hexdigest()


def write(folder: Path, manifest: Manifest, signer: Signer | None) -> str:
    """Write a manifest, signed where there is somebody who signs. Return its hash."""
    data = manifest.written()
    written(folder / NAME, data)
    if signer is not None:
        signature = {"key": signer.public, "signature": signer.sign(PURPOSE + data), "v": FORMAT}
        written(folder / SIGNATURE, canonical(signature))
    return digest_of(data)


def bytes_of(folder: Path) -> bytes:
    """Return the bytes of a folder's manifest. Raises Refused."""
    try:
        return (folder / NAME).read_bytes()
    except OSError:
        raise Refused(f"{folder} is no backup: it has no {NAME}.") from None


def read(data: bytes) -> Manifest:
    """Read a manifest. Raises Refused for what is none, and for one of a later format."""
    try:
        values = json.loads(data)
        form = values["format"]
        if form > FORMAT:
            raise Refused("The backup was made by a newer Hearth: restore it with that version or a later one.")
        values["files"] = {_place(path): Listed(**one) for path, one in values["files"].items()}
        values["migrations"] = tuple((app, name) for app, name in values["migrations"])
        lists = ("models", "purged", "missing", "damaged", "left_out")
        return Manifest(**values | {name: tuple(values[name]) for name in lists})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(f"The manifest is none: {type(error).__name__}.") from None


def _place(path: str) -> str:
    """Return a path that stays below its folder. Raises ValueError."""
    if not PLACE.fullmatch(path):
        raise ValueError("A path leads elsewhere.")
    return path


def flaws_in(folder: Path, manifest: Manifest, progress: Progress) -> Iterator[str]:
    """Yield a sentence for each file that is not what the manifest says, is not there, or is not in it."""
    progress.begin("checking", manifest.size)
    for path, said in manifest.files.items():
        if flaw := _flaw(folder / path, said, progress):
            yield f"{path} {flaw}"
    for there in sorted(folder.rglob("*")):
        name = there.relative_to(folder).as_posix()
        if there.is_symlink() or (there.is_file() and name not in (*manifest.files, NAME, SIGNATURE)):
            yield f"{name} is not in the manifest."


def _flaw(path: Path, said: Listed, progress: Progress) -> str:
    try:
        if path.is_symlink() or not path.is_file():
            return "is missing."
        found = listed(path, progress)
    except OSError as error:
        return f"cannot be read: {error.strerror}."
    if found.size != said.size:
        return f"has {found.size} bytes instead of {said.size}."
    return "" if found.sha256 == said.sha256 else "is not what was written."


def signed_by(folder: Path, data: bytes) -> str:
    """Return the public key that signed a manifest; nothing: nobody did. Raises Refused for a false signature."""
    file = folder / SIGNATURE
    if not file.exists():
        return ""
    try:
        signature = json.loads(file.read_bytes())
        key = str(signature["key"])
        if is_signed(PURPOSE + data, str(signature["signature"]), key):
            return key
    except (ValueError, KeyError, TypeError, OSError):
        pass
    raise Refused("The manifest's signature is false: the backup was changed after it was made.")
