"""Statements about tags."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import utc_now
from metadata_service.db.upsert import insert_new
from metadata_service.tables import Photo, PhotoTag, Tag


async def ids_by_key(session: AsyncSession, owner_id: int, spelled: Mapping[str, str]) -> dict[str, int]:
    """Ids of the owner's tags by key, making those that are missing; `spelled` maps keys to names."""
    query = select(Tag.name_key, Tag.id).where(Tag.owner_id == owner_id, Tag.name_key.in_(spelled))
    ids = dict(iter(await session.execute(query)))
    now = utc_now()
    missing = [
        {"owner_id": owner_id, "name": spelled[key], "name_key": key, "created_at": now, "updated_at": now}
        for key in sorted(spelled.keys() - ids.keys())  # in one order for all writers
    ]
    if missing:
        await session.execute(insert_new(session, Tag), missing)
        ids |= dict(iter(await session.execute(query)))
    return ids


async def link(session: AsyncSession, links: set[tuple[int, Photo]]) -> None:
    """Put tags on photos, once each."""
    rows = [{"tag_id": tag_id, "photo_id": photo.id, "sort_ts": photo.sort_ts} for tag_id, photo in links]
    rows.sort(key=lambda row: (row["tag_id"], row["photo_id"]))
    await session.execute(insert_new(session, PhotoTag), rows)
