"""Queries of administrators."""

from typing import Final

from sqlalchemy import delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts.names import key_of
from metadata_service.tables import Invite, LoginSession, User

_MOST_INVITES: Final = 500


async def is_admin(session: AsyncSession, user_id: int) -> bool:
    """Tell whether an account administers the others."""
    return bool(await session.scalar(select(User.is_admin).where(User.id == user_id, User.is_active)))


async def accounts(session: AsyncSession, *, after: int, limit: int, beginning: str | None) -> list[User]:
    """Accounts in the order in which they were made; or those alone whose name or address begins so."""
    query = select(User).where(User.id > after)
    if beginning:
        key = key_of(beginning)
        query = query.where(
            or_(User.username_key.startswith(key, autoescape=True), User.email_key.startswith(key, autoescape=True))
        )
    return list(await session.scalars(query.order_by(User.id).limit(limit)))


async def lock_admins(session: AsyncSession) -> set[int]:
    """Who administers now; nobody changes that until the transaction ends."""
    query = select(User.id).where(User.is_admin, User.is_active).order_by(User.id)
    return set(await session.scalars(query.with_for_update(key_share=True)))


async def signed_in(session: AsyncSession, user_id: int) -> int:
    """In how many places an account is signed in."""
    return await session.scalar(select(func.count()).where(LoginSession.user_id == user_id)) or 0


async def invites(session: AsyncSession) -> list[Invite]:
    """Invitations, the newest first."""
    return list(await session.scalars(select(Invite).order_by(Invite.id.desc()).limit(_MOST_INVITES)))


async def remove_invite(session: AsyncSession, invite_id: int) -> bool:
    """Remove an invitation; tell whether there was one."""
    return await session.scalar(delete(Invite).where(Invite.id == invite_id).returning(Invite.id)) is not None
