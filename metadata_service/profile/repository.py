"""Queries about one's own account."""

from typing import Any

from sqlalchemy import func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import UtcDateTime, utc_now
from metadata_service.tables import AbandonedBlob, Author, ImportSession, Photo, ProviderIdentity, SecurityEvent


async def holdings(session: AsyncSession, user_id: int) -> dict[str, Any]:
    """How much an account holds; what is in the trash is not counted."""
    counts = {
        "photos_count": select(func.count()).where(Photo.owner_id == user_id, Photo.deleted_at.is_(None)),
        "import_sessions_count": select(func.count()).where(ImportSession.owner_id == user_id),
        "authors_count": select(func.count()).where(Author.owner_id == user_id),
    }
    row = (await session.execute(select(*(query.scalar_subquery() for query in counts.values())))).one()
    return dict(zip(counts, row, strict=True))


async def provider_links(session: AsyncSession, user_id: int) -> list[ProviderIdentity]:
    """Who an account is elsewhere."""
    query = select(ProviderIdentity).where(ProviderIdentity.user_id == user_id).order_by(ProviderIdentity.id)
    return list(await session.scalars(query))


async def abandon_blobs(session: AsyncSession, user_id: int) -> None:
    """Write down all blobs of a user as abandoned, in the database alone: there may be a million."""
    mine = select(Photo.coldpreview_key, literal(utc_now(), UtcDateTime())).where(
        Photo.owner_id == user_id, Photo.coldpreview_key.is_not(None)
    )
    await session.execute(insert(AbandonedBlob).from_select(["key", "since"], mine))


async def events(session: AsyncSession, user_id: int, *, before: int | None, limit: int) -> list[SecurityEvent]:
    """What happened to an account, newest first."""
    query = select(SecurityEvent).where(SecurityEvent.user_id == user_id)
    if before is not None:
        query = query.where(SecurityEvent.id < before)
    return list(await session.scalars(query.order_by(SecurityEvent.id.desc()).limit(limit)))
