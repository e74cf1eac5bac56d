"""Has a model look at a picture: cut into tiles, each looked at by whoever is free, then put together.

The tiles are parts of the job, so each is kept when it is done and tried again by itself, and one that kills whoever
looks at it is parked by itself. Their pixels lie in the store meanwhile: to look at them takes neither the picture nor
core_service.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from anyio import to_thread
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.analysis.port import Detection, ModelCard, ModelMissingError
from metadata_service.analysis.tiles import Tile, counted, mean_confidence, merged, tiles_of
from metadata_service.db.ids import new_id
from metadata_service.db.types import utc_now
from metadata_service.places import repository as places
from metadata_service.places.service import lineage
from metadata_service.storage import BlobMissingError
from metadata_service.tables import Analysis, AnalysisTile, JobStatus, Upload, UploadJob
from metadata_service.upload_jobs import leases, parts
from metadata_service.upload_jobs.keys import annotated_key, tile_key
from metadata_service.upload_jobs.leases import LeaseLostError
from metadata_service.upload_jobs.originals import read_original
from metadata_service.upload_jobs.run import Finish, Run, note, own
from metadata_service.upload_jobs.stages import Stage

_STORED_AT_ONCE: Final = 4


class TileFailedError(Exception):
    """The model failed on a tile, or cannot be shown it; says why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be looked for, and how sure the model has to be."""

    model: str
    min_confidence: float


async def wanted(run: Run) -> Wanted | None:
    """Say what is to be looked for where the picture was taken: its place says so, or one that this lies in."""
    async with run.bench.database.reading() as session:
        place_id = await session.scalar(select(Upload.place_id).where(Upload.id == run.upload.id))
        known = await places.all_of(session, run.upload.owner_id) if place_id else []
    place = next((one for one in known if one.id == place_id), None)
    for part in reversed(lineage(known, place)) if place else ():
        if part.analysis:
            return Wanted(part.analysis["model"], part.analysis["min_confidence"])
    return None


async def analyse(run: Run) -> Finish:
    """Cut the picture, wait for its tiles, put together what was seen: whichever is next."""
    asked = await wanted(run)
    if asked is None:  # its place was changed meanwhile
        return _ending(run, None)
    if run.parts_left is None:
        return await _cut(run, asked)
    if run.parts_left:
        return _waiting(run)
    return await _put_together(run, asked)


async def _cut(run: Run, asked: Wanted) -> Finish:
    try:
        _, card = await to_thread.run_sync(run.bench.models.load, asked.model)
    except ModelMissingError as error:
        run.warnings.append({"code": "needs_config", "message": f"The photo was not analysed. {error}"})
        return _ending(run, None)
    pixels = await _pixels(run, card)
    tiles = await _write_down(run, asked, card, pixels.shape[1], pixels.shape[0])
    await _store(run, tiles, pixels)

    async def finish() -> None:
        async with run.bench.database.writing() as session:
            upload = await own(session, run)
            await parts.divide(session, run.lease, upload, Stage.TILE, len(tiles))
        run.stage = None

    return finish


async def _pixels(run: Run, card: ModelCard) -> Any:
    # Imported with the model that was just loaded; without one it may not be there.
    from metadata_service.analysis.onnx import pixels_of  # noqa: PLC0415

    bench = run.bench
    picture = await bench.core.plain_pixels(
        lambda: read_original(bench.blobs, run.upload), card.side, seconds=bench.core_seconds
    )
    return await to_thread.run_sync(pixels_of, picture)


async def _write_down(run: Run, asked: Wanted, card: ModelCard, width: int, height: int) -> list[AnalysisTile]:
    """Name the tiles before they are stored, so that those of a worker that dies are known; give them."""
    async with run.bench.database.writing() as session:
        upload = await own(session, run)
        await leases.write(session, run.lease)
        known = await _analysis(session, run)
        if known is not None:
            await session.delete(
                known
            )  # a worker before us came so far; its tiles go, and a trigger names their pixels
            await session.flush()
        analysis = Analysis(id=new_id(), upload_id=upload.id, run=run.lease.job_id, model=asked.model)
        analysis.place_id = upload.place_id
        session.add(analysis)
        await session.flush()
        tiles = [
            AnalysisTile(
                analysis_id=analysis.id, number=number, box=list(box), pixels_key=tile_key(analysis.id, number)
            )
            for number, box in enumerate(tiles_of(width, height, card.tile, card.overlap))
        ]
        session.add_all(tiles)
        await session.flush()
        return tiles


async def _store(run: Run, tiles: list[AnalysisTile], pixels: Any) -> None:
    from metadata_service.analysis.onnx import bmp_of  # noqa: PLC0415  # as above

    limit = asyncio.Semaphore(_STORED_AT_ONCE)

    async def one(tile: AnalysisTile) -> None:
        left, top, width, height = _box(tile)
        async with limit:
            data = await to_thread.run_sync(bmp_of, pixels[top : top + height, left : left + width])
            await run.bench.blobs.put(tile.pixels_key or "", data)

    try:
        async with asyncio.TaskGroup() as group:
            for tile in tiles:
                group.create_task(one(tile))
    except ExceptionGroup as several:  # what it means for the job is told by its kind
        raise several.exceptions[0] from several


async def look_at_tile(run: Run) -> Finish:
    """Show the model one tile."""
    async with run.bench.database.reading() as session:
        query = select(AnalysisTile, Analysis.model).join(Analysis, Analysis.id == AnalysisTile.analysis_id)
        query = query.join(UploadJob, UploadJob.parent_id == Analysis.run)
        found = (
            await session.execute(query.where(UploadJob.id == run.lease.job_id, AnalysisTile.number == UploadJob.part))
        ).first()
    if found is None:
        raise LeaseLostError(run.lease.job_id)
    tile, model = found
    left, top, _, _ = _box(tile)
    seen = [
        detection.moved(left, top).told() for detection in await _look(run, tile, model) if detection.confidence > 0
    ]

    async def finish() -> None:
        async with run.bench.database.writing() as session:
            if run.lease.parent_id is not None:
                await parts.one_ended(session, run.lease.parent_id)
            await leases.write(session, run.lease, status=JobStatus.COMPLETED, due_at=None)
            this = AnalysisTile.analysis_id == tile.analysis_id, AnalysisTile.number == tile.number
            await session.execute(
                update(AnalysisTile).where(*this).values(detections=seen, attempts=run.lease.attempts)
            )
        run.stage = None

    return finish


async def _look(run: Run, tile: AnalysisTile, model: str) -> list[Detection]:
    try:
        detector, _ = await to_thread.run_sync(run.bench.models.load, model)
        picture = await run.bench.blobs.get(tile.pixels_key or "")
    except ModelMissingError as error:
        raise TileFailedError(str(error)) from error
    except BlobMissingError as error:
        raise TileFailedError("The pixels of this part are not in the store any more.") from error
    from metadata_service.analysis.onnx import pixels_of  # noqa: PLC0415  # as above

    try:
        return await to_thread.run_sync(lambda: detector.detect(pixels_of(picture)))
    except Exception as error:  # a model is somebody else's program
        raise TileFailedError(str(error).partition("\n")[0][:200]) from error


def _box(tile: AnalysisTile) -> Tile:
    left, top, width, height = tile.box
    return left, top, width, height


async def _put_together(run: Run, asked: Wanted) -> Finish:
    async with run.bench.database.reading() as session:
        failures = await parts.errors(session, run.lease.job_id)
        analysis = await _analysis(session, run)
        if analysis is None:
            raise LeaseLostError(run.lease.job_id)
        tiles = select(AnalysisTile.detections).where(AnalysisTile.analysis_id == analysis.id)
        seen = list(await session.scalars(tiles.order_by(AnalysisTile.number)))
    if failures:
        said = f"The model failed on {len(failures)} of {len(seen)} parts of the picture: {failures[0]}"
        run.warnings.append({"code": "analysis_failed", "message": said})
        return _ending(run, {"status": "failed", "error": said})
    _, card = await to_thread.run_sync(run.bench.models.load, analysis.model)
    all_seen = [Detection.read(told) for tile in seen for told in tile or ()]
    found = merged((one for one in all_seen if one.confidence >= asked.min_confidence), card.merge_overlap)
    key = annotated_key(run.upload.id, analysis.id)
    await run.bench.blobs.put(key, await _annotated(run, card, found))
    return _ending(
        run,
        {
            "status": "completed",
            "detections": [one.told() for one in found],
            "total_detected": len(found),
            "category_counts": counted(found),
            "avg_confidence": mean_confidence(found),
            "annotated_key": key,
        },
    )


async def _annotated(run: Run, card: ModelCard, found: list[Detection]) -> bytes:
    """The picture as a JPEG, with a frame around each thing that was seen."""
    from metadata_service.analysis.onnx import bmp_of, with_boxes  # noqa: PLC0415  # as above

    pixels = await _pixels(run, card)
    drawn = await to_thread.run_sync(lambda: bmp_of(with_boxes(pixels, found)))
    return await run.bench.core.resize(drawn, card.side, seconds=run.bench.core_seconds)


def _ending(run: Run, outcome: dict[str, Any] | None) -> Finish:
    """Keep what came of the analysis, or that there is none; its parts have done what they were for."""

    async def finish() -> None:
        async with run.bench.database.writing() as session:
            await own(session, run)
            analysis = await _analysis(session, run)
            if analysis is not None:
                run.seconds = (utc_now() - analysis.created_at).total_seconds()
            await note(session, run, parts_left=None)
            await parts.forget(session, run.lease.job_id)
            await _conclude(session, analysis, outcome)

    return finish


async def _conclude(session: AsyncSession, analysis: Analysis | None, outcome: dict[str, Any] | None) -> None:
    if analysis is None:
        return
    await session.execute(delete(AnalysisTile).where(AnalysisTile.analysis_id == analysis.id))
    if outcome is None:
        await session.delete(analysis)
    for name, value in (outcome or {}).items():
        setattr(analysis, name, value)
    await session.flush()


def _waiting(run: Run) -> Finish:
    async def finish() -> None:
        async with run.bench.database.writing() as session:
            await parts.wait(session, run.lease)
        run.stage = None

    return finish


async def _analysis(session: AsyncSession, run: Run) -> Analysis | None:
    of_this_run = Analysis.upload_id == run.upload.id, Analysis.run == run.lease.job_id
    return (await session.scalars(select(Analysis).where(*of_this_run))).one_or_none()


async def give_up(session: AsyncSession, upload_id: UUID, job_id: UUID) -> None:
    """Remove what a run that ends early has begun; a trigger names the pixels of its tiles."""
    await parts.forget(session, job_id)
    begun = delete(Analysis).where(
        Analysis.upload_id == upload_id, Analysis.run == job_id, Analysis.status == "pending"
    )
    await session.execute(begun.execution_options(synchronize_session=False))
