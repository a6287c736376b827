"""Container images of a bundle: built and saved where there is an engine; if not, its manifest says so."""

import json
import shutil
import subprocess
from pathlib import Path

NO_ENGINE = "none: no container engine was at hand when the bundle was made"
NOT_ASKED = "none: not asked for (--images)"


def has_engine() -> bool:
    """Whether docker is there and its engine answers."""
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "info"], capture_output=True, check=False, timeout=30).returncode == 0


def names(root: Path) -> list[str]:
    """Return the images that the compose file names."""
    shown = subprocess.run(
        ["docker", "compose", "config", "--format", "json"], cwd=root, capture_output=True, text=True, check=True
    )
    services = json.loads(shown.stdout)["services"]
    return sorted({one.get("image") or f"{root.name}-{name}" for name, one in services.items()})


def save(root: Path, file: Path) -> str:
    """Build what is built, fetch what is not, and save all in one file. Return what the manifest says of it."""
    if not has_engine():
        return NO_ENGINE
    for command in (["build"], ["pull", "--ignore-buildable"]):
        subprocess.run(["docker", "compose", *command], cwd=root, check=True)
    found = names(root)
    file.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["docker", "save", "-o", str(file), *found], check=True)
    return ", ".join(found)
