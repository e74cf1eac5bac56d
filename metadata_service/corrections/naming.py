"""Says of photos that came before there was an atlas where they were taken; can be stopped and begun again."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service import geocoding
from metadata_service.corrections.bulk_update import COLUMNS, update_photos
from metadata_service.corrections.effective import AT_ONCE
from metadata_service.db.engine import Database
from metadata_service.db.turns import take_turn
from metadata_service.db.types import utc_now
from metadata_service.derived import search
from metadata_service.tables import Photo

_READ: Final = (Photo.id, *(getattr(Photo, name) for name in COLUMNS))


async def name_places(database: Database, told: Callable[[int, int], None], *, anew: bool = False) -> int:
    """Name the places of all photos that have a position and no name, or of all; `told` hears (looked at, named)."""
    looked_at = named = 0
    async with database.reading() as session:
        owners = list(await session.scalars(select(Photo.owner_id).distinct().order_by(Photo.owner_id)))
    for owner_id in owners:
        after: int | None = 0
        while after is not None:
            async with database.writing() as session:
                await take_turn(session, owner_id)
                after, seen, changed = await _piece(session, owner_id, after, anew=anew)
            looked_at, named = looked_at + seen, named + changed
            told(looked_at, named)
    return named


async def _piece(session: AsyncSession, owner_id: int, after: int, *, anew: bool) -> tuple[int | None, int, int]:
    query = select(*_READ).where(Photo.owner_id == owner_id, Photo.id > after, Photo.gps_latitude.is_not(None))
    if not anew:
        query = query.where(Photo.country.is_(None))
    rows = (await session.execute(query.order_by(Photo.id).limit(AT_ONCE))).all()
    found = await geocoding.names([(row.gps_latitude, row.gps_longitude) for row in rows])
    changed: list[dict[str, Any]] = []
    for row, name in zip(rows, found, strict=True):
        if any(getattr(row, column) != value for column, value in name.columns().items()):
            changed.append({**row._mapping, **name.columns(), "updated_at": utc_now()})  # noqa: SLF001  # public in spite of its name
    await update_photos(session, changed)
    await search.index(session, (row["id"] for row in changed))
    return (rows[-1].id if len(rows) == AT_ONCE else None), len(rows), len(changed)
