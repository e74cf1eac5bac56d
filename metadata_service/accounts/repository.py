"""Queries about accounts."""

from typing import Any

from sqlalchemy import Row, case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.tables import ApiKey, LoginSession, User


async def by_id(session: AsyncSession, user_id: int) -> User | None:
    """Find an account by number."""
    return await session.get(User, user_id)


async def locked(session: AsyncSession, user_id: int) -> User | None:
    """Find an account as it is now, and keep others from changing it until the transaction ends."""
    query = select(User).where(User.id == user_id).with_for_update(key_share=True)
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def by_name(session: AsyncSession, name: str) -> User | None:
    """Find an account by the key of its username or e-mail address.

    An address wins over a username that is spelled alike: nobody comes before the owner of an address by taking it
    for a name.
    """
    query = select(User).where(or_(User.email_key == name, User.username_key == name))
    return (await session.scalars(query.order_by(case((User.email_key == name, 0), else_=1)).limit(1))).first()


async def is_signed_in(session: AsyncSession, user_id: int, session_id: int) -> bool:
    """Tell whether the account may be used and that session of it has not ended."""
    query = select(User.is_active).join(LoginSession, LoginSession.user_id == User.id)
    return bool(await session.scalar(query.where(User.id == user_id, LoginSession.id == session_id)))


async def key(session: AsyncSession, secret_hash: str) -> Row[Any] | None:
    """Find a key of an account that may be used: id, user_id, scopes, expires_at."""
    query = select(ApiKey.id, ApiKey.user_id, ApiKey.scopes, ApiKey.expires_at).join(User, User.id == ApiKey.user_id)
    return (await session.execute(query.where(ApiKey.secret_hash == secret_hash, User.is_active))).first()


async def set_password_hash(session: AsyncSession, user_id: int, password_hash: str) -> None:
    """Replace the stored hash."""
    await session.execute(update(User).where(User.id == user_id).values(password_hash=password_hash))
