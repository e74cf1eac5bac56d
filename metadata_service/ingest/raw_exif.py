"""Raw EXIF of older clients: read by core_service on the way in, or later when core_service was away."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.core_client import CoreClient, CoreRefusedError, CoreUnavailableError, ExifAnswer
from metadata_service.corrections.effective import observe
from metadata_service.db.engine import Database
from metadata_service.db.turns import take_turn
from metadata_service.db.upsert import upsert
from metadata_service.ingest.arrival import Arrival, ArrivingFile, captured
from metadata_service.tables import FileRole, ImageFile, ParseState, Photo, PhotoExif, RawExif

log = structlog.get_logger(__name__)

_AT_ONCE: Final = 8
_BATCH: Final = 50


async def read_on_arrival(core: CoreClient, arrivals: Sequence[Arrival]) -> None:
    """Have core_service read what the arrivals bring unread; what it cannot do now stays pending."""
    limit = asyncio.Semaphore(_AT_ONCE)

    async def read(arrival: Arrival) -> None:
        unread = [file for file in arrival.files if file.raw_exif]
        if not unread:
            return
        async with limit:
            await _read_one(core, arrival, min(unread, key=lambda file: file.role is FileRole.RAW))

    await asyncio.gather(*map(read, arrivals))


async def _read_one(core: CoreClient, arrival: Arrival, file: ArrivingFile) -> None:
    """Read one file's EXIF for the photo; the blobs of the photo's other files are kept beside it."""
    state = ParseState.PARSED
    try:
        answer = await core.read_exif(file.raw_exif or b"")
        arrival.columns |= _known(answer)
        arrival.exif_dict = answer.exif_dict
        arrival.warnings = [warning.model_dump() for warning in answer.warnings]
    except CoreUnavailableError:
        return
    except CoreRefusedError as error:
        state = ParseState.UNREADABLE
        arrival.warnings = [{"code": "raw-exif-unreadable", "message": str(error)[:255]}]
    for other in arrival.files:
        other.exif_state = state


def _known(answer: ExifAnswer) -> dict[str, Any]:
    """What the EXIF says; where it is silent, the client's word stays."""
    return {name: value for name, value in captured(answer.metadata).items() if value is not None}


async def read_pending_forever(database: Database, core: CoreClient, pause_seconds: float) -> None:
    """Look again and again for EXIF that nobody has read yet."""
    while True:
        try:
            while await read_pending(database, core):
                pass
        except CoreUnavailableError:
            log.info("raw EXIF waits for core_service")
        except Exception:
            log.exception("reading pending EXIF failed")
        await asyncio.sleep(pause_seconds)


async def read_pending(database: Database, core: CoreClient) -> int:
    """Read some pending blobs; give their number. Raise `CoreUnavailableError` when core_service is away."""
    async with database.reading() as session:
        query = (
            select(RawExif.image_file_id, RawExif.blob, ImageFile.photo_id)
            .join(ImageFile, ImageFile.id == RawExif.image_file_id)
            .where(RawExif.state == ParseState.PENDING)
            .order_by(RawExif.image_file_id)
            .limit(_BATCH)
        )
        pending = (await session.execute(query)).all()
    for file_id, blob, photo_id in pending:
        try:
            answer = await core.read_exif(blob)
        except CoreRefusedError as error:
            async with database.writing() as session:
                await _settle(session, file_id, ParseState.UNREADABLE, str(error))
            continue
        async with database.writing() as session:
            await _settle(session, file_id, ParseState.PARSED, None)
            await apply(session, photo_id, answer)
    return len(pending)


async def _settle(session: AsyncSession, file_id: int, state: ParseState, error: str | None) -> None:
    query = update(RawExif).where(RawExif.image_file_id == file_id)
    await session.execute(query.values(state=state, attempts=RawExif.attempts + 1, last_error=error))


async def apply(session: AsyncSession, photo_id: int, answer: ExifAnswer) -> None:
    """Put what was read on the photo, below its corrections. Nothing that its owner typed is among these columns."""
    owner_id = await session.scalar(select(Photo.owner_id).where(Photo.id == photo_id))
    if owner_id is None:
        return
    await take_turn(session, owner_id)
    photo = await session.get(Photo, photo_id, with_for_update={"key_share": True})
    if photo is None:
        return
    warnings = [warning.model_dump() for warning in answer.warnings]
    row = {"photo_id": photo_id, "exif_dict": answer.exif_dict, "warnings": warnings}
    await session.execute(upsert(session, PhotoExif, ("photo_id",), ("exif_dict", "warnings")), [row])
    await observe(session, photo, _known(answer))
