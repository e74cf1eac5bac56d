"""Compares photos that came with all others of their owner, in the background: a page must not wait for a million."""

import asyncio
from collections import defaultdict
from typing import Any, Final

import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.engine import Database
from metadata_service.db.upsert import insert_new
from metadata_service.derived.likeness import near
from metadata_service.tables import Photo, PhotoPair, UnpairedPhoto

log = structlog.get_logger(__name__)

PAIR_DISTANCE: Final = 7
"""Pairs further apart are not kept: groups of them would be series of different pictures."""

_AT_ONCE: Final = 20
_BREATH_SECONDS: Final = 0.02
_NEAREST: Final = 20  # of a black frame that is there a thousand times, a chain is enough to make one group


async def pair_forever(database: Database, pause_seconds: float) -> None:
    """Look again and again for photos that were not compared yet."""
    while True:
        try:
            await _catch_up(database)
        except Exception as error:  # noqa: BLE001  # nobody's request depends on this
            log.warning("could not compare photos", error=repr(error))
        await asyncio.sleep(pause_seconds)


async def _catch_up(database: Database) -> None:
    while await pair_waiting(database):  # noqa: ASYNC110  # it waits for nothing: requests come first
        await asyncio.sleep(_BREATH_SECONDS)


async def pair_waiting(database: Database) -> int:
    """Compare some photos of one owner; give their number."""
    async with database.reading() as session:
        first = select(UnpairedPhoto.owner_id).order_by(UnpairedPhoto.photo_id).limit(1).scalar_subquery()
        query = (
            select(Photo.id, Photo.owner_id, Photo.perceptual_hash)
            .join(UnpairedPhoto, UnpairedPhoto.photo_id == Photo.id)
            .where(UnpairedPhoto.owner_id == first, Photo.perceptual_hash.is_not(None))
            .order_by(UnpairedPhoto.photo_id)
            .limit(_AT_ONCE)
        )
        photos = (await session.execute(query)).all()
        rows = await _pairs_of(session, photos) if photos else []
    if photos:
        async with database.writing() as session:
            await _keep(session, photos, rows)
    return len(photos)


async def _pairs_of(session: AsyncSession, photos: Any) -> list[dict[str, Any]]:
    """The nearest others of each photo, every pair once."""
    owner_id = photos[0].owner_id
    alike = defaultdict(list)
    for found in await near(session, owner_id, [photo.perceptual_hash for photo in photos], PAIR_DISTANCE):
        if found.photo_id != photos[found.number].id:
            alike[found.number].append((found.distance, found.photo_id))
    pairs = {
        (*sorted((photos[number].id, photo_id)), apart)
        for number, others in alike.items()
        for apart, photo_id in sorted(others)[:_NEAREST]
    }
    return [
        {"owner_id": owner_id, "photo_id": one, "other_id": other, "distance": apart, "is_dismissed": False}
        for one, other, apart in sorted(pairs)
    ]


async def _keep(session: AsyncSession, photos: Any, rows: list[dict[str, Any]]) -> None:
    """Write the pairs down, but of photos that meanwhile went away or got another hash."""
    involved = {row[name] for row in rows for name in ("photo_id", "other_id")} | {photo.id for photo in photos}
    kept: Any = await session.execute(select(Photo.id, Photo.perceptual_hash).where(Photo.id.in_(involved)))
    hashes = {row.id: row.perceptual_hash for row in kept}
    same = {photo.id for photo in photos if hashes.get(photo.id) == photo.perceptual_hash}
    fresh = [row for row in rows if row["photo_id"] in hashes and row["other_id"] in hashes]
    fresh = [row for row in fresh if row["photo_id"] in same or row["other_id"] in same]
    if fresh:
        await session.execute(insert_new(session, PhotoPair), fresh)
    await session.execute(delete(UnpairedPhoto).where(UnpairedPhoto.photo_id.in_(same)))
