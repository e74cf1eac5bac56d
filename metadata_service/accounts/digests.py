"""Secrets that we hand out: random, shown once, kept as digests."""

import hashlib
import hmac
import secrets
from typing import Final

_BYTES: Final = 32


def new_secret() -> str:
    """Make 256 random bits as text of 43 characters that are safe in addresses and headers."""
    return secrets.token_urlsafe(_BYTES)


def digest(secret: str) -> str:
    """The SHA-256 under which a secret is kept. What is random and long needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def derived(key: str, *parts: str) -> str:
    """Derive a secret from others with HMAC-SHA-256, in the same alphabet as new ones: 64 hexadecimal characters."""
    return hmac.new(key.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()
