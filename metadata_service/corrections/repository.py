"""Queries about corrections and batches, always made as their owner."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.tables import Correction, CorrectionBatch


async def of_photo(session: AsyncSession, photo_id: int) -> Sequence[Correction]:
    """The history of a photo, the oldest first."""
    query = select(Correction).where(Correction.photo_id == photo_id).order_by(Correction.id)
    return (await session.scalars(query)).all()


async def own(session: AsyncSession, owner_id: int, correction_id: int) -> Correction | None:
    """A correction of the owner's."""
    query = select(Correction).where(Correction.id == correction_id, Correction.owner_id == owner_id)
    return (await session.scalars(query)).one_or_none()


async def own_batch(session: AsyncSession, owner_id: int, batch_id: int) -> CorrectionBatch | None:
    """A batch of the owner's, as it is now."""
    query = select(CorrectionBatch).where(CorrectionBatch.id == batch_id, CorrectionBatch.owner_id == owner_id)
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def batches(session: AsyncSession, owner_id: int, *, limit: int, before: int | None) -> Sequence[CorrectionBatch]:
    """The owner's batches, newest first."""
    query = select(CorrectionBatch).where(CorrectionBatch.owner_id == owner_id)
    if before is not None:
        query = query.where(CorrectionBatch.id < before)
    return (await session.scalars(query.order_by(CorrectionBatch.id.desc()).limit(limit))).all()
