"""Statements about jobs, for those who work on them and those who wait for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Row, Select, Subquery, Uuid, bindparam, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import UtcDateTime
from metadata_service.tables import JobStatus, Upload, UploadJob, UploadSession
from metadata_service.upload_jobs.stages import STAGES

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


@dataclass(frozen=True, slots=True)
class SessionState:
    """How many jobs of a session are in each status at each stage, and a page of them, seen at one moment."""

    counts: dict[tuple[str, str | None], int]
    jobs: Sequence[Row[*tuple[Any, ...]]]


async def session_state(
    session: AsyncSession, owner_id: int, session_id: UUID, *, after: UUID | None, since: datetime | None, limit: int
) -> SessionState | None:
    """Count an owner's session by an index alone, and list its jobs as they came; with `since`, those changed later.

    One statement, because it is asked often, and because who hears that all is done is to be shown no older jobs.
    Nothing when the session is not the owner's.
    """
    query = _state(is_further=after is not None, is_news=since is not None)
    asked = {"owner_id": owner_id, "session_id": session_id, "after": after, "since": since, "limit": limit}
    rows = (await session.execute(query, asked)).all()
    if not rows:
        return None
    counts = {which: int(count) for which, count in zip(_COUNTED, rows[0], strict=False) if count}
    return SessionState(counts, [row for row in rows if row.id is not None])


_UNENDED: Final = (JobStatus.PENDING, JobStatus.PROCESSING)
_COUNTED: Final[tuple[tuple[str, str | None], ...]] = (
    *((status.value, stage) for status in _UNENDED for stage in (None, *STAGES)),
    *((status.value, None) for status in JobStatus if status not in _UNENDED),
)
"""What is told apart: at which stage a job has ended does not matter."""


_SESSION: Final = bindparam("session_id", type_=Uuid())
_IN_SIGHT: Final = (UploadJob.session_id == _SESSION, UploadJob.archived_at.is_(None), UploadJob.parent_id.is_(None))


@cache  # it takes longer to put together than to run
def _state(*, is_further: bool, is_news: bool) -> Select[*tuple[Any, ...]]:
    counted, page = _counted(), _page(is_further=is_further, is_news=is_news)
    return (
        select(counted, page)
        .select_from(UploadSession)
        .join(counted, true())
        .outerjoin(page, true())
        .where(UploadSession.id == _SESSION, UploadSession.owner_id == bindparam("owner_id"))
        .order_by(page.c.id)
    )


def _counted() -> Subquery:
    """A row of one number for each of `_COUNTED`."""
    groups = (
        select(UploadJob.status, UploadJob.stage, func.count().label("number"))
        .where(*_IN_SIGHT)
        .group_by(UploadJob.status, UploadJob.stage)
        .subquery("groups")
    )

    def number(status: str, stage: str | None) -> ColumnElement[Any]:
        is_there = [groups.c.status == status] + ([groups.c.stage == stage] if status in _UNENDED else [])
        return func.sum(groups.c.number).filter(*is_there)

    return select(*(number(*which).label(f"count_{n}") for n, which in enumerate(_COUNTED))).subquery("counted")


def _page(*, is_further: bool, is_news: bool) -> Subquery:
    query = select(*_SHOWN).join(Upload, Upload.id == UploadJob.upload_id).where(*_IN_SIGHT)
    if is_further:
        query = query.where(UploadJob.id > bindparam("after", type_=Uuid()))
    if is_news:
        query = query.where(UploadJob.updated_at > bindparam("since", type_=UtcDateTime()))
    return query.order_by(UploadJob.id).limit(bindparam("limit", type_=Integer)).subquery("page")


async def job(session: AsyncSession, owner_id: int, job_id: UUID) -> Row[*tuple[Any, ...]] | None:
    """One job of the owner's, archived or not."""
    query = select(*_SHOWN).join(Upload, Upload.id == UploadJob.upload_id)
    return (await session.execute(query.where(*_whole(owner_id, job_id)))).first()


async def jobs_of_upload(session: AsyncSession, upload_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """All runs over one upload, the first one first."""
    query = select(*_SHOWN).join(Upload, Upload.id == UploadJob.upload_id)
    runs = query.where(UploadJob.upload_id == upload_id, UploadJob.parent_id.is_(None))
    return (await session.execute(runs.order_by(UploadJob.id))).all()


async def own_job(session: AsyncSession, owner_id: int, job_id: UUID) -> UploadJob | None:
    """One job of the owner's, to change it."""
    query = select(UploadJob).where(*_whole(owner_id, job_id))
    return (await session.scalars(query.with_for_update())).one_or_none()


def _whole(owner_id: int, job_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Parts of jobs are nobody's to ask for."""
    return UploadJob.id == job_id, UploadJob.owner_id == owner_id, UploadJob.parent_id.is_(None)


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
