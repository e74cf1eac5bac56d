"""The counts, from summaries and from indexes alone: no photo's row is read."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, String, func, literal_column, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.tables import (
    Author,
    Collection,
    Event,
    ImportSession,
    Photo,
    PhotoDay,
    PhotoStack,
    SavedSearch,
    Story,
    Tag,
)
from metadata_service.visibility import Viewer, own, trash

FACETS: Final = (Photo.camera_make, Photo.camera_model, Photo.lens_model, Photo.rating, Photo.image_format)
_ONLY_HERE: Final = Photo.id > literal_column("0")
"""Of every photo it is true, and no other query says it: ix_photos_statistics is made for this one."""

_OWNED: Final[dict[str, Any]] = {
    "authors": Author.owner_id,
    "collections": Collection.owner_id,
    "events": Event.owner_id,
    "import_sessions": ImportSession.owner_id,
    "photo_stacks": PhotoStack.owner_id,
    "phototext_documents": Story.owner_id,
    "saved_photo_searches": SavedSearch.owner_id,
    "tags": Tag.owner_id,
}


async def days(session: AsyncSession, owner_id: int) -> Sequence[Row[Any]]:
    """Photos by day and level of sharing."""
    columns = (PhotoDay.day, PhotoDay.private, PhotoDay.space, PhotoDay.authenticated, PhotoDay.public)
    query = select(*columns).where(PhotoDay.owner_id == owner_id).order_by(PhotoDay.day)
    return list(await session.execute(query))


async def facets(session: AsyncSession, owner_id: int) -> Sequence[Row[Any]]:
    """Photos and bytes by camera, lens, rating and format, all together: few thousand rows for a million photos."""
    numbers = (
        func.count().label("photos"),
        func.sum(Photo.file_size_bytes).label("originals_bytes"),
        func.count(Photo.coldpreview_size).label("coldpreviews"),
        func.sum(Photo.coldpreview_size).label("coldpreviews_bytes"),
    )
    query = select(*FACETS, *numbers).where(*own(Viewer(owner_id)), _ONLY_HERE).group_by(*FACETS)
    return list(await session.execute(query))


async def located_and_thrown_away(session: AsyncSession, owner_id: int) -> tuple[int, int]:
    """How many photos have a position, and how many lie in the trash."""
    located = select(func.count()).where(*own(Viewer(owner_id)), Photo.gps_latitude.is_not(None))
    thrown = select(func.count()).where(*trash(Viewer(owner_id)))
    return await session.scalar(located) or 0, await session.scalar(thrown) or 0


async def rows_of(session: AsyncSession, owner_id: int) -> dict[str, int]:
    """How many of each other thing the owner has."""
    counts = [
        select(literal_column(f"'{name}'", String).label("name"), func.count().label("count")).where(owner == owner_id)
        for name, owner in _OWNED.items()
    ]
    return dict(iter(await session.execute(union_all(*counts))))
