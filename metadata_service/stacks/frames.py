"""Reads the evidence about photos that are in no stack."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import Result, Row, and_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.ingest.arrival import RAW_FORMATS
from metadata_service.stacks.evidence import Frame
from metadata_service.tables import DismissedStack, FileLocation, ImageFile, Photo, PhotoExif
from metadata_service.visibility import Viewer, own

_COLUMNS: Final = (
    Photo.id,
    Photo.hothash,
    Photo.sort_ts,
    Photo.taken_at,
    Photo.camera_make,
    Photo.camera_model,
    Photo.image_format,
    Photo.perceptual_hash,
    Photo.width,
    Photo.height,
    Photo.exposure_time,
    Photo.f_number,
    Photo.iso,
    Photo.focal_length,
    Photo.primary_filename,
    Photo.hotpreview_width,
)


async def loose(
    session: AsyncSession, owner_id: int, *, before: tuple[int, int] | None, limit: int
) -> Sequence[Row[Any]]:
    """The owner's live, dated photos that are in no stack, the newest first."""
    (mine,) = own(Viewer(owner_id))
    query = select(*_COLUMNS).where(mine, Photo.stack_id.is_(None), Photo.taken_at.is_not(None))
    if before is not None:
        query = query.where(tuple_(Photo.sort_ts, Photo.id) < before)
    return list(await session.execute(query.order_by(Photo.sort_ts.desc(), Photo.id.desc()).limit(limit)))


async def by_ids(session: AsyncSession, owner_id: int, ids: Iterable[int]) -> Sequence[Row[Any]]:
    """Those of some photos, in order of time."""
    (mine,) = own(Viewer(owner_id))
    query = select(*_COLUMNS).where(mine, Photo.id.in_(ids), Photo.stack_id.is_(None), Photo.taken_at.is_not(None))
    return list(await session.execute(query.order_by(Photo.sort_ts, Photo.id)))


async def frames(session: AsyncSession, rows: Sequence[Row[Any]]) -> list[Frame]:
    """Add to rows what other tables know: where files lie, how the exposure was compensated."""
    ids = [row.id for row in rows]
    places: Result[Any] = await session.execute(
        select(ImageFile.photo_id, FileLocation.stem_key)
        .join(FileLocation, FileLocation.image_file_id == ImageFile.id)
        .where(ImageFile.photo_id.in_(ids))
    )
    stems: dict[int, set[str]] = {}
    for place in places:
        stems.setdefault(place.photo_id, set()).add(place.stem_key)
    said = PhotoExif.exif_dict["EXIF"]["ExposureCompensation"].as_string().label("said")
    read: Result[Any] = await session.execute(
        select(PhotoExif.photo_id, said).where(and_(PhotoExif.photo_id.in_(ids), said.is_not(None)))
    )
    compensations = {row.photo_id: _number(row.said) for row in read}
    return [_frame(row, frozenset(stems.get(row.id, ())), compensations.get(row.id)) for row in rows]


def _frame(row: Row[Any], stems: frozenset[str], compensation: float | None) -> Frame:
    model = (row.camera_model or "").strip()
    return Frame(
        id=row.id,
        taken_at=row.taken_at,
        camera=f"{(row.camera_make or '').strip()} {model}".strip() if model else None,
        is_raw=(row.image_format or "").upper() in RAW_FORMATS,
        hash=row.perceptual_hash,
        size=(row.width, row.height),
        exposure=(_number(row.exposure_time), row.f_number, None if row.iso is None else float(row.iso)),
        focal_length=row.focal_length,
        compensation=compensation,
        name_stem=(row.primary_filename or "").rpartition(".")[0].casefold() or None,
        stems=stems,
    )


def _number(text: str | None) -> float | None:
    """Read `1/250`, `2.5`, `-0.33`; what is no number says nothing."""
    try:
        return None if text is None else float(Fraction(text[:32]))
    except (ValueError, ZeroDivisionError, OverflowError):
        return None


async def dismissed(session: AsyncSession, owner_id: int, keys: Sequence[str]) -> set[str]:
    """Which suggestions the owner does not want."""
    query = select(DismissedStack.key).where(DismissedStack.owner_id == owner_id, DismissedStack.key.in_(keys))
    return set(await session.scalars(query))
