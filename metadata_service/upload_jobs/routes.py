"""`/photos/jobs`: how far uploads are, to poll and to follow; and to end or repeat what is done for them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Depends, Path, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import AwareDatetime

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.engine import Database
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession, database
from metadata_service.upload_jobs import service
from metadata_service.upload_jobs.errors import (
    JobEndedError,
    JobNotFoundError,
    JobUnderWayError,
    PhotoInTrashError,
    UploadSessionNotFoundError,
)
from metadata_service.upload_jobs.schemas import JobOut, SessionStatus
from metadata_service.upload_jobs.wiring import Times, UploadRunner
from service_kit.problems import answers

router = APIRouter(prefix="/photos/jobs", tags=["upload jobs"])

MOST_JOBS: Final = 500
_EVENT_PAUSE: Final = 0.5
_READ = (NotSignedInError, InvalidTokenError)
_WRITE = (*_READ, CrossSiteRequestError, DatabaseBusyError, JobNotFoundError)
SessionId = Annotated[UUID, Query(alias="upload_session_id", description="As `POST /photos/upload` answered.")]
JobId = Annotated[UUID, Path()]


@router.get(
    "/status",
    summary="How far the uploads of a session are",
    responses=answers(*_READ, UploadSessionNotFoundError),
)
async def session_status(
    session_id: SessionId,
    owner_id: SignedIn,
    session: ReadSession,
    times: Times,
    *,
    limit: Annotated[int, Query(ge=1, le=MOST_JOBS)] = 100,
    cursor: Annotated[UUID | None, Query(description="`next_cursor` of the page before.")] = None,
    since: Annotated[AwareDatetime | None, Query(description="Only jobs that changed after this instant.")] = None,
) -> SessionStatus:
    return await service.status(session, times, owner_id, session_id, cursor=cursor, since=since, limit=limit)


async def _first(session_id: SessionId, owner_id: SignedIn, session: ReadSession, times: Times) -> SessionStatus:
    return await service.status(session, times, owner_id, session_id, limit=MOST_JOBS)


@router.get(
    "/events",
    summary="Follow a session: an event with what changed, whenever something does, until all jobs have ended",
    response_class=EventSourceResponse,
    responses=answers(*_READ, UploadSessionNotFoundError),
)
async def follow(
    state: Annotated[SessionStatus, Depends(_first, scope="function")],
    session_id: SessionId,
    owner_id: SignedIn,
    times: Times,
    database: Annotated[Database, Depends(database)],
) -> AsyncIterator[ServerSentEvent]:
    since = newest = None
    is_first = True
    while True:
        if state.jobs or is_first:
            yield ServerSentEvent(data=state, event="progress")
        is_first, newest = False, _newest(state, newest)
        if state.next_cursor is None:  # all that changed has been told
            if not (state.summary.pending or state.summary.processing):
                return
            since = newest
            await asyncio.sleep(_EVENT_PAUSE)
        async with database.reading() as session:
            state = await service.status(
                session, times, owner_id, session_id, cursor=state.next_cursor, since=since, limit=MOST_JOBS
            )


def _newest(state: SessionStatus, seen: datetime | None) -> datetime | None:
    return max((job.updated_at for job in state.jobs), default=seen)


@router.get("/{job_id:uuid}", summary="One job", responses=answers(*_READ, JobNotFoundError))
@router.get(
    "/{job_id:uuid}/status", summary="The same, for earlier clients", responses=answers(*_READ, JobNotFoundError)
)
async def job_status(job_id: JobId, owner_id: SignedIn, session: ReadSession, times: Times) -> JobOut:
    return await service.show(session, times, owner_id, job_id)


@router.post(
    "/{job_id:uuid}/cancel",
    summary="End a job; the original stays",
    responses=answers(*_WRITE, JobEndedError),
)
async def cancel(job_id: JobId, owner_id: SignedIn, session: WriteSession, times: Times) -> JobOut:
    await service.cancel(session, owner_id, job_id)
    return await service.show(session, times, owner_id, job_id)


@router.post(
    "/{job_id:uuid}/retry",
    summary="Begin a job again that failed or was cancelled",
    responses=answers(*_WRITE, JobEndedError, JobUnderWayError, PhotoInTrashError),
)
async def retry(
    job_id: JobId,
    owner_id: SignedIn,
    session: WriteSession,
    times: Times,
    *,
    runner: UploadRunner,
    after_commit: BackgroundTasks,
) -> JobOut:
    await service.retry(session, owner_id, job_id)
    after_commit.add_task(runner.wake)
    return await service.show(session, times, owner_id, job_id)
