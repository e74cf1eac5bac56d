"""Statements about places."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.tables import Place, PlaceEvent, Upload


async def all_of(session: AsyncSession, owner_id: int) -> list[Place]:
    """The owner's places, by id."""
    return list(await session.scalars(select(Place).where(Place.owner_id == owner_id).order_by(Place.id)))


async def find(session: AsyncSession, owner_id: int, place_id: int, *, to_change: bool = False) -> Place | None:
    """One of the owner's places; `to_change` lets nobody else change it meanwhile."""
    query = select(Place).where(Place.id == place_id, Place.owner_id == owner_id)
    return (await session.scalars(query.with_for_update() if to_change else query)).one_or_none()


async def has_parts(session: AsyncSession, owner_id: int, place_id: int) -> bool:
    """Tell whether other places lie in it."""
    query = select(Place.id).where(Place.owner_id == owner_id, Place.parent_id == place_id).limit(1)
    return await session.scalar(query) is not None


async def count_uploads(session: AsyncSession, place_id: int) -> int:
    """How many uploads belong to the place."""
    return await session.scalar(select(func.count()).select_from(Upload).where(Upload.place_id == place_id)) or 0


async def history(
    session: AsyncSession, place_id: int, *, before: int | None, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """What happened at the place, the last first."""
    query = (
        select(PlaceEvent.id, PlaceEvent.at, PlaceEvent.event, Upload.id, Upload.filename, Upload.photo_id)
        .join(Upload, Upload.id == PlaceEvent.upload_id)
        .where(PlaceEvent.place_id == place_id)
        .order_by(PlaceEvent.id.desc())
        .limit(limit)
    )
    return (await session.execute(query if before is None else query.where(PlaceEvent.id < before))).all()
