"""Queries about accounts."""

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.tables import User


async def by_id(session: AsyncSession, user_id: int) -> User | None:
    """Find an account by number."""
    return await session.get(User, user_id)


async def by_name(session: AsyncSession, name: str) -> User | None:
    """Find an account by lower-case username or e-mail address; a username wins over another's address."""
    query = select(User).where(or_(User.username_key == name, User.email_key == name))
    return (await session.scalars(query.order_by(User.username_key != name).limit(1))).first()


async def is_active(session: AsyncSession, user_id: int) -> bool:
    """Tell whether the account exists and may be used."""
    return bool(await session.scalar(select(User.is_active).where(User.id == user_id)))


async def set_password_hash(session: AsyncSession, user_id: int, password_hash: str) -> None:
    """Replace the stored hash."""
    await session.execute(update(User).where(User.id == user_id).values(password_hash=password_hash))
