"""Passwords: hashed with Argon2id off the event loop, a few at a time, and checked in equal time for unknown users."""

from functools import cache
from typing import Final

from anyio import CapacityLimiter, to_thread
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher

# Argon2id first: new hashes use it; bcrypt hashes of earlier installations still verify and are upgraded at login.
_HASHER: Final = PasswordHash((Argon2Hasher(), BcryptHasher()))
_MAX_BCRYPT_BYTES: Final = 72
_AT_ONCE: Final = 2


async def hash_password(password: str) -> str:
    """Hash a password for storage."""
    return await to_thread.run_sync(_HASHER.hash, password, limiter=_limiter())


async def verify_password(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Tell whether `password` fits, and give a better hash where the stored one is of an older kind.

    Without a stored hash (no such user) the same work is done on a hash that nothing fits.
    """
    return await to_thread.run_sync(_verify, password, stored, limiter=_limiter())


def _verify(password: str, stored: str | None) -> tuple[bool, str | None]:
    candidate = stored or _unmatchable()
    if candidate.startswith("$2") and len(password.encode()) > _MAX_BCRYPT_BYTES:
        return False, None  # bcrypt refuses these instead of comparing
    fits, better = _HASHER.verify_and_update(password, candidate)
    return fits and stored is not None, better


@cache
def _unmatchable() -> str:
    return _HASHER.hash("no account has this password, and it would not matter if one had")


@cache
def _limiter() -> CapacityLimiter:
    """Each hash takes 64 MiB and a core for a while: two at a time leave the rest of the service alone."""
    return CapacityLimiter(_AT_ONCE)
