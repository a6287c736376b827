"""Model files are put back where the folder of models lacks them. Hearth runs without them, so they stop no restore."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from backup.copying import Listed
from backup.manifest import MODELS, PLACE, Manifest
from backup.opening import Opened
from backup.progress import Progress
from backup.putting import put
from models_admin.folder import root


@dataclass
class ModelsPut:
    """How many files were put back, and a sentence for each that was not and should be looked at."""

    files: int = 0
    not_put: list[str] = field(default_factory=list)


def bytes_needed(found: Manifest) -> int:
    """Return how much those need that are not there."""
    return sum(said.size for _, said, place in _wanted(found) if not place.exists())


def models(backup: Opened, progress: Progress) -> ModelsPut:
    """Put every model file in its place where nothing is. What is there stays. Raises Refused for a changed one."""
    done = ModelsPut()
    for path, said, place in _wanted(backup.manifest):
        if place.exists():
            if place.stat().st_size != said.size:
                done.not_put.append(f"the model file {place.name} is another one than the backup's, and stays;")
            continue
        progress.begin(place.name, said.size)
        try:
            _put(backup.folder / path, said, place, progress)
            done.files += 1
        except OSError as error:
            done.not_put.append(f"the model file {place.name} could not be put to {place} ({error.strerror});")
    return done


def _put(source: Path, said: Listed, place: Path, progress: Progress) -> None:
    aside = place.with_name(f".{place.name}.restoring")
    aside.unlink(missing_ok=True)  # of one that was killed
    put(source, said, aside, place, progress)
    place.chmod(0o644)  # a host may be somebody else


def _wanted(found: Manifest) -> Iterator[tuple[str, Listed, Path]]:
    """Yield each copied file of a model that lay in the folder, and where it belongs now."""
    for model in found.models:
        folder = model.get("folder")
        if not isinstance(folder, str) or not (folder == "." or PLACE.fullmatch(folder)):
            continue
        for name in model["files"]:
            path = f"{MODELS}/{name}"
            if said := found.files.get(path):
                yield path, said, root() / folder / name
