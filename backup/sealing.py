"""Keys in a backup, sealed with a passphrase: scrypt makes the key, AES-256-GCM seals.

A file is a header (magic, version, the three costs of scrypt, salt, nonce), which is authenticated with the rest, and
the sealed JSON of names and secrets. Whoever has the file and not the passphrase has nothing.
"""

import base64
import json
import os
import struct
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from backup.refused import Refused

MAGIC = b"hearth keys\n"
VERSION = 1
HEADER = struct.Struct(">12sBBBB16s12s")  # magic, version, log2(n), r, p, salt, nonce
COST, BLOCK, LANES = 17, 8, 1  # 128 MB and about half a second for each guess
# What is opened at most, 256 MB: a doctored header must not eat the memory. A version that seals dearer raises them.
HIGHEST_COST, MOST_BLOCKS, MOST_LANES = 18, 8, 1
SHORTEST = 12  # characters of a passphrase


def passphrase_in(file: Path) -> str:
    """Return the passphrase in a file: its first line. Raises Refused."""
    try:
        lines = file.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"The passphrase cannot be read from {file}: {error}.") from None
    return lines[0] if lines else ""


def check_passphrase(passphrase: str) -> None:
    """Raise Refused where it is too short to seal with."""
    if len(passphrase) < SHORTEST:
        raise Refused(f"A passphrase has at least {SHORTEST} characters.")


def sealed(keys: Mapping[str, bytes], passphrase: str, *, cost: int = COST) -> bytes:
    """Return the keys as they may lie in a backup."""
    salt, nonce = os.urandom(16), os.urandom(12)
    header = HEADER.pack(MAGIC, VERSION, cost, BLOCK, LANES, salt, nonce)
    text = json.dumps({name: base64.b64encode(key).decode() for name, key in keys.items()}).encode()
    return header + AESGCM(_key(passphrase, salt, cost, BLOCK, LANES)).encrypt(nonce, text, header)


def unsealed(data: bytes, passphrase: str) -> dict[str, bytes]:
    """Return the keys. Raises Refused for another passphrase, and for what nobody sealed."""
    try:
        magic, version, cost, block, lanes, salt, nonce = HEADER.unpack_from(data)
    except struct.error:
        raise Refused("The sealed keys are cut off.") from None
    if magic != MAGIC or version != VERSION:
        raise Refused("The sealed keys are of a form that this version of Hearth does not know.")
    if not (0 < cost <= HIGHEST_COST and 0 < block <= MOST_BLOCKS and 0 < lanes <= MOST_LANES):
        raise Refused("The sealed keys ask for more work than Hearth ever asks for: the file was changed.")
    try:
        box = AESGCM(_key(passphrase, salt, cost, block, lanes))
        text = box.decrypt(nonce, data[HEADER.size :], data[: HEADER.size])
    except (InvalidTag, ValueError):
        raise Refused("The passphrase does not open the keys, or the file was changed.") from None
    return {name: base64.b64decode(key) for name, key in json.loads(text).items()}


def _key(passphrase: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    typed = unicodedata.normalize("NFC", passphrase)  # keyboards spell an umlaut in one character or in two
    return Scrypt(salt=salt, length=32, n=1 << cost, r=block, p=lanes).derive(typed.encode())
