"""One worker's way with one job: what it knows of it, and how it notes that a step is done."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.turns import take_turn
from metadata_service.tables import Upload, UploadJob
from metadata_service.upload_jobs import leases
from metadata_service.upload_jobs.bench import Bench
from metadata_service.upload_jobs.leases import Lease, LeaseLostError
from metadata_service.upload_jobs.stages import QUEUES, STAGES, Stage, remaining

Finish = Callable[[], Coroutine[Any, Any, None]]
"""Writes down what a step has made, with the note that it is done, in one transaction."""

Step = Callable[["Run"], Awaitable[Finish]]


@dataclass(slots=True)
class Run:
    """A job under a lease; `stage` is what is to be done here and now, nothing when that is others' to do."""

    bench: Bench
    lease: Lease
    upload: Upload
    stage: Stage | None
    done: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    parts_left: int | None
    seconds: float = 0.0


async def begin(bench: Bench, lease: Lease) -> Run:
    """Read what there is to know."""
    async with bench.database.reading() as session:
        query = select(Upload, UploadJob.stages, UploadJob.warnings, UploadJob.parts_left)
        query = query.join(UploadJob, UploadJob.upload_id == Upload.id).where(UploadJob.id == lease.job_id)
        found = (await session.execute(query)).first()
    if found is None:
        raise LeaseLostError(lease.job_id)
    upload, done, warnings, parts_left = found
    return Run(bench, lease, upload, Stage(lease.stage or STAGES[0]), list(done), list(warnings), parts_left)


async def own(session: AsyncSession, run: Run) -> Upload:
    """The upload's row, in this transaction; it may have been deleted meanwhile.

    Always first: who removes a photo or an account goes from the owner's turn to uploads to jobs as well.
    """
    await take_turn(session, run.upload.owner_id)
    query = select(Upload).where(Upload.id == run.upload.id).with_for_update(key_share=True)
    upload = (await session.scalars(query)).one_or_none()
    if upload is None:
        raise LeaseLostError(run.lease.job_id)
    return upload


def tick_off(run: Run, *skipped: Stage) -> None:
    """Remember that the step is done, and that those after it have nothing to do."""
    seconds = {run.stage: round(run.seconds, 3)} | dict.fromkeys(skipped, 0.0)
    run.done += [{"stage": stage.value, "seconds": seconds[stage]} for stage in STAGES if stage in seconds]


async def note(session: AsyncSession, run: Run, *skipped: Stage, **values: Any) -> None:
    """Write down that the step is done; the next follows here, if it is of the same queue, else it is handed over."""
    following = next(stage for stage in remaining(run.stage)[1:] if stage not in skipped)
    tick_off(run, *skipped)
    values |= {"stages": run.done, "warnings": run.warnings}
    if QUEUES[following] is run.lease.queue:
        await leases.write(session, run.lease, stage=following, **values)
        run.stage = following
    else:
        await leases.hand_over(session, run.lease, following, **values)
        run.stage = None
