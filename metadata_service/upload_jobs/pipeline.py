"""From an original in the store to a photo in its owner's library: the whole way, one step per line.

Each step can be done again without harm. What it leaves in the database is written in one transaction with the note
that it is done, under the worker's lease; what it leaves in the store has a name that depends on the upload alone.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.turns import take_turn
from metadata_service.db.types import utc_now
from metadata_service.ingest.arrival import Arrival, from_egg
from metadata_service.ingest.schemas import NewPhoto
from metadata_service.ingest.service import keep, stored_coldpreviews, unused
from metadata_service.places import matching
from metadata_service.tables import Analysis, JobStatus, Photo, Upload, UploadJob, UploadStatus
from metadata_service.upload_jobs import analysing, leases
from metadata_service.upload_jobs.bench import Bench
from metadata_service.upload_jobs.keys import thumbnail_key
from metadata_service.upload_jobs.leases import Lease, LeaseLostError
from metadata_service.upload_jobs.originals import read_original
from metadata_service.upload_jobs.stages import Stage, remaining

COLDPREVIEW_SIDE: Final = 1920
THUMBNAIL_SIDE: Final = 300


@dataclass(slots=True)
class Run:
    """One worker's way with one upload."""

    bench: Bench
    lease: Lease
    upload: Upload
    done: list[dict[str, Any]]
    picture: bytes | None = field(default=None, repr=False)  # a smaller JPEG of it, when this run has seen one
    analysis_id: UUID | None = None
    warnings: list[dict[str, Any]] = field(default_factory=list)


async def process(bench: Bench, lease: Lease) -> None:
    """Do what is still to be done; raise whatever keeps it from being done."""
    run = await _begin(bench, lease)
    for stage in remaining(lease.stage):
        started = time.perf_counter()
        finish = await _STEPS[stage](run)
        run.done.append({"stage": stage.value, "seconds": round(time.perf_counter() - started, 3)})
        await finish()


Finish = Callable[[], Awaitable[None]]


async def _begin(bench: Bench, lease: Lease) -> Run:
    async with bench.database.reading() as session:
        query = select(Upload, UploadJob.stages).join(UploadJob, UploadJob.upload_id == Upload.id)
        found = (await session.execute(query.where(UploadJob.id == lease.job_id))).first()
    if found is None:
        raise LeaseLostError(lease.job_id)
    return Run(bench, lease, found[0], list(found[1]))


async def _into_library(run: Run) -> Finish:
    """Have core_service lay the egg, and keep it as any other egg is kept."""
    bench, upload = run.bench, run.upload
    egg = await bench.core.lay_packed_egg(
        lambda: read_original(bench.blobs, upload), upload.filename, COLDPREVIEW_SIDE, seconds=bench.core_seconds
    )
    arrival = from_egg(NewPhoto.model_validate({**egg.model_dump(), "visibility": upload.visibility}))
    run.picture = arrival.coldpreview.jpeg if arrival.coldpreview else None

    async def finish() -> None:
        await _keep(run, arrival)

    return finish


async def _keep(run: Run, arrival: Arrival) -> None:
    bench = run.bench
    async with stored_coldpreviews(bench.blobs, [arrival]) as colds, bench.database.writing() as session:
        upload = await _own(session, run)
        await leases.write(session, run.lease, stage=Stage.THUMBNAIL, stages=run.done)
        (kept,) = await keep(session, upload.owner_id, [arrival], colds)
        if upload.photo_id != kept.photo.id:  # on the way again it is the photo that it was
            upload.photo_id, upload.is_duplicate = kept.photo.id, not kept.is_new
        await matching.settle(session, upload, kept.photo.gps_latitude, kept.photo.gps_longitude)
    for key in unused([kept], colds):
        await bench.blobs.delete(key)


async def _thumbnail(run: Run) -> Finish:
    """Make the small picture for galleries, from the one that core_service made a moment ago, or from the original."""
    bench, upload = run.bench, run.upload
    picture = run.picture or (lambda: read_original(bench.blobs, upload))
    key = thumbnail_key(upload.id)
    await bench.blobs.put(key, await bench.core.resize(picture, THUMBNAIL_SIDE, seconds=bench.core_seconds))

    async def finish() -> None:
        async with bench.database.writing() as session:
            (await _own(session, run)).thumbnail_key = key
            await leases.write(session, run.lease, stage=Stage.ANALYSIS, stages=run.done)

    return finish


async def _analysis(run: Run) -> Finish:
    """Look for what the photo's place says."""
    asked = await analysing.wanted(run.bench, run.lease, run.upload)
    if asked is not None:
        run.analysis_id, run.warnings = await analysing.look(asked)

    async def finish() -> None:
        return

    return finish


async def _summary(run: Run) -> Finish:
    """Find the place, and say how it all ended."""

    async def finish() -> None:
        async with run.bench.database.writing() as session:
            upload = await _own(session, run)
            photo = await session.get(Photo, upload.photo_id)
            if photo is None:
                raise LeaseLostError(run.lease.job_id)
            placed = await matching.settle(session, upload, photo.gps_latitude, photo.gps_longitude)
            upload.warnings = [*placed, *run.warnings]
            upload.status = UploadStatus.WARNING if upload.warnings else UploadStatus.READY
            upload.error = None
            await leases.write(
                session,
                run.lease,
                status=JobStatus.COMPLETED,
                stage=None,
                stages=run.done,
                due_at=None,
                finished_at=utc_now(),
                error=None,
                result={
                    "photo_id": photo.id,
                    "hothash": photo.hothash,
                    "is_duplicate": upload.is_duplicate,
                    "place_id": upload.place_id,
                    "warnings": upload.warnings,
                    **await _seen(session, run),
                },
            )

    return finish


async def _seen(session: AsyncSession, run: Run) -> dict[str, Any]:
    """What an analysis saw, by the names of earlier clients."""
    analysis = None if run.analysis_id is None else await session.get(Analysis, run.analysis_id)
    if analysis is None:
        return {}
    return {"session_id": str(analysis.id), "total_detected": analysis.total_detected}


async def _own(session: AsyncSession, run: Run) -> Upload:
    """The upload's row, in this transaction; it may have been deleted meanwhile.

    Always first: who removes a photo or an account goes from the owner's turn to uploads to jobs as well.
    """
    await take_turn(session, run.upload.owner_id)
    query = select(Upload).where(Upload.id == run.upload.id).with_for_update(key_share=True)
    upload = (await session.scalars(query)).one_or_none()
    if upload is None:
        raise LeaseLostError(run.lease.job_id)
    return upload


_STEPS: Final[dict[Stage, Callable[[Run], Awaitable[Finish]]]] = {
    Stage.LIBRARY: _into_library,
    Stage.THUMBNAIL: _thumbnail,
    Stage.ANALYSIS: _analysis,
    Stage.SUMMARY: _summary,
}
