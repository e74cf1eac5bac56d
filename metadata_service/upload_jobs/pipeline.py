"""From an original in the store to a photo in its owner's library: the whole way, one step per line.

Each step can be done again without harm. What it leaves in the database is written in one transaction with the note
that it is done, under the worker's lease; what it leaves in the store has a name that depends on the upload alone.
"""

import asyncio
import time
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.core_client import Pieces
from metadata_service.db.types import utc_now
from metadata_service.ingest.arrival import Arrival, from_egg
from metadata_service.ingest.schemas import NewPhoto
from metadata_service.ingest.service import keep, stored_coldpreviews, unused
from metadata_service.places import matching
from metadata_service.storage import BlobMissingError
from metadata_service.tables import Analysis, JobStatus, Photo, UploadStatus
from metadata_service.upload_jobs import analysing, leases
from metadata_service.upload_jobs.bench import Bench
from metadata_service.upload_jobs.keys import thumbnail_key
from metadata_service.upload_jobs.leases import Lease, LeaseLostError
from metadata_service.upload_jobs.originals import read_original
from metadata_service.upload_jobs.run import Finish, Run, Step, begin, note, own, tick_off
from metadata_service.upload_jobs.service import refuse_trashed
from metadata_service.upload_jobs.stages import Stage

COLDPREVIEW_SIDE: Final = 1920
THUMBNAIL_SIDE: Final = 300


async def process(bench: Bench, lease: Lease) -> None:
    """Do what is still to be done in the queue of the lease; raise whatever keeps it from being done."""
    run = await begin(bench, lease)
    while run.stage is not None:
        started = time.perf_counter()
        finish = await _STEPS[run.stage](run)
        run.seconds = time.perf_counter() - started
        await _to_its_end(finish)


async def _to_its_end(finish: Finish) -> None:
    """Write down what was made, though we be told to end meanwhile.

    A commit that is broken off may have happened all the same, and then what it names must not be taken away again.
    """
    writing = asyncio.ensure_future(finish())
    try:
        await asyncio.shield(writing)
    except asyncio.CancelledError:
        await asyncio.wait([writing])
        if not writing.cancelled():
            writing.exception()  # looked at: whoever takes the job next meets it again
        raise


async def _into_library(run: Run) -> Finish:
    """Have core_service lay the egg, and keep it as any other egg is kept."""
    bench, upload = run.bench, run.upload
    egg = await bench.core.lay_packed_egg(
        lambda: read_original(bench.blobs, upload), upload.filename, COLDPREVIEW_SIDE, seconds=bench.core_seconds
    )
    arrival = from_egg(NewPhoto.model_validate({**egg.model_dump(), "visibility": upload.visibility}))

    async def finish() -> None:
        await _keep(run, arrival)

    return finish


async def _keep(run: Run, arrival: Arrival) -> None:
    bench = run.bench
    async with stored_coldpreviews(bench.blobs, [arrival]) as colds, bench.database.writing() as session:
        upload = await own(session, run)
        await refuse_trashed(session, upload)  # to keep it would take it out
        await note(session, run)
        (kept,) = await keep(session, upload.owner_id, [arrival], colds)
        if upload.photo_id != kept.photo.id:  # on the way again it is the photo that it was
            upload.photo_id, upload.is_duplicate = kept.photo.id, not kept.is_new
        await matching.settle(session, upload, kept.photo.gps_latitude, kept.photo.gps_longitude)
    for key in unused([kept], colds):
        await bench.blobs.delete(key)


async def _thumbnail(run: Run) -> Finish:
    """Make the small picture for galleries, and see whether anybody wants an analysis."""
    bench = run.bench
    key = thumbnail_key(run.upload.id)
    picture = await _picture(run)
    await bench.blobs.put(key, await bench.core.resize(picture, THUMBNAIL_SIDE, seconds=bench.core_seconds))
    is_wanted = await analysing.wanted(run) is not None

    async def finish() -> None:
        async with bench.database.writing() as session:
            (await own(session, run)).thumbnail_key = key
            await note(session, run, *(() if is_wanted else (Stage.ANALYSIS,)))

    return finish


async def _picture(run: Run) -> bytes | Pieces:
    """The photo's coldpreview, which is quickly made smaller; the original, if it has none."""
    async with run.bench.database.reading() as session:
        key = await session.scalar(select(Photo.coldpreview_key).where(Photo.id == run.upload.photo_id))
    if key is not None:
        try:
            return await run.bench.blobs.get(key)
        except BlobMissingError:
            pass
    return lambda: read_original(run.bench.blobs, run.upload)


async def _summary(run: Run) -> Finish:
    """Find the place, and say how it all ended."""

    async def finish() -> None:
        async with run.bench.database.writing() as session:
            upload = await own(session, run)
            photo = await session.get(Photo, upload.photo_id)
            if photo is None:
                raise LeaseLostError(run.lease.job_id)
            placed = await matching.settle(session, upload, photo.gps_latitude, photo.gps_longitude)
            upload.warnings = [*placed, *run.warnings]
            upload.status = UploadStatus.WARNING if upload.warnings else UploadStatus.READY
            upload.error = None
            tick_off(run)
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
            run.stage = None

    return finish


async def _seen(session: AsyncSession, run: Run) -> dict[str, Any]:
    """What an analysis saw, by the names of earlier clients."""
    query = select(Analysis.id, Analysis.total_detected)
    of_this_run = Analysis.upload_id == run.upload.id, Analysis.run == run.lease.job_id
    analysis = (await session.execute(query.where(*of_this_run))).first()
    return {} if analysis is None else {"session_id": str(analysis.id), "total_detected": analysis.total_detected}


_STEPS: Final[dict[Stage, Step]] = {
    Stage.LIBRARY: _into_library,
    Stage.THUMBNAIL: _thumbnail,
    Stage.ANALYSIS: analysing.analyse,
    Stage.TILE: analysing.look_at_tile,
    Stage.SUMMARY: _summary,
}
