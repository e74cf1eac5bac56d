"""Work that is divided: a job waits for its parts, each is done and tried again by itself, the last one wakes it.

Who changes a job and its parts locks the job first, then the parts in the order of their ids: nobody waits in a circle.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import case, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.ids import new_id
from metadata_service.db.types import utc_now
from metadata_service.tables import JobStatus, Upload, UploadJob
from metadata_service.upload_jobs import leases
from metadata_service.upload_jobs.leases import Lease
from metadata_service.upload_jobs.stages import QUEUES, Stage

_LOOKS_AGAIN: Final = timedelta(hours=1)
"""The last part wakes the job in the transaction in which it ends; to look sooner would change nothing."""


async def divide(session: AsyncSession, lease: Lease, upload: Upload, stage: Stage, count: int) -> None:
    """Add parts numbered from 0, to be done as `stage`; the job is due again when all have ended."""
    begun = await session.scalar(select(UploadJob.created_at).where(UploadJob.id == lease.job_id))
    common = {
        "owner_id": upload.owner_id,
        "session_id": upload.session_id,
        "upload_id": upload.id,
        "parent_id": lease.job_id,
        "kind": "process",
        "stage": stage,
        "queue": QUEUES[stage],
        # As long as the job itself, and so before others that came later: what is begun is brought to its end first.
        "due_at": begun,
    }
    await _wait(session, lease, parts_left=count, due_at=utc_now() + _LOOKS_AGAIN)
    await session.execute(insert(UploadJob), [{**common, "id": new_id(), "part": number} for number in range(count)])


async def wait(session: AsyncSession, lease: Lease) -> None:
    """Go on waiting for the parts that are left."""
    later = case((UploadJob.parts_left > 0, utc_now() + _LOOKS_AGAIN), else_=UploadJob.created_at)
    await _wait(session, lease, due_at=later)


async def _wait(session: AsyncSession, lease: Lease, **values: object) -> None:
    """The lease is nobody's from now on, so no sign of life of ours puts off what a part says."""
    nobodys = {"worker": None, "lease": UploadJob.lease + 1, "attempts": UploadJob.attempts - 1}
    await leases.write(session, lease, **nobodys, **values)


async def one_ended(session: AsyncSession, parent_id: UUID) -> None:
    """Count down; the last one makes the job due. To be called before the part itself is changed."""
    is_last = UploadJob.parts_left <= 1
    waits = UploadJob.id == parent_id, UploadJob.status == JobStatus.PROCESSING, UploadJob.parts_left > 0
    counted = update(UploadJob).where(*waits)
    counted = counted.values(
        parts_left=UploadJob.parts_left - 1,
        due_at=case((is_last, UploadJob.created_at), else_=UploadJob.due_at),
        updated_at=utc_now(),
    )
    await session.execute(counted.execution_options(synchronize_session=False))


async def errors(session: AsyncSession, parent_id: UUID) -> list[str]:
    """Why parts failed, in their order."""
    query = select(UploadJob.error).where(UploadJob.parent_id == parent_id, UploadJob.status == JobStatus.FAILED)
    return [why or "" for why in await session.scalars(query.order_by(UploadJob.part))]


async def forget(session: AsyncSession, parent_id: UUID) -> None:
    """Remove all parts of a job that the caller has locked; who works on one finds that it is theirs no more."""
    parts = select(UploadJob.id).where(UploadJob.parent_id == parent_id).order_by(UploadJob.id)
    ids = list(await session.scalars(parts.with_for_update()))
    gone = delete(UploadJob).where(UploadJob.parent_id == parent_id)
    if ids:
        await session.execute(gone.execution_options(synchronize_session=False))
