"""Queries about sign-ins."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.tables import LoginSession


async def by_family(session: AsyncSession, family_hash: str) -> LoginSession | None:
    """Find a sign-in by the digest of its family's secret, as it is stored now."""
    query = select(LoginSession).where(LoginSession.family_hash == family_hash)
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def rotate(
    session: AsyncSession, session_id: int, old_hash: str, new_hash: str, *, now: datetime, until: datetime
) -> bool:
    """Replace the turn, if it is still the one that was shown; tell whether it was."""
    statement = (
        update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.turn_hash == old_hash)
        .values(turn_hash=new_hash, previous_hash=old_hash, rotated_at=now, last_used_at=now, expires_at=until)
        .returning(LoginSession.id)
        .execution_options(synchronize_session=False)
    )
    return (await session.scalar(statement)) is not None


async def of_user(session: AsyncSession, user_id: int, now: datetime) -> list[LoginSession]:
    """Where a user is signed in, used last first."""
    query = select(LoginSession).where(LoginSession.user_id == user_id, LoginSession.expires_at > now)
    return list(await session.scalars(query.order_by(LoginSession.last_used_at.desc(), LoginSession.id.desc())))


async def has_been_at(session: AsyncSession, user_id: int, ip: str) -> bool:
    """Tell whether the user is signed in from that address somewhere."""
    query = select(LoginSession.id).where(LoginSession.user_id == user_id, LoginSession.ip == ip).limit(1)
    return (await session.scalar(query)) is not None


async def end(session: AsyncSession, user_id: int, session_id: int) -> bool:
    """End one sign-in of a user; tell whether there was one."""
    statement = delete(LoginSession).where(LoginSession.user_id == user_id, LoginSession.id == session_id)
    return (await session.scalar(statement.returning(LoginSession.id))) is not None


async def end_all(
    session: AsyncSession, user_id: int, *, but: int | None = None, method: str | None = None
) -> Sequence[int]:
    """End all sign-ins of a user, or all but one, or those that began in one way; give their ids."""
    statement = delete(LoginSession).where(LoginSession.user_id == user_id)
    if method is not None:
        statement = statement.where(LoginSession.method == method)
    if but is not None:
        statement = statement.where(LoginSession.id != but)
    return (await session.scalars(statement.returning(LoginSession.id))).all()
