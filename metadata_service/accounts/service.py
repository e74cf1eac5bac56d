"""Finds the account of somebody who is signed in."""

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts import repository
from metadata_service.accounts.errors import InvalidTokenError
from metadata_service.tables import User


async def get(session: AsyncSession, user_id: int) -> User:
    """Find the account, or raise `InvalidTokenError`: its token outlived it."""
    user = await repository.by_id(session, user_id)
    if user is None:
        raise InvalidTokenError("The account of this access token is gone.")
    return user
