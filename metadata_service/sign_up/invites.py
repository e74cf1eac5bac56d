"""Invitations: a code for one person, shown once."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts.digests import digest, new_secret
from metadata_service.db.types import utc_now
from metadata_service.tables import Invite


async def invite(session: AsyncSession, *, note: str | None, days: int) -> tuple[Invite, str]:
    """Make an invitation that is good for some days; give it and its code."""
    code = new_secret()
    made = Invite(code_hash=digest(code), note=note, expires_at=_in(days))
    session.add(made)
    await session.flush()
    return made, code


def _in(days: int) -> datetime:
    return utc_now() + timedelta(days=days)
