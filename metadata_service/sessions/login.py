"""Checks name and password, and how often somebody may try.

Strangers who guess meet three limits: of their network, of their network for one account, and of all strangers
together for one account. The last one must not lock out the owner, so it does not count those who have signed in to
this account before: from this browser (a signed cookie says so), or from this address and still being signed in.
An unknown name is counted, and costs, like a known one.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts import repository as accounts
from metadata_service.accounts.client import Client
from metadata_service.accounts.errors import InvalidTokenError, WrongCredentialsError
from metadata_service.accounts.later import Later
from metadata_service.accounts.passwords import verify_password
from metadata_service.accounts.tokens import Tokens
from metadata_service.db.engine import Database
from metadata_service.db.types import utc_now
from metadata_service.rate_limit import Limit, RateLimiter
from metadata_service.sessions import repository, service
from metadata_service.sessions.schemas import Login
from metadata_service.sessions.service import SignedIn
from metadata_service.tables import User

OF_NETWORK: Final = Limit("login-network", 30, 60)
OF_NETWORK_FOR_ACCOUNT: Final = Limit("login-network-account", 10, 300)
OF_STRANGERS_FOR_ACCOUNT: Final = Limit("login-account", 50, 3600)
OF_DEVICE: Final = Limit("login-device", 10, 300)

_DEVICE_AUDIENCE: Final = "imalink-device"
_DEVICE_LIFETIME: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Door:
    """What signing in needs of the application."""

    database: Database
    limiter: RateLimiter
    later: Later
    tokens: Tokens
    lifetime: timedelta


async def login(door: Door, given: Login, client: Client, device: str | None) -> SignedIn:
    """Sign in whom the credentials fit; every failure costs the same time and says the same.

    Hashing takes a while, so no connection is held meanwhile.
    """
    async with door.database.reading() as session:
        user = await accounts.by_name(session, given.name)
        nearby = await repository.has_been_at(session, user.id if user else 0, client.ip)
    spent = await _spend(
        door, f"name {given.name}" if user is None else f"user {user.id}", client, device, nearby=nearby
    )
    fits, better = await verify_password(given.password, user.password_hash if user else None)
    if user is None or not fits or not user.is_active:
        if user is not None:
            door.later.sign_in_failed(user.id, client)
        raise WrongCredentialsError
    async with door.database.writing() as session:
        signed_in = await _begin(session, door, user, better, client)
    await door.limiter.forgive(*spent)
    return signed_in


async def _begin(session: AsyncSession, door: Door, checked: User, better: str | None, client: Client) -> SignedIn:
    """Sign in, unless the password or the account changed while the password was checked."""
    user = await accounts.locked(session, checked.id)
    if user is None or not user.is_active or user.password_hash != checked.password_hash:
        raise WrongCredentialsError
    if better is not None:
        user.password_hash = better
    return await service.begin(session, user, client, door.tokens, door.lifetime)


async def _spend(
    door: Door,
    account: str,
    client: Client,
    device: str | None,
    nearby: bool,  # read from a row
) -> tuple[Limit, str, str]:
    """Count the attempt; give what to forgive if it was right."""
    known = device_of(door.tokens, device, account)
    if known is not None:
        await door.limiter.spend(OF_DEVICE, account, known)
        return OF_DEVICE, account, known
    await door.limiter.spend(OF_NETWORK, client.network)
    await door.limiter.spend(OF_NETWORK_FOR_ACCOUNT, account, client.network)
    if not nearby:
        await door.limiter.spend(OF_STRANGERS_FOR_ACCOUNT, account)
    return OF_NETWORK_FOR_ACCOUNT, account, client.network


def new_device(tokens: Tokens, user_id: int) -> str:
    """Make what a browser keeps to be known again."""
    claims = {"sub": f"user {user_id}", "jti": secrets.token_hex(16)}
    return tokens.sign(claims, _DEVICE_AUDIENCE, utc_now(), _DEVICE_LIFETIME)


def device_of(tokens: Tokens, shown: str | None, account: str) -> str | None:
    """Name the device, if it is one from which `account` was signed in to."""
    if shown is None:
        return None
    try:
        claims = tokens.verify(shown, _DEVICE_AUDIENCE, ["sub", "jti", "exp"])
    except InvalidTokenError:
        return None
    return str(claims["jti"]) if claims["sub"] == account else None
