"""Passwords: hashed with Argon2id off the event loop, a few at a time, and checked in equal time for unknown users."""

from collections.abc import Callable
from functools import cache
from typing import Final, TypeVar, TypeVarTuple

from anyio import CapacityLimiter, to_thread
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher

from metadata_service.accounts.errors import SignInBusyError

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")

# Argon2id first: new hashes use it; bcrypt hashes of earlier installations still verify and are upgraded at login.
_HASHER: Final = PasswordHash((Argon2Hasher(), BcryptHasher()))
_MAX_BCRYPT_BYTES: Final = 72
_AT_ONCE: Final = 2
_MAY_WAIT: Final = 40  # about two seconds of work

NO_PASSWORD: Final = "!"  # noqa: S105  # it is none
"""Stands in the place of a hash where somebody signs in by other means; nothing fits it."""


async def hash_password(password: str) -> str:
    """Hash a password for storage."""
    return await _in_turn(_HASHER.hash, password)


async def verify_password(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Tell whether `password` fits, and give a better hash where the stored one is of an older kind.

    Without a stored hash (no such user) the same work is done on a hash that nothing fits.
    """
    return await _in_turn(_verify, password, None if stored == NO_PASSWORD else stored)


async def _in_turn(work: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
    limiter = _limiter()
    if limiter.statistics().tasks_waiting >= _MAY_WAIT:
        raise SignInBusyError("Too many people are signing in at once. Try again.", headers={"Retry-After": "3"})
    return await to_thread.run_sync(work, *arguments, limiter=limiter)


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
