"""Compares corrected photos with what their cameras said and what was corrected, for the doctor."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select, union
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.corrections.effective import PLACE, TIME, pieces, rows_that_count, settle
from metadata_service.tables import CameraValues, Correction, Photo

_COMPARED: Final = (*TIME, *PLACE, "sort_ts", "timeloc_correction", "view_correction")


async def check(session: AsyncSession) -> list[str]:
    """Say which photos say something else than their camera and their corrections together."""
    found = []
    for some in pieces(await _corrected(session)):
        wanted = await rows_that_count(session, some)
        columns = (Photo.id, *(getattr(Photo, name) for name in _COMPARED))
        for photo in await session.execute(select(*columns).where(Photo.id.in_(some)).order_by(Photo.id)):
            wrong = [name for name in _COMPARED if getattr(photo, name) != wanted[photo.id][name]]
            found += [f"photo {photo.id} has another {name} than its camera and its corrections say" for name in wrong]
    return found


async def rebuild(session: AsyncSession) -> None:
    """Make the rows of all corrected photos anew."""
    await settle(session, await _corrected(session))


async def _corrected(session: AsyncSession) -> Sequence[Any]:
    photos = union(select(CameraValues.photo_id), select(Correction.photo_id))
    return (await session.scalars(photos)).all()
