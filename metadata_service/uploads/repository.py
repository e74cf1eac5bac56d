"""Statements about uploads; every one is its owner's alone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from metadata_service.db.ids import first_of
from metadata_service.tables import Analysis, Photo, PlaceEvent, Upload, UploadSession, UploadStatus
from metadata_service.visibility import Viewer, trash


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a gallery is asked for."""

    statuses: Collection[UploadStatus] = ()
    place_ids: Collection[int] | None = None
    date_from: datetime | None = None
    date_to: datetime | None = None
    in_trash: bool = False

    def conditions(self, owner_id: int) -> list[ColumnElement[bool]]:
        """What does not ask for the trash. Ids sort by when they were made, so dates are a range of ids."""
        found = [Upload.owner_id == owner_id]
        if self.statuses:
            found.append(Upload.status.in_(self.statuses))
        if self.place_ids is not None:
            found.append(Upload.place_id.in_(self.place_ids))
        if self.date_from is not None:
            found.append(Upload.id >= first_of(self.date_from))
        if self.date_to is not None:
            found.append(Upload.id < first_of(self.date_to))
        return found


async def page(
    session: AsyncSession, owner_id: int, wanted: Wanted, *, before: UUID | None, offset: int, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """A page of uploads, the last first, with what their photos say: (upload, taken_at, width, height, deleted_at)."""
    thrown_away = Upload.photo_id.in_(select(Photo.id).where(*trash(Viewer(owner_id))))
    # An upload without a photo is in no trash.
    where = thrown_away if wanted.in_trash else or_(Upload.photo_id.is_(None), ~thrown_away)
    ids = select(Upload.id).where(*wanted.conditions(owner_id), where)
    ids = ids.order_by(Upload.id.desc()).offset(offset).limit(limit)
    if before is not None:
        ids = ids.where(Upload.id < before)
    found = ids.subquery()
    query = (
        select(Upload, Photo.taken_at, Photo.width, Photo.height, Photo.deleted_at)
        .join(found, found.c.id == Upload.id)
        .outerjoin(Photo, Photo.id == Upload.photo_id)
        .order_by(Upload.id.desc())
    )
    return (await session.execute(query)).all()


async def count(session: AsyncSession, owner_id: int, wanted: Wanted) -> int:
    """How many there are: all, which an index counts, without the few in the trash."""
    everything = select(func.count()).select_from(Upload).where(*wanted.conditions(owner_id))
    thrown_away = everything.join(Photo, Photo.id == Upload.photo_id).where(*trash(Viewer(owner_id))).scalar_subquery()
    found = thrown_away if wanted.in_trash else everything.scalar_subquery() - thrown_away
    return await session.scalar(select(found)) or 0


async def find(session: AsyncSession, owner_id: int, upload_id: UUID, *, to_change: bool = False) -> Upload | None:
    """One of the owner's uploads."""
    query = select(Upload).where(Upload.id == upload_id, Upload.owner_id == owner_id)
    return (await session.scalars(query.with_for_update(key_share=True) if to_change else query)).one_or_none()


async def has_session(session: AsyncSession, owner_id: int, session_id: UUID) -> bool:
    """Tell whether the upload session is the owner's."""
    query = select(UploadSession.id).where(UploadSession.id == session_id, UploadSession.owner_id == owner_id)
    return await session.scalar(query) is not None


async def latest_analyses(session: AsyncSession, upload_ids: Collection[UUID]) -> dict[UUID, Analysis]:
    """The last analysis of each upload that has one."""
    query = select(Analysis).where(Analysis.upload_id.in_(upload_ids)).order_by(Analysis.id)
    return {analysis.upload_id: analysis for analysis in await session.scalars(query)}


async def place_events(session: AsyncSession, place_id: int, limit: int) -> list[PlaceEvent]:
    """What happened last at a place."""
    query = select(PlaceEvent).where(PlaceEvent.place_id == place_id).order_by(PlaceEvent.id.desc()).limit(limit)
    return list(await session.scalars(query))


async def photos_only_here(session: AsyncSession, owner_id: int, upload_ids: Collection[UUID]) -> list[int]:
    """The photos that came by these uploads, and by no other way that is left."""
    other = aliased(Upload)
    elsewhere = exists().where(other.photo_id == Upload.photo_id, other.id.not_in(upload_ids))
    query = select(Upload.photo_id).where(
        Upload.owner_id == owner_id,
        Upload.id.in_(upload_ids),
        Upload.photo_id.is_not(None),
        Upload.is_duplicate.is_(False),
        ~elsewhere,
    )
    return [photo_id for photo_id in await session.scalars(query) if photo_id is not None]


async def delete_some(session: AsyncSession, owner_id: int, upload_ids: Collection[UUID]) -> set[UUID]:
    """Remove uploads with their jobs; a trigger gives up their objects."""
    gone = delete(Upload).where(Upload.owner_id == owner_id, Upload.id.in_(upload_ids)).returning(Upload.id)
    return set(await session.scalars(gone.execution_options(synchronize_session=False)))
