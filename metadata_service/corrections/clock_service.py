"""Finds cameras whose clock was wrong, by photos that have GPS time or by a photo of the same moment."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.corrections.clock import Sighting, findings, gps_instant, offer, offset_delta
from metadata_service.corrections.clock_schemas import ClockReport, Evidence, Finding, Reference
from metadata_service.corrections.folding import CORRECTED
from metadata_service.geocoding.zones import offsets
from metadata_service.photos import service as photos
from metadata_service.photos.ref import PhotoRef
from metadata_service.photos.sort_key import wall_ms
from metadata_service.tables import Photo, PhotoExif
from metadata_service.visibility import Viewer, own
from service_kit.errors import InvalidRequestError

_MOST: Final = 5_000
_DERIVED: Final = "offset-derived-from-gps"
_GPS_ITSELF: Final = "GPS:"


async def report(
    session: AsyncSession,
    owner_id: int,
    *,
    camera_make: str | None,
    camera_model: str | None,
    taken_after: datetime | None,
    taken_before: datetime | None,
) -> ClockReport:
    """Look at the newest photos that have a position, and compare their clocks with GPS time."""
    query = (
        select(
            *(Photo.id, Photo.hothash, Photo.camera_make, Photo.camera_model, Photo.taken_at, Photo.taken_at_offset),
            *(Photo.taken_at_source, Photo.gps_latitude, Photo.gps_longitude, PhotoExif.warnings),
            PhotoExif.exif_dict["GPS"].label("gps"),
        )
        .join(PhotoExif, PhotoExif.photo_id == Photo.id)
        .where(*own(Viewer(owner_id)), Photo.gps_latitude.is_not(None), Photo.taken_at.is_not(None))
    )
    for column, value in ((Photo.camera_make, camera_make), (Photo.camera_model, camera_model)):
        query = query if value is None else query.where(column == value)
    if taken_after is not None:
        query = query.where(Photo.sort_ts >= wall_ms(taken_after))
    if taken_before is not None:
        query = query.where(Photo.sort_ts <= wall_ms(taken_before))
    rows = (await session.execute(query.order_by(Photo.sort_ts.desc(), Photo.id.desc()).limit(_MOST + 1))).all()
    seen = await _sightings(rows[:_MOST])
    return ClockReport(
        examined=min(len(rows), _MOST), is_all=len(rows) <= _MOST, compared=len(seen), data=findings(seen)
    )


async def _sightings(rows: Sequence[Row[Any]]) -> list[Sighting]:
    timed = [(row, instant) for row in rows if not _is_circular(row) and (instant := gps_instant(row.gps)) is not None]
    unzoned = [row for row, _ in timed if _stated_offset(row) is None]
    zones = await offsets([(row.gps_latitude, row.gps_longitude, row.taken_at) for row in unzoned])
    by_id = {row.id: zone for row, zone in zip(unzoned, zones, strict=True)}
    seen = []
    for row, instant in timed:
        zone = by_id.get(row.id)
        offset, source = (zone.offset, zone.zone) if zone else (_stated_offset(row), "tag")
        if offset is not None:
            seen.append(
                Sighting(row.id, row.hothash, row.camera_make, row.camera_model, row.taken_at, offset, source, instant)
            )
    return seen


def _is_circular(row: Row[Any]) -> bool:
    """Whether the photo's time is GPS time itself, and says nothing of a clock."""
    return str(row.taken_at_source or "").startswith(_GPS_ITSELF)


def _stated_offset(row: Row[Any]) -> str | None:
    """The offset, unless it is the distance to GPS time, which cannot be evidence for that distance."""
    is_derived = any(warning.get("code") == _DERIVED for warning in row.warnings if isinstance(warning, dict))
    offset: str | None = row.taken_at_offset
    return None if is_derived and row.taken_at_source != CORRECTED else offset


async def from_reference(session: AsyncSession, owner_id: int, asked: Reference) -> Finding:
    """Compare a photo with one of the same moment, or with the time that its owner knows."""
    photo = await photos.look_at_own(session, owner_id, PhotoRef(id=asked.photo_id, hothash=asked.hothash))
    true_wall, true_offset = await _true_time(session, owner_id, asked)
    if photo.taken_at is None or true_wall is None:
        raise InvalidRequestError("Both photos must have a time.")
    wall = photo.taken_at
    if photo.taken_at_offset and true_offset:  # in different zones, the clocks may differ and still be right
        true_wall += offset_delta(photo.taken_at_offset) - offset_delta(true_offset)
    error = round((wall - true_wall).total_seconds(), 3)
    seen = Evidence(
        photo_id=photo.id,
        hothash=photo.hothash,
        camera_time=wall,
        offset=photo.taken_at_offset,
        offset_from="reference",
        true_time=None,
        error_seconds=error,
    )
    reason = "By a photo of the same moment" if asked.true_time is None else "By the time that it truly was"
    return Finding(
        camera_make=photo.camera_make,
        camera_model=photo.camera_model,
        error_seconds=error,
        spread_seconds=0,
        photos=1,
        first=wall,
        last=wall,
        is_wrong=bool(error),
        evidence=[seen],
        offer=offer(photo.camera_make, photo.camera_model, -error, reason, {}) if error else None,
    )


async def _true_time(session: AsyncSession, owner_id: int, asked: Reference) -> tuple[datetime | None, str | None]:
    if asked.true_time is not None:
        zone = asked.true_time.strftime("%z")
        return asked.true_time.replace(tzinfo=None), f"{zone[:3]}:{zone[3:5]}" if zone else asked.true_offset
    ref = PhotoRef(id=asked.reference_photo_id, hothash=asked.reference_hothash)
    reference = await photos.look_at_own(session, owner_id, ref)
    return reference.taken_at, reference.taken_at_offset
