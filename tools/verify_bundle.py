#!/usr/bin/env python3
"""Check an unpacked bundle with nothing but Python 3.10 or newer, before anything in it is run.

    python3 verify_bundle.py FOLDER --key 64-HEX-DIGITS

Every file must be listed in SHA256SUMS with its hash, nothing may be missing and nothing may be there besides. The key
is the public half of the release key: get it another way than with the bundle. Without a key the hashes alone are
compared, which finds damage and no forgery. A forged bundle has a forged copy of this file: use one that you trust,
with `verify_audit_export.py` beside it. Ends with 0 and a sentence where all is sound, else with 1 and the flaws.

The signature is checked by the verifying half of Ed25519 that `verify_audit_export.py` beside this file has: neither
openssl nor a package is needed, and both files are read in an hour.
"""

import argparse
import hashlib
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # what Python would keep of the file beside this one is not listed
try:
    from tools.verify_audit_export import is_signed
except ImportError:  # in a bundle they stand side by side
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from verify_audit_export import is_signed  # type: ignore[import-not-found,no-redef]

SUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"
PIECE = 1 << 20


def hash_of(file: Path) -> str:
    """Return a file's SHA-256."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while piece := stream.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def listed(folder: Path) -> dict[str, str]:
    """Return what SHA256SUMS says: hashes by path. Raises ValueError for a line that is none."""
    found = {}
    for line in (folder / SUMS).read_text().splitlines():
        digest, mark, name = line[:64], line[64:66], line[66:]
        if mark not in ("  ", " *") or not name or name.startswith("/") or ".." in name.split("/"):
            raise ValueError(f"{SUMS} has a line that is none: {line[:80]}")
        found[name] = digest
    return found


def flaws(folder: Path) -> list[str]:
    """Return what is not as it is listed."""
    try:
        expected = listed(folder)
    except (OSError, ValueError) as error:
        return [str(error)]
    there = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file() or file.is_symlink()}
    there -= {SUMS, SIGNATURE}
    found = [f"{name} is missing." for name in sorted(expected.keys() - there)]
    found += [f"{name} is not listed." for name in sorted(there - expected.keys())]
    for name in sorted(expected.keys() & there):
        if (folder / name).is_symlink() or hash_of(folder / name) != expected[name]:
            found.append(f"{name} is another file than the listed one.")
    return found


def flaw_of_signature(folder: Path, key: str) -> str:
    """Return what is wrong with the signature, or nothing."""
    try:
        signature = bytes.fromhex((folder / SIGNATURE).read_text().strip())
        public = bytes.fromhex(key)
    except (OSError, ValueError):
        return "The bundle is not signed, or the key is none."
    return "" if is_signed((folder / SUMS).read_bytes(), signature, public) else "The signature is not of this key."


def main() -> int:
    """Say whether it is sound."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--key", help="the public release key, 64 hex digits")
    options = parser.parse_args()
    asked = options.key is not None  # an empty one is no key, as where a variable was not set
    found = [flaw] if asked and (flaw := flaw_of_signature(options.folder, options.key)) else []
    found = found or flaws(options.folder)
    for flaw in found[:20]:
        print(flaw, file=sys.stderr)
    if not found:
        signed = "signed with this key" if asked else "NOT checked for its signature: no key was given"
        print(f"{len(listed(options.folder))} files are as listed, and the list is {signed}.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
