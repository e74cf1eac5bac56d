"""What the map asks the database: sums of cells, the photos that stand for them, and single photos from near."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Result, Row, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.pairs import among
from metadata_service.map.grid import Patch, Window
from metadata_service.map.statements import Sums
from metadata_service.redaction.conditions import tells_place
from metadata_service.tables import Photo
from metadata_service.visibility import Look, Viewer, look_arms


class Sum(NamedTuple):
    """The photos of one cell of a window; edges are rows and columns of the counted depth, sums weighted by count."""

    photos: int
    south: int
    north: int
    west: int
    east: int
    rows: int
    columns: int
    photo_id: int


async def summed(session: AsyncSession, statement: Sums, parameters: dict[str, Any]) -> list[Sum]:
    """Run a statement that adds cells up."""
    found = await session.execute(statement, parameters)
    # PostgreSQL adds 64-bit integers up to decimals.
    return [Sum(*(int(number or 0) for number in sums)) for sums in found]


async def representatives(session: AsyncSession, viewer: Viewer, ids: Iterable[int]) -> dict[int, Row[Any]]:
    """The photos that stand for clusters, by id, as far as `viewer` sees them and may know where they were taken."""
    seen = or_(*look_arms(Look(viewer), in_order=False))
    columns = (
        Photo.id,
        Photo.owner_id,
        Photo.hothash,
        Photo.hotpreview_width,
        Photo.gps_latitude,
        Photo.gps_longitude,
    )
    query = select(*columns).where(Photo.id.in_(among(session, ids)), seen, tells_place(viewer))
    found: Result[Any] = await session.execute(query)
    return {row.id: row for row in found}


async def places(session: AsyncSession, look: Look, window: Window) -> Sequence[Row[Any]]:
    """The viewer's own photos in a window, one by one: (id, latitude, longitude)."""
    mine = or_(*look_arms(Look(look.viewer, mine=True, level=look.level)))
    ranges = [Patch(window.depth, window.south, window.north, *columns).bounds() for columns in window.columns]
    inside = or_(*(Photo.gps_longitude.between(box.west, box.east) for box in ranges))
    latitude = Photo.gps_latitude.between(ranges[0].south, ranges[0].north)
    query = select(Photo.id, Photo.gps_latitude, Photo.gps_longitude)
    return list(await session.execute(query.where(mine, Photo.gps_latitude.is_not(None), latitude, inside)))
