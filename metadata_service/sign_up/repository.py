"""Queries about new accounts and invitations."""

from datetime import datetime
from typing import Final

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.tables import Invite, User

# Any constant that nothing else locks by.
_FIRST_COMES: Final = text("SELECT pg_advisory_xact_lock(21, 1)")


async def is_first(session: AsyncSession) -> bool:
    """Tell whether there is no account yet; of several that register at once, one is told so."""
    query = select(User.id).limit(1)
    if await session.scalar(query) is not None:
        return False
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(_FIRST_COMES)
    return await session.scalar(query) is None


async def use_invite(session: AsyncSession, code_hash: str, user_id: int, now: datetime) -> bool:
    """Use an invitation up, if it is good; of several that try at once, one gets it."""
    statement = (
        update(Invite)
        .where(Invite.code_hash == code_hash, Invite.used_at.is_(None), Invite.expires_at > now)
        .values(used_at=now, used_by=user_id)
        .returning(Invite.id)
    )
    return (await session.scalar(statement)) is not None
