"""Has a model look at a picture, tile by tile side by side, and puts together what it saw.

Each tile is kept when it is done and tried again by itself when it fails: whoever takes the job over goes on with those
that are left.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from anyio import to_thread
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.analysis.port import Detection, Detector, ModelCard, ModelMissingError
from metadata_service.analysis.tiles import Tile, counted, mean_confidence, merged, tiles_of
from metadata_service.db.ids import new_id
from metadata_service.places import repository as places
from metadata_service.places.service import lineage
from metadata_service.tables import Analysis, AnalysisTile, Upload
from metadata_service.upload_jobs import leases
from metadata_service.upload_jobs.bench import Bench
from metadata_service.upload_jobs.keys import annotated_key
from metadata_service.upload_jobs.leases import Lease
from metadata_service.upload_jobs.originals import read_original

TRIES: Final = 3
_AT_ONCE: Final = 2
Warnings = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Look:
    """One look of a model at one upload: which, of what it is to be sure, and with what right we look."""

    bench: Bench
    lease: Lease
    upload: Upload
    model: str
    min_confidence: float


async def wanted(bench: Bench, lease: Lease, upload: Upload) -> Look | None:
    """Say what is to be looked for where the picture was taken: its place says so, or one that this lies in."""
    async with bench.database.reading() as session:
        place_id = await session.scalar(select(Upload.place_id).where(Upload.id == upload.id))
        known = await places.all_of(session, upload.owner_id) if place_id else []
    place = next((one for one in known if one.id == place_id), None)
    for part in reversed(lineage(known, place)) if place else ():
        if part.analysis:
            return Look(bench, lease, upload, part.analysis["model"], part.analysis["min_confidence"])
    return None


async def look(asked: Look) -> tuple[UUID | None, Warnings]:
    """Look, and keep what was seen; give the analysis, and what went wrong with it in words."""
    try:
        detector, card = await to_thread.run_sync(asked.bench.models.load, asked.model)
    except ModelMissingError as error:
        return None, [{"code": "needs_config", "message": f"The photo was not analysed. {error}"}]
    # Imported with the model that was just loaded; without one it may not be there.
    from metadata_service.analysis.onnx import pixels_of  # noqa: PLC0415

    bench = asked.bench
    picture = await bench.core.plain_pixels(
        lambda: read_original(bench.blobs, asked.upload), card.side, seconds=bench.core_seconds
    )
    pixels = await to_thread.run_sync(pixels_of, picture)
    analysis_id = await _begin(asked, card, pixels.shape[1], pixels.shape[0])
    failures = await _look_at_tiles(asked, detector, analysis_id, pixels)
    if failures:
        said = f"The model failed on {len(failures)} parts of the picture: {failures[0]}"
        await _end(asked, analysis_id, status="failed", error=said)
        return analysis_id, [{"code": "analysis_failed", "message": said}]
    await _put_together(asked, card, analysis_id, pixels)
    return analysis_id, []


async def _begin(asked: Look, card: ModelCard, width: int, height: int) -> UUID:
    """Write down the parts to be looked at, unless a worker before us did."""
    async with asked.bench.database.writing() as session:
        await leases.write(session, asked.lease)
        run = asked.lease.job_id
        query = select(Analysis.id).where(Analysis.upload_id == asked.upload.id, Analysis.run == run)
        known = (await session.scalars(query)).one_or_none()
        if known is not None:
            return known
        place_id = await session.scalar(select(Upload.place_id).where(Upload.id == asked.upload.id))
        analysis_id = new_id()
        row = Analysis(id=analysis_id, upload_id=asked.upload.id, run=run, place_id=place_id, model=asked.model)
        session.add(row)
        await session.flush()
        boxes = tiles_of(width, height, card.tile, card.overlap)
        session.add_all(
            AnalysisTile(analysis_id=analysis_id, number=number, box=list(box)) for number, box in enumerate(boxes)
        )
        return analysis_id


async def _look_at_tiles(asked: Look, detector: Detector, analysis_id: UUID, pixels: Any) -> list[str]:
    """Look at all that are left, a few at a time; give what went wrong with those that failed for good."""
    async with asked.bench.database.reading() as session:
        tiles = await _tiles(session, analysis_id)
    limit = asyncio.Semaphore(_AT_ONCE)

    async def one(tile: AnalysisTile) -> str | None:
        async with limit:
            return await _look_at_tile(asked, detector, tile, pixels)

    ends = await asyncio.gather(*(one(tile) for tile in tiles if tile.detections is None))
    return [why for why in ends if why is not None]


async def _look_at_tile(asked: Look, detector: Detector, tile: AnalysisTile, pixels: Any) -> str | None:
    left, top, width, height = _box(tile)
    part, why = pixels[top : top + height, left : left + width], None
    for _ in range(TRIES):
        try:
            seen = await to_thread.run_sync(detector.detect, part)
        except Exception as error:  # noqa: BLE001  # a model is somebody else's program
            why = str(error).partition("\n")[0][:200]
            continue
        found = [detection.moved(left, top).told() for detection in seen if detection.confidence > 0]
        async with asked.bench.database.writing() as session:
            await leases.write(session, asked.lease)
            row = await session.get_one(AnalysisTile, (tile.analysis_id, tile.number))
            row.detections, row.attempts = found, row.attempts + 1
        return None
    return why


def _box(tile: AnalysisTile) -> Tile:
    left, top, width, height = tile.box
    return left, top, width, height


async def _tiles(session: AsyncSession, analysis_id: UUID) -> Sequence[AnalysisTile]:
    query = select(AnalysisTile).where(AnalysisTile.analysis_id == analysis_id).order_by(AnalysisTile.number)
    return list(await session.scalars(query))


async def _put_together(asked: Look, card: ModelCard, analysis_id: UUID, pixels: Any) -> None:
    from metadata_service.analysis.onnx import bmp_of, with_boxes  # noqa: PLC0415  # as above

    bench = asked.bench
    async with bench.database.reading() as session:
        tiles = await _tiles(session, analysis_id)
    seen = [Detection.read(told) for tile in tiles for told in tile.detections or ()]
    found = merged((one for one in seen if one.confidence >= asked.min_confidence), card.merge_overlap)
    drawn = await to_thread.run_sync(lambda: bmp_of(with_boxes(pixels, found)))
    key = annotated_key(asked.upload.id, analysis_id)
    await bench.blobs.put(key, await bench.core.resize(drawn, card.side, seconds=bench.core_seconds))
    await _end(
        asked,
        analysis_id,
        status="completed",
        detections=[one.told() for one in found],
        total_detected=len(found),
        category_counts=counted(found),
        avg_confidence=mean_confidence(found),
        annotated_key=key,
    )


async def _end(asked: Look, analysis_id: UUID, **values: Any) -> None:
    async with asked.bench.database.writing() as session:
        await leases.write(session, asked.lease)
        row = await session.get_one(Analysis, analysis_id)
        for name, value in values.items():
            setattr(row, name, value)
