"""The right to work on a job, for as long as one gives signs of life.

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
from metadata_service.tables import JobStatus, UploadJob
from metadata_service.upload_jobs.stages import QUEUES, Queue, Stage

MAX_ATTEMPTS: Final = 4
"""How often a job is begun whose worker died or met what nobody foresaw, before it is parked."""


class LeaseLostError(Exception):
    """The job is somebody else's now, or was cancelled: whatever was done for it is to be undone."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a job, or on a part of one, in a queue."""

    job_id: UUID
    upload_id: UUID
    parent_id: UUID | None
    queue: Queue
    number: int
    attempts: int
    waits: int
    stage: str | None


async def renew(session: AsyncSession, leases: Sequence[Lease], seconds: float) -> set[UUID]:
    """Say that all of them are being worked on; give the jobs whose lease is still ours."""
    if not leases:
        return set()
    ours = select(UploadJob.id).where(or_(*(_under(lease) for lease in leases)))
    # In one order, as everywhere: two who lock several jobs would else wait for each other.
    locked = ours.order_by(UploadJob.id).with_for_update().cte("ours")
    later = utc_now() + timedelta(seconds=seconds)
    renewed = update(UploadJob).where(UploadJob.id.in_(select(locked.c.id))).values(due_at=later)
    return set(await session.scalars(renewed.returning(UploadJob.id).execution_options(synchronize_session=False)))


async def write(session: AsyncSession, lease: Lease, /, **values: Any) -> None:
    """Change the job under its lease, or raise `LeaseLostError`: the caller's transaction then goes for nothing."""
    changed = update(UploadJob).where(_under(lease)).values(updated_at=utc_now(), **values).returning(UploadJob.id)
    found = await session.execute(changed.execution_options(synchronize_session=False))
    if found.first() is None:
        raise LeaseLostError(lease.job_id)


async def hand_over(session: AsyncSession, lease: Lease, stage: Stage, **values: Any) -> None:
    """Leave the job to those who work on the queue of its next step; nobody died, so no attempt is used up."""
    freed = {"status": JobStatus.PENDING, "worker": None, "due_at": utc_now(), "attempts": UploadJob.attempts - 1}
    await write(session, lease, stage=stage, queue=QUEUES[stage], waits=0, **freed, **values)


def _under(lease: Lease) -> Any:
    return and_(UploadJob.id == lease.job_id, UploadJob.lease == lease.number, UploadJob.status == JobStatus.PROCESSING)
