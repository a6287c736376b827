"""Is a file still the one that was registered? Hashed whole before llama.cpp may use a byte of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from models_admin.engine.header import BadModel, parts_of, sha256_of

Mark = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Seal:
    """A file's hash in hex, and what the system said of the file (or of its parts) when it was taken."""

    path: str
    sha256: str
    marks: tuple[Mark, ...]


def seal(path: str, *, expected: str = "", what: str = "The file") -> Seal:
    """Return the seal of a file. Raises BadModel where another hash was expected; `what` begins the sentence."""
    marks = _marks(path)
    try:
        found = sha256_of(path)
    except OSError as error:
        raise BadModel(f"{what} cannot be read ({error.strerror}).") from error
    if expected and found != expected.strip().lower():
        raise BadModel(f"{what} is not the one that was registered: its hash differs.")
    return Seal(path, found, marks)


def check_unbroken(seals: Iterable[Seal]) -> None:
    """Refuse what was replaced or written to since it was hashed. Raises BadModel."""
    for one in seals:
        if _marks(one.path) != one.marks:
            raise BadModel("The file changed while it was loaded. Load the model once more.")


def _marks(path: str) -> tuple[Mark, ...]:
    """Return what changes when a file is replaced or written to, for each part."""
    try:
        stats = [file.stat() for file in parts_of(path)]
    except OSError as error:
        raise BadModel(f"The file cannot be read ({error.strerror}).") from error
    return tuple((stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns) for stat in stats)
