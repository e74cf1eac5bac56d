"""Queries about who somebody is elsewhere."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts.names import key_of
from metadata_service.tables import ProviderIdentity, User


async def user_of(session: AsyncSession, issuer: str, subject: str) -> User | None:
    """The account that belongs to an identity."""
    query = select(User).join(ProviderIdentity, ProviderIdentity.user_id == User.id)
    return (
        await session.scalars(query.where(ProviderIdentity.issuer == issuer, ProviderIdentity.subject == subject))
    ).one_or_none()


async def of_user(session: AsyncSession, user_id: int) -> list[ProviderIdentity]:
    """Who an account is elsewhere."""
    query = select(ProviderIdentity).where(ProviderIdentity.user_id == user_id).order_by(ProviderIdentity.id)
    return list(await session.scalars(query))


async def free_username(session: AsyncSession, wanted: str) -> str:
    """The wanted name, or the same with a number, that nobody has."""
    key = key_of(wanted)
    taken = set(
        await session.scalars(select(User.username_key).where(User.username_key.startswith(key, autoescape=True)))
    )
    names = (wanted, *(f"{wanted}{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if key_of(name) not in taken)
