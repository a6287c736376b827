"""Make a bundle: `python -m tools.bundle [--wheel FILE] [--key FILE] [--images]`, or `make bundle`.

It lies in dist/ and holds the committed tree with its front end and words, wheels for this kind of machine and this
version of Python, the list of what it is made of, the hashes of all of it, and what checks and installs it.
"""

import argparse
import json
import shutil
import sys
import sysconfig
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tools.bundle import images, signing, tree, wheels
from tools.bundle.tree import CannotBundle
from tools.locked import ROOT, product_version
from tools.sbom import sbom

BESIDE = ("tools/verify_bundle.py", "tools/verify_audit_export.py", "tools/bundle/install.sh")


def platform_of() -> str:
    """Return the kind of machine and the Python that the wheels are for: linux-x86_64-py311."""
    return f"{sysconfig.get_platform()}-py{sys.version_info.major}{sys.version_info.minor}"


def manifest(root: Path, llama: Path, saved: str, *, given: bool) -> dict[str, Any]:
    """Return what the bundle says of itself."""
    return {
        "name": "hearth",
        "version": product_version(root),
        "commit": tree.commit_of(root),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "platform": platform_of(),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "llama": f"{llama.name}, {'given by hand' if given else 'compiled for any processor with AVX2'}",
        "images": saved,
    }


def fill(root: Path, folder: Path, *, python: Path, given: Path | None, with_images: bool) -> None:
    """Write everything but the list into a folder."""
    source = folder / "tree"
    tree.export(root, source)
    tree.add_front_end(root, source)
    tree.add_words(source, python)
    tree.pack(source, folder / "tree.tar")
    shutil.rmtree(source)
    llama = wheels.gather(root, python, folder / "wheels", given=given)
    saved = images.save(root, folder / "images" / "images.tar") if with_images else images.NOT_ASKED
    for name in BESIDE:
        shutil.copy2(root / name, folder / Path(name).name)
    (folder / "sbom.json").write_text(json.dumps(sbom(root), indent=1) + "\n")
    told = manifest(root, llama, saved, given=given is not None)
    (folder / "MANIFEST.json").write_text(json.dumps(told, indent=1) + "\n")


def bundle(
    root: Path, out: Path, *, python: Path, given: Path | None, key: Ed25519PrivateKey | None, with_images: bool
) -> Path:
    """Return the finished bundle, signed where there is a key. Raises CannotBundle."""
    name = f"hearth-{product_version(root)}-{platform_of()}"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".bundle-") as made:
        folder = Path(made) / "in" / name
        folder.mkdir(parents=True)
        fill(root, folder, python=python, given=given, with_images=with_images)
        signing.write_sums(folder)
        if key is not None:
            signing.sign(folder, key)
        whole = Path(made) / "whole.tar"
        tree.pack(Path(made) / "in", whole)
        return whole.replace(out / f"{name}.tar")


def main() -> int:
    """Make it, and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--wheel", type=Path, help="a wheel of llama-cpp-python instead of compiling one")
    parser.add_argument("--key", type=Path, help="the release key that signs: 64 hex digits in a file")
    parser.add_argument("--images", action="store_true", help="build and save container images too")
    given = parser.parse_args()
    python = ROOT / ".venv" / "bin" / "python"
    try:
        key = signing.key_in(given.key) if given.key else None  # before minutes of work
        if tree.is_dirty(ROOT):
            print("Files differ from the last commit: the bundle holds what is committed.", file=sys.stderr)
        made = bundle(ROOT, given.out, python=python, given=given.wheel, key=key, with_images=given.images)
    except CannotBundle as reason:
        print(reason, file=sys.stderr)
        return 1
    print(f"{made} ({made.stat().st_size / 1e6:.0f} MB)")
    if key:
        print(f"Signed; whoever checks it needs {signing.public_half(key)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
