"""Reads one photo's EXIF again, and starts, applies and cancels runs over the library."""

from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.core_client import CoreClient, CoreRefusedError, CoreUnavailableError, ExifAnswer
from metadata_service.db.turns import take_turn
from metadata_service.db.types import utc_now
from metadata_service.ingest.errors import CoreAwayError
from metadata_service.ingest.raw_exif import apply
from metadata_service.photos.ref import PhotoRef
from metadata_service.photos.service import get_own, look_at_own
from metadata_service.reparse import repository
from metadata_service.reparse.comparing import changes, covered, read_again
from metadata_service.reparse.errors import (
    NoRawExifError,
    RawExifUnreadableError,
    ReparseRunNotFoundError,
    ReparseStateError,
)
from metadata_service.reparse.schemas import PhotoReparse
from metadata_service.tables import ReparseRun


async def read_photo(session: AsyncSession, core: CoreClient, owner_id: int, ref: PhotoRef) -> tuple[int, ExifAnswer]:
    """Have the EXIF of one photo read again; nobody waits for core_service meanwhile."""
    photo = await look_at_own(session, owner_id, ref)
    blobs = await repository.blobs(session, [photo.id])
    if not blobs:
        raise NoRawExifError
    try:
        answer = (await read_again(core, blobs))[photo.id]
    except CoreUnavailableError as error:
        raise CoreAwayError(headers={"Retry-After": "15"}) from error
    if isinstance(answer, CoreRefusedError):
        raise RawExifUnreadableError(str(answer))
    return photo.id, answer


async def compare_photo(session: AsyncSession, photo_id: int, answer: ExifAnswer) -> PhotoReparse:
    """Say what would change."""
    photo, said, exif = (await repository.known(session, [photo_id]))[photo_id]
    found = changes(photo, said, exif, answer)
    return PhotoReparse(photo_id=photo_id, changes=found, is_applied=False, covered=covered(photo, found))


async def apply_to_photo(session: AsyncSession, owner_id: int, photo_id: int, answer: ExifAnswer) -> PhotoReparse:
    """Change it; corrections stay on top, and what was typed is not touched."""
    await get_own(session, owner_id, PhotoRef(id=photo_id))
    told = await compare_photo(session, photo_id, answer)
    await apply(session, photo_id, answer)
    return told.model_copy(update={"is_applied": True})


async def start(session: AsyncSession, owner_id: int) -> ReparseRun:
    """Begin to compare the owner's library."""
    await take_turn(session, owner_id)
    if (other := await repository.at_work(session, owner_id)) is not None:
        raise ReparseStateError(f"Run {other} is still at work; wait for it or cancel it.")
    run = ReparseRun(owner_id=owner_id, total=await repository.count_photos(session, owner_id))
    session.add(run)
    await session.flush()
    return run


async def get(session: AsyncSession, owner_id: int, run_id: int, *, to_change: bool = False) -> ReparseRun:
    """A run of the owner's, or `ReparseRunNotFoundError`."""
    run = await repository.run(session, owner_id, run_id, to_change=to_change)
    if run is None:
        raise ReparseRunNotFoundError
    return run


async def begin_to_apply(session: AsyncSession, owner_id: int, run_id: int) -> ReparseRun:
    """Let a run that has compared everything apply what it found."""
    await take_turn(session, owner_id)
    run = await get(session, owner_id, run_id, to_change=True)
    if run.status != "compared":
        raise ReparseStateError(f"The run is {run.status}; only one that has compared all photos can be applied.")
    if (other := await repository.at_work(session, owner_id)) is not None:
        raise ReparseStateError(f"Run {other} is still at work; wait for it or cancel it.")
    run.status, run.last_photo_id, run.leased_until = "applying", 0, None
    await session.flush()
    return run


async def cancel(session: AsyncSession, owner_id: int, run_id: int) -> ReparseRun:
    """Stop a run where it is: what it has applied stays applied."""
    run = await get(session, owner_id, run_id, to_change=True)
    if run.status == "completed":
        raise ReparseStateError("The run is completed; there is nothing left to cancel.")
    run.status, run.message, run.updated_at = "cancelled", None, utc_now()
    await session.flush()
    return run
