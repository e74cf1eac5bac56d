"""Begins, refreshes and ends sign-ins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts import repository as accounts
from metadata_service.accounts.audit import Happened, record
from metadata_service.accounts.client import Client
from metadata_service.accounts.errors import InvalidRefreshTokenError
from metadata_service.accounts.tokens import Tokens
from metadata_service.db.engine import Database
from metadata_service.db.types import utc_now
from metadata_service.sessions import repository
from metadata_service.sessions.errors import SessionNotFoundError
from metadata_service.sessions.refresh_token import RefreshToken
from metadata_service.sessions.schemas import SessionOut
from metadata_service.tables import LoginSession, User

GRACE: Final = timedelta(seconds=30)
"""How long a token that was just replaced may be shown once more, by another tab or after a lost answer."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What somebody who is signed in takes away."""

    user: User
    session_id: int
    access_token: str
    refresh_token: str
    expires_at: datetime


async def begin(
    session: AsyncSession, user: User, client: Client, tokens: Tokens, lifetime: timedelta, *, method: str = "password"
) -> SignedIn:
    """Sign `user` in."""
    now = utc_now()
    token = RefreshToken.new()
    row = LoginSession(
        user_id=user.id,
        family_hash=token.family_hash,
        turn_hash=token.turn_hash,
        method=method,
        user_agent=client.user_agent,
        ip=client.ip,
        expires_at=now + lifetime,
    )
    session.add(row)
    record(session, user.id, Happened.SIGNED_IN, client, method=method)
    await session.flush()
    return SignedIn(user, row.id, tokens.issue(user.id, row.id, now), str(token), row.expires_at)


async def refresh(database: Database, shown: str, client: Client, tokens: Tokens, lifetime: timedelta) -> SignedIn:
    """Give the next pair of tokens; raise `InvalidRefreshTokenError`.

    A token that was replaced longer than `GRACE` ago is in two hands: nobody can tell which is the thief's, so the
    sign-in ends for both, and its owner finds it among the security events.
    """
    token = RefreshToken.parse(shown)
    async with database.writing() as session:
        renewed = await _renew(session, token, client, tokens, lifetime)
    if renewed is None:
        raise InvalidRefreshTokenError
    return renewed


async def _renew(
    session: AsyncSession, token: RefreshToken, client: Client, tokens: Tokens, lifetime: timedelta
) -> SignedIn | None:
    now = utc_now()
    row = await repository.by_family(session, token.family_hash)
    if row is None or row.expires_at <= now:
        return None
    user = await accounts.by_id(session, row.user_id)
    if user is None or not user.is_active:
        return None
    following = token.next(tokens.secret)
    until = now + lifetime
    if not await repository.rotate(session, row.id, token.turn_hash, following.turn_hash, now=now, until=until):
        row = await repository.by_family(session, token.family_hash)
        if row is None:
            return None
        if not _was_just_replaced(row, token, following, now):
            await repository.end(session, row.user_id, row.id)
            record(session, row.user_id, Happened.REFRESH_TOKEN_REUSED, client, session_id=row.id)
            return None
        until = row.expires_at
    return SignedIn(user, row.id, tokens.issue(user.id, row.id, now), str(following), until)


def _was_just_replaced(row: LoginSession, shown: RefreshToken, following: RefreshToken, now: datetime) -> bool:
    is_previous = (row.previous_hash, row.turn_hash) == (shown.turn_hash, following.turn_hash)
    return is_previous and now - row.rotated_at <= GRACE


async def sign_out(session: AsyncSession, user_id: int, session_id: int, client: Client) -> None:
    """End one sign-in, if it has not ended."""
    if await repository.end(session, user_id, session_id):
        record(session, user_id, Happened.SIGNED_OUT, client)


async def sign_out_by_refresh_token(session: AsyncSession, shown: str, client: Client) -> None:
    """End the sign-in of a refresh token, if there is one."""
    row = await repository.by_family(session, RefreshToken.parse(shown).family_hash)
    if row is not None:
        await sign_out(session, row.user_id, row.id, client)


async def sign_out_everywhere(session: AsyncSession, user_id: int, client: Client) -> int:
    """End all sign-ins of a user; tell how many."""
    ended = await repository.end_all(session, user_id)
    record(session, user_id, Happened.SIGNED_OUT_EVERYWHERE, client, ended=len(ended))
    return len(ended)


async def listed(session: AsyncSession, user_id: int, current: int | None) -> list[SessionOut]:
    """Where a user is signed in."""
    rows: Sequence[LoginSession] = await repository.of_user(session, user_id, utc_now())
    return [SessionOut.model_validate(row).model_copy(update={"current": row.id == current}) for row in rows]


async def end_one(session: AsyncSession, user_id: int, session_id: int, client: Client) -> None:
    """End another sign-in, or raise `SessionNotFoundError`."""
    if not await repository.end(session, user_id, session_id):
        raise SessionNotFoundError
    record(session, user_id, Happened.SESSION_ENDED, client, session_id=session_id)
