"""Unites a photo of an export with one that came by itself: what is empty is filled, nothing is replaced."""

from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import utc_now
from metadata_service.exports.arrival import Arrival
from metadata_service.exports.parts_arriving import PartsArriving
from metadata_service.exports.things import FILES, PHOTO, plain
from metadata_service.tables import Correction, ImageFile, Photo

_PHOTOS: Final = plain(Photo)
_TYPED: Final = ("title", "description", "category", "author_id", "event_id", "stack_id", "view_correction")
_CORRECTED: Final = (
    "taken_at",
    "taken_at_offset",
    "taken_at_source",
    "gps_latitude",
    "gps_longitude",
    "gps_altitude",
    "city",
    "region",
    "country",
    "country_code",
    "timeloc_correction",
    "sort_ts",
)
_HISTORY: Final = tuple(part for part in PHOTO.parts if part.name in {"corrections", "camera_values"})
_ADDED: Final = tuple(part for part in PHOTO.parts if part.name in {"preview", "exif", "identities", "disclosure"})


async def unite(session: AsyncSession, path: str, arrival: Arrival, parts: PartsArriving) -> None:
    """Add to the library's photo what only the export knows."""
    photo_id = arrival.known.id
    stored = (await session.execute(select(_PHOTOS).where(_PHOTOS.c.id == photo_id))).mappings().one()
    filled = {name: arrival.row.get(name) for name in _TYPED if stored[name] is None and arrival.row.get(name)}
    if not stored["rating"]:
        filled["rating"] = arrival.row.get("rating") or 0
    if arrival.cold is not None:
        cold = arrival.cold
        filled |= {"coldpreview_key": cold.key, "coldpreview_size": cold.size}
        filled |= {"coldpreview_width": cold.width, "coldpreview_height": cold.height}
    if arrival.record.get("corrections") and not await _was_corrected(session, photo_id):
        filled |= {name: arrival.row.get(name) for name in _CORRECTED}
        await parts.insert(session, path, _HISTORY, [(photo_id, arrival.record)])
    await parts.insert(session, path, _ADDED, [(photo_id, arrival.record)])
    await parts.insert_items(session, path, FILES, await _new_files(session, photo_id, arrival))
    changed = {name: value for name, value in filled.items() if stored[name] != value}
    if changed:
        await session.execute(
            update(_PHOTOS).where(_PHOTOS.c.id == photo_id).values(changed | {"updated_at": utc_now()})
        )
    await parts.tag(session, [(photo_id, arrival.record)], {photo_id: filled.get("sort_ts", stored["sort_ts"])})


async def _was_corrected(session: AsyncSession, photo_id: int) -> bool:
    table = plain(Correction)
    query = select(func.count()).select_from(table).where(table.c.photo_id == photo_id)
    return bool(await session.scalar(query))


async def _new_files(session: AsyncSession, photo_id: int, arrival: Arrival) -> list[tuple[int, dict[str, Any]]]:
    table = plain(ImageFile)
    rows = await session.execute(select(table.c.filename, table.c.sha256).where(table.c.photo_id == photo_id))
    known = {(row.filename, row.sha256) for row in rows}
    told = [file for file in arrival.record.get("files") or [] if isinstance(file, dict)]
    return [(photo_id, file) for file in told if (file.get("filename"), file.get("sha256")) not in known]
