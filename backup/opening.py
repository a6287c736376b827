"""A backup that is looked at: everything that can be known of it without touching the database or the disk."""

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from audit.signing import Signer, fingerprint
from backup import lines, manifest, sealing
from backup.manifest import Manifest
from backup.progress import Progress
from backup.refused import Refused
from config import schema
from retention import ledger

NEWER = "The backup was made by a newer Hearth ({hearth}): it has migrations that this one does not know: {what}."


@dataclass(frozen=True, slots=True)
class Opened:
    """A backup whose every file is what its manifest says. `signature` is a sentence about who signed it."""

    folder: Path
    manifest: Manifest
    digest: str
    keys: dict[str, bytes]
    signature: str
    known: bool  # signed with a key that this installation knows


def opened(
    folder: Path, *, passphrase: str | None = None, keys: frozenset[str] = frozenset(), progress: Progress
) -> Opened:
    """Check a backup from its first byte to its last. Raises Refused with everything that is wrong."""
    data = manifest.bytes_of(folder)
    signed_by = manifest.signed_by(folder, data)
    found = manifest.read(data)
    if flaws := [*manifest.flaws_in(folder, found, progress), *_unreadable(folder)]:
        raise Refused("\n".join(["The backup is not what was made:", *flaws]))
    if unknown := schema.unknown(found.migrations):
        raise Refused(NEWER.format(hearth=found.hearth, what=schema.named(unknown)))
    own = _own_keys(folder, found, passphrase)
    sealed = {public_of(own["anchor_key"])} if "anchor_key" in own else set()
    sentence, known = _judged(signed_by, keys | own_public() | sealed)
    return Opened(folder, found, manifest.digest_of(data), own, sentence, known)


def _unreadable(folder: Path) -> list[str]:
    """Return what is wrong within the two files of lines."""
    flaws = []
    try:
        lines.anchors_until(1 << 62, lines.whole_lines(folder / manifest.ANCHORS))
    except Refused as reason:
        flaws.append(str(reason))
    try:
        list(lines.chunks_in(lines.whole_lines(folder / manifest.TOMBSTONES)))
    except ledger.Torn as reason:
        flaws.append(str(reason))
    return flaws


def _own_keys(folder: Path, found: Manifest, passphrase: str | None) -> dict[str, bytes]:
    if passphrase is None:
        return {}
    if manifest.KEYS not in found.files:
        raise Refused("A passphrase was given, and the backup has no keys: go without it, and keep to your own copy.")
    return sealing.unsealed((folder / manifest.KEYS).read_bytes(), passphrase)


def public_of(anchor_key: bytes) -> str:
    """Return the public half of a key as it lies in its file: 64 hex digits. Raises Refused."""
    try:
        private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(anchor_key.decode().strip()))
    except ValueError:
        raise Refused("The anchors' key in the backup is none.") from None
    return private.public_key().public_bytes_raw().hex()


def own_public() -> frozenset[str]:
    """Return the public half of this installation's key, where it is there. It is never made here."""
    file = settings.ANCHOR_KEY
    return frozenset({Signer().public}) if file and Path(file).is_file() else frozenset()


def _judged(signed_by: str, trusted: frozenset[str]) -> tuple[str, bool]:
    """Return a sentence about a signature, and whether a key that is known made it. Raises Refused."""
    if not signed_by:
        return "Nobody has signed it: compare the manifest's hash with the audit log's entry backup.made.", False
    if signed_by in trusted:
        return f"It is signed with a key that is known ({fingerprint(signed_by)}).", True
    if trusted:
        raise Refused(
            f"It is signed with the key {signed_by}, which is not this installation's. "
            f"If it is the right one, name it: --key {signed_by}"
        )
    return f"It is signed with the key {signed_by}; this machine cannot say whose that is.", False
