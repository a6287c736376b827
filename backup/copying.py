"""Files on the disk: copied with their hash, and written so that a loss of power leaves all of them or none."""

import os
import shutil
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from backup.progress import Progress
from backup.refused import Refused
from chat.files import remember
from models_admin.models.files import shown_size

BITE = 1 << 20
SPARE = 64 << 20  # bytes that stay free in any case


@dataclass(frozen=True, slots=True)
class Listed:
    """What a file was when it was written: bytes, and SHA-256 in hex."""

    size: int
    sha256: str

    def as_json(self) -> dict[str, object]:
        """Return it as it stands in a manifest."""
        return asdict(self)


def listed(path: Path, progress: Progress) -> Listed:
    """Read a file to its end. Raises OSError."""
    digest, size = sha256(), 0
    with path.open("rb") as stream:
        while bite := stream.read(BITE):
            digest.update(bite)
            size += len(bite)
            progress.add(len(bite))
    return Listed(size, digest.hexdigest())


def copied(source: Path, target: Path, progress: Progress) -> Listed:
    """Copy a file to a place that nobody has, for its owner's eyes. Raises OSError."""
    digest, size = sha256(), 0
    with source.open("rb") as stream, open(_fresh(target), "wb") as out:
        while bite := stream.read(BITE):
            out.write(bite)
            digest.update(bite)
            size += len(bite)
            progress.add(len(bite))
    return Listed(size, digest.hexdigest())


def written(target: Path, data: bytes) -> Listed:
    """Write bytes to a place that nobody has, for its owner's eyes. Raises OSError."""
    with open(_fresh(target), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    return Listed(len(data), sha256(data).hexdigest())


def replaced(target: Path, data: bytes) -> None:
    """Put bytes in the place of what is there: at every moment there is the old or the new. Raises OSError."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    written(aside, data)
    aside.replace(target)
    remember(target.parent)


def check_room(folder: Path, needed: int) -> None:
    """Raise Refused where the disk of a folder does not have so many bytes, and some to spare."""
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        raise Refused(
            f"There is not enough room at {folder}: up to {shown_size(needed + SPARE)} are needed, "
            f"{shown_size(free)} are free."
        )


def _fresh(target: Path) -> int:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
