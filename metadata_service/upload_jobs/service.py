"""Begins work on uploads, tells how far it is, ends it."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.ids import new_id
from metadata_service.db.types import utc_now
from metadata_service.tables import JobKind, JobStatus, Photo, Upload, UploadJob, UploadStatus
from metadata_service.upload_jobs import analysing, repository
from metadata_service.upload_jobs.errors import (
    JobEndedError,
    JobNotFoundError,
    JobUnderWayError,
    PhotoInTrashError,
    UploadSessionNotFoundError,
)
from metadata_service.upload_jobs.estimates import StageTimes
from metadata_service.upload_jobs.repository import SessionState
from metadata_service.upload_jobs.schemas import JobOut, SessionStatus, Summary
from metadata_service.upload_jobs.stages import QUEUES, STAGES, percent_done


def enqueue(session: AsyncSession, uploads: Iterable[Upload], kind: JobKind, reason: str | None = None) -> list[UUID]:
    """Add a job for each upload, in the transaction of the caller: both are there, or neither."""
    ids = []
    for upload in uploads:
        job = UploadJob(
            id=new_id(),
            owner_id=upload.owner_id,
            session_id=upload.session_id,
            upload_id=upload.id,
            queue=QUEUES[STAGES[0]],
            kind=kind,
            reason=reason,
        )
        session.add(job)
        ids.append(job.id)
    return ids


async def status(
    session: AsyncSession,
    times: StageTimes,
    owner_id: int,
    session_id: UUID,
    *,
    cursor: UUID | None = None,
    since: datetime | None = None,
    limit: int,
) -> SessionStatus:
    """Tell how far a session is: all of it counted, and a page of its jobs."""
    await times.refresh(session)
    state = await repository.session_state(session, owner_id, session_id, after=cursor, since=since, limit=limit + 1)
    if state is None:
        raise UploadSessionNotFoundError
    rows = state.jobs
    return SessionStatus(
        upload_session_id=session_id,
        jobs=[JobOut.of(row, times.after(row.stage)) for row in rows[:limit]],
        summary=_summary(state, times),
        next_cursor=rows[limit - 1].id if len(rows) > limit else None,
    )


def _summary(state: SessionState, times: StageTimes) -> Summary:
    counts: Counter[str] = Counter()
    stages: Counter[str | None] = Counter()
    for (name, stage), count in state.counts.items():
        counts[name] += count
        if name in {JobStatus.PENDING, JobStatus.PROCESSING}:
            stages[stage] += count
    total, ended = counts.total(), counts.total() - stages.total()
    progress = 100 * ended + sum(percent_done(stage) * count for stage, count in stages.items())
    return Summary(
        total_jobs=total,
        **{name: counts[name] for name in JobStatus},
        overall_progress_percent=round(progress / total, 1) if total else 100.0,
        estimated_remaining_seconds=times.of_all(stages, counts["processing"]),
    )


async def show(session: AsyncSession, times: StageTimes, owner_id: int, job_id: UUID) -> JobOut:
    """Tell of one job, or raise `JobNotFoundError`."""
    row = await repository.job(session, owner_id, job_id)
    if row is None:
        raise JobNotFoundError
    await times.refresh(session)
    return JobOut.of(row, times.after(row.stage))


async def cancel(session: AsyncSession, owner_id: int, job_id: UUID) -> None:
    """End a job now: whoever works on it finds that it is theirs no more. The original stays."""
    job = await _own(session, owner_id, job_id)
    if job.due_at is None:
        raise JobEndedError(f"The job has ended: it is {job.status}.")
    job.status, job.due_at, job.finished_at = JobStatus.CANCELLED, None, utc_now()
    job.updated_at = utc_now()
    job.lease += 1
    job.parts_left = None
    await session.flush()
    await analysing.give_up(session, job.upload_id, job.id)
    upload = await session.get_one(Upload, job.upload_id)
    upload.status = UploadStatus.READY if upload.photo_id and upload.thumbnail_key else UploadStatus.CANCELLED
    await session.flush()


async def retry(session: AsyncSession, owner_id: int, job_id: UUID) -> None:
    """Begin a job again that failed or was cancelled, at the step where it stood."""
    job = await _own(session, owner_id, job_id)
    upload = await session.get_one(Upload, job.upload_id)
    await refuse_second(session, job.upload_id)
    await refuse_trashed(session, upload)
    if job.status == JobStatus.COMPLETED:
        raise JobEndedError("The job was completed. To do it again, reprocess the photo.")
    now = utc_now()
    again: dict[str, Any] = {"status": JobStatus.PENDING, "due_at": now, "updated_at": now, "archived_at": None}
    blank: dict[str, Any] = {"finished_at": None, "error": None, "waiting_for": None, "is_parked": False}
    for name, value in (again | blank | {"attempts": 0, "waits": 0}).items():
        setattr(job, name, value)
    upload.status, upload.error = UploadStatus.UPLOADED, None
    await session.flush()


async def refuse_trashed(session: AsyncSession, upload: Upload) -> None:
    """Raise `PhotoInTrashError` when the upload's photo was thrown away: nothing brings it back but its owner."""
    photo = None if upload.photo_id is None else await session.get(Photo, upload.photo_id)
    if photo is not None and photo.deleted_at is not None:
        raise PhotoInTrashError("The photo lies in the trash. Take it out, then have it made again.")


async def refuse_second(session: AsyncSession, upload_id: UUID) -> None:
    """Raise `JobUnderWayError` when the upload has a job that has not ended."""
    if await repository.under_way(session, upload_id) is not None:
        raise JobUnderWayError


async def _own(session: AsyncSession, owner_id: int, job_id: UUID) -> UploadJob:
    found = await repository.job(session, owner_id, job_id)
    if found is None:
        raise JobNotFoundError
    # As everywhere: the upload's row first, the job's after it.
    await session.get(Upload, found.upload_id, with_for_update={"key_share": True})
    job = await repository.own_job(session, owner_id, job_id)
    if job is None:
        raise JobNotFoundError
    return job
