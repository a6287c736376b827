"""The source tree of a bundle: what is committed, with the front end and the words that set-up would make."""

import hashlib
import shutil
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path


class CannotBundle(Exception):
    """The bundle is given up; the message is a sentence."""


def commit_of(root: Path) -> str:
    """Return the commit that is bundled. Raises CannotBundle."""
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotBundle("A bundle is made from a git checkout: there is none here.")
    return done.stdout.strip()


def is_dirty(root: Path) -> bool:
    """Whether files differ from the commit: those stay out of the bundle."""
    done = subprocess.run(["git", "status", "--porcelain"], cwd=root, capture_output=True, text=True, check=True)
    return bool(done.stdout.strip())


def export(root: Path, into: Path) -> None:
    """Write the committed tree."""
    into.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=root, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(into)], input=archive, check=True)


def stamp(files: Iterable[Path]) -> str:
    """Return what tools/setup writes down for files: the beginning of the SHA-256 of all of them together."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:32]


def add_front_end(root: Path, tree: Path) -> None:
    """Copy static/vendor, which must have been made from this commit's lock file. Raises CannotBundle."""
    key = stamp(tree / name for name in ("package.json", "package-lock.json", "tools/vendor.mjs"))
    made = root / ".setup" / "pages"
    if not made.exists() or made.read_text().strip() != key:
        raise CannotBundle("static/vendor was made from other packages than this commit's: run `make setup` first.")
    shutil.copytree(root / "static" / "vendor", tree / "static" / "vendor")
    _note(tree, "pages", key)


def add_words(tree: Path, python: Path) -> None:
    """Compile the catalogues in the tree itself."""
    subprocess.run([str(python), "-m", "tools.words", "compile"], cwd=tree, check=True)
    catalogues = sorted((tree / "locale").glob("*/LC_MESSAGES/*.po"))
    _note(tree, "words", stamp([*catalogues, tree / "tools" / "words.py"]))


def _note(tree: Path, name: str, key: str) -> None:
    (tree / ".setup").mkdir(exist_ok=True)
    (tree / ".setup" / name).write_text(key + "\n")


def files_of(tree: Path) -> list[str]:
    """Return the paths of the tree's files, in order."""
    return sorted(str(file.relative_to(tree)) for file in tree.rglob("*") if not file.is_dir())


def pack(folder: Path, file: Path) -> None:
    """Write a folder's contents as a tar that is the same for the same contents."""
    with tarfile.open(file, "w") as tar:
        for name in files_of(folder):
            info = tar.gettarinfo(str(folder / name), name)
            info.uid = info.gid = info.mtime = 0
            info.uname = info.gname = ""
            info.mode = 0o755 if info.mode & 0o100 else 0o644
            with (folder / name).open("rb") as stream:
                tar.addfile(info, stream)
