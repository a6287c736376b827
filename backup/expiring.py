"""Old backups go, so that "gone from backups by" in each receipt of a sweep is true."""

import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from backup import manifest
from backup.refused import Refused

OWN = re.compile(r"hearth-\d{8}T\d{6}Z")
NEXT_RUN = timedelta(hours=25)  # backups are made every day: what would be too old before the next one goes now


def is_over(made_at: datetime, *, days: int, now: datetime) -> bool:
    """Whether a backup would be older than so many days before the next one is made."""
    return now - made_at > timedelta(days=days) - NEXT_RUN


def remove_old(folder: Path, *, days: int, now: datetime, but: str) -> list[str]:
    """Remove the backups in a folder that are over, but for the one that was just made. Return their names.

    Only a folder with Hearth's name and a manifest that says the same name is one.
    """
    old = [path for path in sorted(folder.iterdir()) if path.name != but and _is_over(path, days, now)]
    for path in old:
        shutil.rmtree(path.rename(path.with_name(f"{path.name}.partial")))  # half removed, it is no backup any more
    return [path.name for path in old]


def _is_over(path: Path, days: int, now: datetime) -> bool:
    if not OWN.fullmatch(path.name) or path.is_symlink() or not path.is_dir():
        return False
    try:
        found = manifest.read(manifest.bytes_of(path))
        return found.name == path.name and is_over(datetime.fromisoformat(found.made_at), days=days, now=now)
    except (Refused, ValueError, TypeError):
        return False
