"""Statements about jobs, for those who work on them and those who wait for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.tables import Upload, UploadJob, UploadSession

_SHOWN = (
    UploadJob.id,
    UploadJob.upload_id,
    UploadJob.session_id,
    UploadJob.kind,
    UploadJob.reason,
    UploadJob.status,
    UploadJob.stage,
    UploadJob.stages,
    UploadJob.attempts,
    UploadJob.waiting_for,
    UploadJob.error,
    UploadJob.is_parked,
    UploadJob.result,
    UploadJob.created_at,
    UploadJob.started_at,
    UploadJob.finished_at,
    UploadJob.updated_at,
    Upload.filename,
)


async def has_session(session: AsyncSession, owner_id: int, session_id: UUID) -> bool:
    """Tell whether the upload session is the owner's."""
    query = select(UploadSession.id).where(UploadSession.id == session_id, UploadSession.owner_id == owner_id)
    return await session.scalar(query) is not None


async def counts(session: AsyncSession, session_id: UUID) -> dict[tuple[str, str | None], int]:
    """How many jobs of a session are in each status, at each stage; read from an index alone."""
    query = (
        select(UploadJob.status, UploadJob.stage, func.count())
        .where(UploadJob.session_id == session_id, UploadJob.archived_at.is_(None))
        .group_by(UploadJob.status, UploadJob.stage)
    )
    return {(status, stage): count for status, stage, count in await session.execute(query)}


async def jobs(
    session: AsyncSession, session_id: UUID, *, after: UUID | None, since: datetime | None, limit: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """A page of a session's jobs in the order they came; with `since`, of those that changed later."""
    query = (
        select(*_SHOWN)
        .join(Upload, Upload.id == UploadJob.upload_id)
        .where(UploadJob.session_id == session_id, UploadJob.archived_at.is_(None))
        .order_by(UploadJob.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(UploadJob.id > after)
    if since is not None:
        query = query.where(UploadJob.updated_at > since)
    return (await session.execute(query)).all()


async def job(session: AsyncSession, owner_id: int, job_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """One job of the owner's, archived or not."""
    query = select(*_SHOWN).join(Upload, Upload.id == UploadJob.upload_id)
    return (await session.execute(query.where(UploadJob.id == job_id, UploadJob.owner_id == owner_id))).first()


async def jobs_of_upload(session: AsyncSession, upload_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """All runs over one upload, the first one first."""
    query = select(*_SHOWN).join(Upload, Upload.id == UploadJob.upload_id)
    return (await session.execute(query.where(UploadJob.upload_id == upload_id).order_by(UploadJob.id))).all()


async def own_job(session: AsyncSession, owner_id: int, job_id: UUID) -> UploadJob | None:
    """One job of the owner's, to change it."""
    query = select(UploadJob).where(UploadJob.id == job_id, UploadJob.owner_id == owner_id)
    return (await session.scalars(query.with_for_update())).one_or_none()


async def recent_stages(session: AsyncSession, limit: int) -> list[list[dict[str, Any]]]:
    """What the jobs that ended last have done."""
    query = (
        select(UploadJob.stages)
        .where(UploadJob.finished_at.is_not(None), UploadJob.archived_at.is_(None), UploadJob.status == "completed")
        .order_by(UploadJob.finished_at.desc())
        .limit(limit)
    )
    return list(await session.scalars(query))


async def under_way(session: AsyncSession, upload_id: UUID) -> UUID | None:
    """The job that has not ended, if the upload has one."""
    query = select(UploadJob.id).where(UploadJob.upload_id == upload_id, UploadJob.due_at.is_not(None))
    return (await session.scalars(query.limit(1))).first()


async def archive(session: AsyncSession, before: datetime, now: datetime) -> int:
    """Put jobs that ended before a moment out of sight."""
    query = update(UploadJob).where(UploadJob.finished_at < before, UploadJob.archived_at.is_(None))
    done = await session.execute(query.values(archived_at=now).returning(UploadJob.id))
    return len(done.all())
