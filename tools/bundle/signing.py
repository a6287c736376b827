"""The list of a bundle's files, and its signature."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tools.bundle.tree import CannotBundle, files_of
from tools.verify_bundle import SIGNATURE, SUMS, hash_of


def write_sums(folder: Path) -> None:
    """List every file with its SHA-256, as sha256sum reads it."""
    names = [name for name in files_of(folder) if name not in (SUMS, SIGNATURE)]
    (folder / SUMS).write_text("".join(f"{hash_of(folder / name)}  {name}\n" for name in names))


def key_in(file: Path) -> Ed25519PrivateKey:
    """Read a release key: 64 hex digits, as `openssl rand -hex 32` prints them. Raises CannotBundle."""
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(file.read_text().strip()))
    except (OSError, ValueError):
        raise CannotBundle(f"{file} is no release key: it holds 64 hex digits.") from None


def public_half(key: Ed25519PrivateKey) -> str:
    """Return what whoever checks a bundle needs, 64 hex digits."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def sign(folder: Path, key: Ed25519PrivateKey) -> None:
    """Sign the list."""
    (folder / SIGNATURE).write_text(key.sign((folder / SUMS).read_bytes()).hex() + "\n")
