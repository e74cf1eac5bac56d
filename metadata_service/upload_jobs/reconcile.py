"""Compares the rows with the objects in the store, both ways.

An object without a row is noted, and deleted when it has been without one for the whole grace time, by the store's
clock and by our notes: what is being uploaded has no row yet. A row without its object is noted and nothing else: the
disk may be unplugged, and come back.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import utc_now
from metadata_service.db.upsert import upsert
from metadata_service.storage import Blob
from metadata_service.tables import Analysis, AnalysisTile, PartialUpload, Photo, StrayObject, Upload
from metadata_service.upload_jobs.bench import Bench
from metadata_service.upload_jobs.keys import ANNOTATED, ORIGINALS, PIECES, THUMBNAILS, TILES

_AT_ONCE: Final = 500
COLDPREVIEWS: Final = "coldpreviews"
_ROWS: Final[dict[str, Any]] = {
    ORIGINALS: Upload.original_key,
    THUMBNAILS: Upload.thumbnail_key,
    ANNOTATED: Analysis.annotated_key,
    COLDPREVIEWS: Photo.coldpreview_key,
}
# Tiles come and go: one that is missing fails by itself.
_KNOWN: Final[dict[str, Any]] = _ROWS | {TILES: AnalysisTile.pixels_key}


@dataclass(slots=True)
class Findings:
    """What was found: keys by what they miss, and the objects that were deleted."""

    strays: dict[str, str] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    objects: int = 0

    def counted(self) -> dict[str, int]:
        """The same in numbers."""
        missing = Counter(self.strays.values())
        return {
            "objects": self.objects,
            "without_row": missing["row"],
            "without_object": missing["object"],
            "deleted": len(self.deleted),
        }


async def reconcile(bench: Bench, grace: timedelta) -> Findings:
    """Compare all, note what differs, delete what has been without a row for `grace`."""
    began = utc_now()
    found = Findings()
    for folder in (*_KNOWN, PIECES):
        async for objects in _in_lots(bench.blobs.list(folder)):
            found.objects += len(objects)
            await _look_at_objects(bench, folder, objects, grace, found)
    for column in _ROWS.values():
        await _look_at_rows(bench, column, found, began)
    async with bench.database.writing() as session:  # what was noted before and not seen again is in order now
        await session.execute(delete(StrayObject).where(StrayObject.seen_at < began))
    return found


async def _in_lots(blobs: AsyncIterator[Blob]) -> AsyncIterator[list[Blob]]:
    lot: list[Blob] = []
    async for blob in blobs:
        lot.append(blob)
        if len(lot) == _AT_ONCE:
            yield lot
            lot = []
    if lot:
        yield lot


async def _look_at_objects(
    bench: Bench, folder: str, objects: Sequence[Blob], grace: timedelta, found: Findings
) -> None:
    async with bench.database.reading() as session:
        known = await _known(session, folder, [blob.key for blob in objects])
    strays = [blob for blob in objects if blob.key not in known]
    if not strays:
        return
    found.strays |= {blob.key: "row" for blob in strays}
    noted = await _note(bench, [blob.key for blob in strays], "row")
    for blob in strays:
        if max(blob.modified, noted[blob.key]) <= utc_now() - grace:
            await bench.blobs.delete(blob.key)
            found.deleted.append(blob.key)


async def _known(session: AsyncSession, folder: str, keys: Sequence[str]) -> set[str]:
    if folder == PIECES:
        ids = {key.split("/")[1] for key in keys}
        there = {str(one) for one in await session.scalars(select(PartialUpload.id))} & ids
        return {key for key in keys if key.split("/")[1] in there}
    column = _KNOWN[folder]
    return set(await session.scalars(select(column).where(column.in_(keys))))


async def _look_at_rows(bench: Bench, column: Any, found: Findings, began: datetime) -> None:
    """Ask for each row's object; rows that are younger than the comparison are left out."""
    after = ""
    while True:
        async with bench.database.reading() as session:
            keys = list(await session.scalars(_next_keys(column, after, began)))
        if not keys:
            return
        missing = [key for key in keys if await bench.blobs.size(key) is None]
        if missing:
            found.strays |= dict.fromkeys(missing, "object")
            await _note(bench, missing, "object")
        after = keys[-1]


def _next_keys(column: Any, after: str, began: datetime) -> Select[str]:
    table = column.class_
    return select(column).where(column > after, table.created_at < began).order_by(column).limit(_AT_ONCE)


async def _note(bench: Bench, keys: Sequence[str], missing: str) -> dict[str, datetime]:
    """Write down what is astray; give since when each is."""
    now = utc_now()
    rows = [{"key": key, "missing": missing, "found_at": now, "seen_at": now} for key in keys]
    async with bench.database.writing() as session:
        await session.execute(upsert(session, StrayObject, ("key",), ("seen_at", "missing")), rows)
        query = select(StrayObject.key, StrayObject.found_at).where(StrayObject.key.in_(keys))
        return dict(iter(await session.execute(query)))
