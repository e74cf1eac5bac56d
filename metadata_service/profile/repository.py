"""Queries about one's own account."""

from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import UtcDateTime, utc_now
from metadata_service.tables import (
    AbandonedBlob,
    Author,
    ImportSession,
    Photo,
    PhotoSpace,
    ProviderIdentity,
    SecurityEvent,
    Space,
)


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


def _others_in_spaces_of(user_id: int) -> ColumnElement[bool]:
    spaces = select(Space.id).where(Space.owner_id == user_id)
    return and_(PhotoSpace.space_id.in_(spaces), PhotoSpace.owner_id != user_id)


async def guests(session: AsyncSession, user_id: int) -> set[int]:
    """Whose photos lie in the spaces of a user, besides their own."""
    query = select(PhotoSpace.owner_id).where(_others_in_spaces_of(user_id)).distinct()
    return set(await session.scalars(query))


async def take_guests_photos_out(session: AsyncSession, user_id: int) -> list[int]:
    """Take others' photos out of the spaces of a user; give their ids."""
    gone = delete(PhotoSpace).where(_others_in_spaces_of(user_id)).returning(PhotoSpace.photo_id)
    return list(await session.scalars(gone, None, execution_options={"synchronize_session": False}))


async def events(session: AsyncSession, user_id: int, *, before: int | None, limit: int) -> list[SecurityEvent]:
    """What happened to an account, newest first."""
    query = select(SecurityEvent).where(SecurityEvent.user_id == user_id)
    if before is not None:
        query = query.where(SecurityEvent.id < before)
    return list(await session.scalars(query.order_by(SecurityEvent.id.desc()).limit(limit)))
