"""The key that signs anchors and exports: Ed25519, in a file outside the database, 64 hex digits."""

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings


def _secret(file: Path) -> bytes:
    """Return the key's seed (32 bytes), made on first use and readable by its owner only."""
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(os.urandom(32).hex() + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(fresh, file)  # of two processes, one makes the key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return bytes.fromhex(file.read_text().strip())


class NoKey(ValueError):
    """This process has no key: housekeeping and commands alone sign."""


class Signer:
    """Signs with the installation's key, and knows its public half. Raises NoKey where this process has none."""

    def __init__(self, file: Path | None = None) -> None:
        file = file or settings.ANCHOR_KEY
        if file is None:
            raise NoKey("Housekeeping alone holds the key.")
        self.key = Ed25519PrivateKey.from_private_bytes(_secret(file))
        self.public = self.key.public_key().public_bytes_raw().hex()

    def sign(self, data: bytes) -> str:
        """Return the signature as 128 hex digits."""
        return self.key.sign(data).hex()


def fingerprint(public: str) -> str:
    """Return a public key's fingerprint, to be compared by eye: 32 hex digits."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:32]


def is_signed(data: bytes, signature: str, public: str) -> bool:
    """Whether this key has signed these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), data)
    except (InvalidSignature, ValueError):
        return False
    return True
