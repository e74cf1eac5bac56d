"""Who may work on which job, and for how long.

One column says it all: `due_at` is when a job may be taken, by whoever comes first. A waiting job is due when it may be
tried; a job under way is due when its worker has given no sign of life for too long. Taking it counts `lease` up, and
whoever works writes only under the lease that is theirs: a worker that was thought dead and wakes up changes nothing.

Clocks of several machines may differ by much less than a lease, not by more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import utc_now
from metadata_service.tables import JobStatus, Upload, UploadJob, UploadStatus

MAX_ATTEMPTS: Final = 4
"""How often a job is begun whose worker died or met what nobody foresaw, before it is parked."""


class LeaseLostError(Exception):
    """The job is somebody else's now, or was cancelled: whatever was done for it is to be undone."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a job."""

    job_id: UUID
    upload_id: UUID
    number: int
    attempts: int
    waits: int
    stage: str | None


async def any_due(session: AsyncSession) -> bool:
    """Tell whether there is anything to take: asked often, and only a look."""
    return await session.scalar(select(UploadJob.id).where(UploadJob.due_at <= utc_now()).limit(1)) is not None


async def take(session: AsyncSession, worker: str, count: int, seconds: float) -> list[Lease]:
    """Take up to `count` jobs that are due, the longest due first."""
    now = utc_now()
    due = (
        select(UploadJob.id)
        .where(UploadJob.due_at <= now)
        .order_by(UploadJob.due_at, UploadJob.id)
        .limit(count)
        .with_for_update(skip_locked=True)
        .cte("due")  # as a mere subquery PostgreSQL might run it several times, and take more than `count`
    )
    taken = (
        update(UploadJob)
        .where(UploadJob.id.in_(select(due.c.id)))
        .values(
            status=JobStatus.PROCESSING,
            worker=worker,
            lease=UploadJob.lease + 1,
            attempts=UploadJob.attempts + 1,
            due_at=now + timedelta(seconds=seconds),
            waiting_for=None,
            started_at=now,
            updated_at=now,
        )
        .returning(
            UploadJob.id,
            UploadJob.upload_id,
            UploadJob.lease,
            UploadJob.attempts,
            UploadJob.waits,
            UploadJob.stage,
        )
        .execution_options(synchronize_session=False)
    )
    found = [Lease(*row) for row in await session.execute(taken)]
    if found:
        at_work = update(Upload).where(Upload.id.in_([lease.upload_id for lease in found]))
        await session.execute(at_work.values(status=UploadStatus.PROCESSING, updated_at=now))
    return found


async def renew(session: AsyncSession, leases: Sequence[Lease], seconds: float) -> set[UUID]:
    """Say that all of them are being worked on; give the jobs whose lease is still ours."""
    if not leases:
        return set()
    ours = or_(*(_under(lease) for lease in leases))
    now = utc_now()
    renewed = update(UploadJob).where(ours).values(due_at=now + timedelta(seconds=seconds)).returning(UploadJob.id)
    return set(await session.scalars(renewed.execution_options(synchronize_session=False)))


async def write(session: AsyncSession, lease: Lease, **values: Any) -> None:
    """Change the job under its lease, or raise `LeaseLostError`: the caller's transaction then goes for nothing."""
    changed = update(UploadJob).where(_under(lease)).values(updated_at=utc_now(), **values).returning(UploadJob.id)
    found = await session.execute(changed.execution_options(synchronize_session=False))
    if found.first() is None:
        raise LeaseLostError(lease.job_id)


def _under(lease: Lease) -> Any:
    return and_(UploadJob.id == lease.job_id, UploadJob.lease == lease.number, UploadJob.status == JobStatus.PROCESSING)
