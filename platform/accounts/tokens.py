"""Tokens of links: 32 random bytes, of which only the SHA-256 is kept."""

import hashlib
import secrets


def fresh() -> str:
    """Return a new token, as it stands in a link."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what is kept of a token: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()
