"""What the lock files say: each requirement with its version, its marker and its hashes; each front-end package too."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker

ROOT = Path(__file__).resolve().parents[1]
LINE = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^\s;\\]+)\s*(?:;\s*(?P<marker>[^\\]+))?", re.MULTILINE
)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Locked:
    """One requirement of a hashed file. `hashes` are SHA-256, one for each file of the release."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    @property
    def is_for_here(self) -> bool:
        """Whether this machine and this Python need it."""
        return not self.marker or Marker(self.marker).evaluate()

    def line(self, hashes: tuple[str, ...]) -> str:
        """Return it as pip and uv read it, with these hashes."""
        pins = "".join(f" \\\n    --hash=sha256:{one}" for one in hashes)
        return f"{self.name}=={self.version}{pins}\n"


@dataclass(frozen=True, slots=True)
class Package:
    """One package of the front end. `integrity` is as npm writes it: sha512-<base64>."""

    name: str
    version: str
    integrity: str


def requirements(file: Path) -> list[Locked]:
    """Read a hashed requirements file."""
    text = re.sub(r"^\s*#.*\n", "", file.read_text(), flags=re.MULTILINE)
    starts = list(LINE.finditer(text))
    ends = [found.start() for found in starts[1:]] + [len(text)]
    return [
        Locked(
            found["name"],
            found["version"],
            (found["marker"] or "").strip(),
            tuple(HASH.findall(text, found.end(), end)),
        )
        for found, end in zip(starts, ends, strict=True)
    ]


def front_end(file: Path) -> list[Package]:
    """Read npm's lock file."""
    packages = json.loads(file.read_text())["packages"]
    return [
        Package(path.rpartition("node_modules/")[2], str(one["version"]), str(one.get("integrity", "")))
        for path, one in packages.items()
        if path
    ]


def product_version(root: Path = ROOT) -> str:
    """Return Hearth's own version."""
    found = re.search(r'^version = "([^"]+)"', (root / "pyproject.toml").read_text(), re.MULTILINE)
    assert found, "pyproject.toml names no version"
    return found[1]
