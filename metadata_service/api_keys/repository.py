"""Queries about keys."""

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.tables import ApiKey


async def of_user(session: AsyncSession, user_id: int) -> list[ApiKey]:
    """A user's keys, the newest first."""
    return list(await session.scalars(select(ApiKey).where(ApiKey.user_id == user_id).order_by(ApiKey.id.desc())))


async def count(session: AsyncSession, user_id: int) -> int:
    """How many keys a user has."""
    return await session.scalar(select(func.count()).where(ApiKey.user_id == user_id)) or 0


async def remove(session: AsyncSession, user_id: int, key_id: int) -> str | None:
    """Remove a user's key; give its name, if there was one."""
    statement = delete(ApiKey).where(ApiKey.user_id == user_id, ApiKey.id == key_id)
    return await session.scalar(statement.returning(ApiKey.name))
