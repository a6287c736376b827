"""What lies beside the database is put back: files that people attached, and keys."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from backup.copying import Listed, check_room, copied, listed, replaced, written
from backup.making import own_keys
from backup.opening import Opened
from backup.progress import Progress
from backup.refused import Refused
from chat.files import INCOMING, path_of
from chat.models import File

KEYS = ("secret_key", "anchor_key")  # no other name is written anywhere


def files(backup: Opened, progress: Progress) -> int:
    """Put every attached file in its place that is not there as it was. Return how many. Raises OSError, Refused."""
    attached = backup.manifest.attached
    wanted = {path: said for path, said in attached.items() if not _stands(_place(path), said)}
    if not wanted:
        return 0
    root = _place(next(iter(wanted))).parents[1]
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    check_room(root, sum(said.size for said in wanted.values()))
    progress.begin("files", sum(said.size for said in wanted.values()))
    for path in wanted:
        aside = root / f"{INCOMING}{uuid4()}"
        put(backup.folder / path, attached[path], aside, _place(path), progress)
    os.sync()
    return len(wanted)


def bytes_needed(backup: Opened) -> int:
    """Return how much the attached files that are not there need at most. Raises Refused for a path of none."""
    places = {_place(path): said.size for path, said in backup.manifest.attached.items()}
    return sum(size for place, size in places.items() if not (place.is_file() and place.stat().st_size == size))


def _place(path: str) -> Path:
    try:
        return path_of(UUID(path.rpartition("/")[2]))
    except ValueError:
        raise Refused(f"{path} in the backup is no file that somebody attached: its name is no id.") from None


def _stands(place: Path, said: Listed) -> bool:
    return place.is_file() and place.stat().st_size == said.size and listed(place, Progress()) == said


def put(source: Path, said: Listed, aside: Path, place: Path, progress: Progress) -> None:
    """Write a file aside, then give it its place: it is there as it was backed up, or not. Raises OSError, Refused."""
    try:
        if copied(source, aside, progress) != said:
            raise Refused(f"{source.name} was changed since the backup was checked.")
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside.replace(place)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


@dataclass(frozen=True, slots=True)
class FilesFound:
    """The files that rows name, beside the disk: how many stand, which are missing or other than they were."""

    whole: int
    missing: tuple[str, ...]
    damaged: tuple[str, ...]


def files_beside_rows(progress: Progress) -> FilesFound:
    """Read every file that a row names, and compare it with its row."""
    rows = File.objects.for_housekeeping().order_by("pk").values_list("pk", "size", "sha256")
    progress.begin("checking files")
    missing, damaged, whole = [], [], 0
    for pk, size, digest in rows.iterator():
        place = path_of(pk)
        if not place.is_file():
            missing.append(str(pk))
        elif listed(place, progress) != Listed(size, digest):
            damaged.append(str(pk))
        else:
            whole += 1
    return FilesFound(whole, tuple(missing), tuple(damaged))


def keys_to(folder: Path, found: dict[str, bytes]) -> None:
    """Write the keys to a folder for the operator to put where they belong. Raises FileExistsError, Refused."""
    if strange := found.keys() - set(KEYS):
        raise Refused(f"What was sealed has {len(strange)} more than {' and '.join(KEYS)}: Hearth did not make it.")
    for name, key in found.items():
        written(folder / name, key)


def keys(found: dict[str, bytes], *, over: Iterable[str], stamp: str) -> list[str]:
    """Put keys in their places: missing ones, and those to be put `over` others, which are kept aside.

    Return a sentence for each that did something, or could not.
    """
    said = []
    for name, place in own_keys().items():
        key = found.get(name)
        there = place.read_bytes() if place.is_file() else None
        if key is None or there == key:
            continue
        if there is not None and name not in over:
            said.append(f"{name} is another one than the backup's, and stays. --keys puts the backup's in its place.")
            continue
        try:
            if there is not None:
                written(place.with_name(f"{place.name}.before-{stamp}"), there)
            replaced(place, key)
            said.append(f"{name} is the backup's again." + (" The other one is kept beside it." if there else ""))
        except OSError as error:
            said.append(f"{name} cannot be written to {place} ({error.strerror}): --keys-to writes it elsewhere.")
    return said
