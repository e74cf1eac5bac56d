"""Queries about kept EXIF, runs and differences."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.tables import (
    CameraValues,
    FileRole,
    ImageFile,
    Photo,
    PhotoExif,
    RawExif,
    ReparseDifference,
    ReparseRun,
)

_FINISHED = ("completed", "cancelled", "compared")


def _photos_with_exif(owner_id: int) -> Select[Any]:
    files = select(ImageFile.photo_id).join(RawExif, RawExif.image_file_id == ImageFile.id)
    return select(Photo.id).where(Photo.owner_id == owner_id, Photo.id.in_(files))


async def count_photos(session: AsyncSession, owner_id: int) -> int:
    """How many photos of the owner have EXIF that can be read again, in the trash too."""
    return await session.scalar(select(func.count()).select_from(_photos_with_exif(owner_id).subquery())) or 0


async def next_photos(session: AsyncSession, owner_id: int, after: int, limit: int) -> list[int]:
    """The ids of the next such photos."""
    return list(
        await session.scalars(_photos_with_exif(owner_id).where(Photo.id > after).order_by(Photo.id).limit(limit))
    )


async def blobs(session: AsyncSession, photo_ids: Sequence[int]) -> dict[int, bytes]:
    """The EXIF that speaks for each photo: as on the way in, a picture's own before that of its raw file."""
    query = (
        select(ImageFile.photo_id, RawExif.blob)
        .join(RawExif, RawExif.image_file_id == ImageFile.id)
        .where(ImageFile.photo_id.in_(photo_ids))
        .order_by(ImageFile.photo_id, (ImageFile.role == FileRole.RAW).desc(), ImageFile.id.desc())
    )
    return dict(iter(await session.execute(query)))  # the last of a photo stays


async def known(session: AsyncSession, photo_ids: Sequence[int]) -> dict[int, tuple[Photo, Any, dict[str, Any]]]:
    """Photos with what the camera said of those that were corrected, and the EXIF read last."""
    query = (
        select(Photo, CameraValues, PhotoExif.exif_dict)
        .outerjoin(CameraValues, CameraValues.photo_id == Photo.id)
        .outerjoin(PhotoExif, PhotoExif.photo_id == Photo.id)
        .where(Photo.id.in_(photo_ids))
    )
    return {photo.id: (photo, said, exif or {}) for photo, said, exif in await session.execute(query)}


async def run(session: AsyncSession, owner_id: int, run_id: int, *, to_change: bool = False) -> ReparseRun | None:
    """A run of the owner's."""
    query = select(ReparseRun).where(ReparseRun.id == run_id, ReparseRun.owner_id == owner_id)
    query = query.with_for_update(key_share=True) if to_change else query
    return (await session.scalars(query.execution_options(populate_existing=True))).one_or_none()


async def runs(session: AsyncSession, owner_id: int, limit: int) -> Sequence[ReparseRun]:
    """The owner's runs, newest first."""
    query = select(ReparseRun).where(ReparseRun.owner_id == owner_id)
    return (await session.scalars(query.order_by(ReparseRun.id.desc()).limit(limit))).all()


async def at_work(session: AsyncSession, owner_id: int) -> int | None:
    """The owner's run that is not finished."""
    query = select(ReparseRun.id).where(ReparseRun.owner_id == owner_id, ReparseRun.status.not_in(_FINISHED))
    return (await session.scalars(query.limit(1))).first()


async def differences(
    session: AsyncSession, run_id: int, *, after: int, limit: int, open_only: bool = False
) -> Sequence[Row[Any]]:
    """What a run found, by photo."""
    query = select(ReparseDifference.photo_id, ReparseDifference.changes, ReparseDifference.is_applied).where(
        ReparseDifference.run_id == run_id, ReparseDifference.photo_id > after
    )
    if open_only:
        query = query.where(~ReparseDifference.is_applied)
    return (await session.execute(query.order_by(ReparseDifference.photo_id).limit(limit))).all()
