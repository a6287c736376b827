"""The folder of model files as it lies on the disk. No rows here, and nothing outside of it is found."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from models_admin import builtin
from models_admin.engine.header import PART

MOST = 10_000  # entries of the folder that are looked at
DEEPEST = 6  # folders within folders


def root() -> Path:
    """Return the folder itself."""
    return Path(settings.MODELS).resolve()


def existing(path: Path) -> Path:
    """Return a place on the disk, or the nearest folder above it that is there: whose disk it is, or will be."""
    return next(one for one in (path, *path.absolute().parents) if one.exists())


def found() -> list[Path]:
    """Return the models in the folder, and the built-in one where it is there: the first part of one that was split."""
    parts = sorted(_files(root(), [MOST], DEEPEST))
    firsts: dict[object, Path] = {}
    for path in parts:
        firsts.setdefault(_group(path), path)
    return [*firsts.values(), *([builtin.FILE] if builtin.FILE.is_file() else [])]


def is_inside(path: Path) -> bool:
    """Whether a path, with all links followed, lies in the folder."""
    return path.resolve().is_relative_to(root())


def parts_at(path: Path) -> list[Path]:
    """Return the files of a model that are there; some may be missing."""
    match = PART.fullmatch(path.name)
    if match is None:
        return [path] if path.is_file() else []
    pattern = (path.with_name(f"{match['stem']}-{n:05}-of-{match['count']}.gguf") for n in range(1, _count(path) + 1))
    return [part for part in pattern if part.is_file()]


def is_first(path: Path) -> bool:
    """Whether a path names a whole model, or the first part of one."""
    match = PART.fullmatch(path.name)
    return match is None or int(match["number"]) == 1


def mark_of(path: Path) -> str:
    """Return what changes when a file, or a part of it, is replaced or written to. Nothing: it is not there."""
    try:
        stats = [(part.name, part.stat()) for part in parts_at(path)]
    except OSError:
        return ""
    lines = "".join(f"{name} {stat.st_size} {stat.st_mtime_ns}\n" for name, stat in stats)
    return hashlib.sha256(lines.encode(errors="surrogateescape")).hexdigest() if stats else ""


def size_of(path: Path) -> int:
    """Return the bytes of all parts that are there."""
    return sum(part.stat().st_size for part in parts_at(path))


def rests(path: Path, *, now: float, seconds: float = 2.0) -> bool:
    """Whether nobody has written to it for a moment; `now` is in seconds since 1970."""
    return all(not 0 <= now - part.stat().st_mtime < seconds for part in parts_at(path))


def _count(path: Path) -> int:
    match = PART.fullmatch(path.name)
    return min(int(match["count"]), 999) if match else 1


def _group(path: Path) -> object:
    """Return what the parts of one model have in common."""
    match = PART.fullmatch(path.name)
    return (path.parent, match["stem"], match["count"]) if match else path


def _files(folder: Path, left: list[int], depth: int) -> Iterator[Path]:
    """Yield the GGUF files below a folder. Links count where they end inside, names that begin with a dot do not."""
    for entry in _entries(folder):
        left[0] -= 1
        path = Path(entry.path)
        if left[0] < 0:
            return
        if entry.name.startswith(".") or not _is_utf8(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False) and depth > 1:
            yield from _files(path, left, depth - 1)
        elif entry.name.endswith(".gguf") and path.is_file() and is_inside(path) and len(str(path)) <= 1000:
            yield path


def _entries(folder: Path) -> Iterable["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return ()


def _is_utf8(name: str) -> bool:
    """Whether a name can be stored and shown."""
    return name.encode(errors="ignore").decode() == name and name.isprintable()
