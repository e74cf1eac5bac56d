"""Uploads that come in pieces and go on after every interruption.

Each piece is an object of its own, so that any process may take the next one. The piece that completes the file is
followed by all of them becoming one original, looked at like any other. The upload's id is the image's from the start.
"""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.engine import Database
from metadata_service.db.ids import new_id
from metadata_service.db.types import utc_now
from metadata_service.storage import BlobStore
from metadata_service.tables import PartialUpload
from metadata_service.upload_jobs.keys import piece_key
from metadata_service.uploads import repository, service
from metadata_service.uploads.errors import NothingAcceptedError, UploadNotFoundError, UploadOffsetError
from metadata_service.uploads.service import Begun, UploadWishes
from metadata_service.uploads.taking_in import FileRefusedError, receive
from service_kit.errors import InvalidRequestError, RequestTooLargeError

LIFETIME: Final = timedelta(hours=24)
MAX_PIECES: Final = 10_000
MAX_OPEN: Final = 1_000
"""How many uploads of one person may be unfinished."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece belongs: at which byte of which upload."""

    upload_id: UUID
    offset: int


class InterruptedUploadError(Exception):
    """The client stopped sending; what came before is kept."""


async def create(
    session: AsyncSession, owner_id: int, filename: str, file_size: int, wishes: UploadWishes
) -> PartialUpload:
    """Begin an upload of so many bytes."""
    await service.check_wishes(session, owner_id, wishes)
    open_now = select(func.count()).select_from(PartialUpload).where(PartialUpload.owner_id == owner_id)
    if (await session.scalar(open_now) or 0) >= MAX_OPEN:
        raise InvalidRequestError(f"You have {MAX_OPEN} unfinished uploads. Finish or remove some first.")
    row = PartialUpload(
        id=new_id(),
        owner_id=owner_id,
        session_id=wishes.session_id,
        filename=filename,
        file_size=file_size,
        received=0,
        visibility=wishes.visibility,
        place_id=wishes.place_id,
        expires_at=utc_now() + LIFETIME,
    )
    session.add(row)
    await session.flush()
    return row


async def find(session: AsyncSession, owner_id: int, upload_id: UUID, *, to_change: bool = False) -> PartialUpload:
    """An unfinished upload of the owner's, or `UploadNotFoundError`."""
    query = select(PartialUpload).where(PartialUpload.id == upload_id, PartialUpload.owner_id == owner_id)
    row = (await session.scalars(query.with_for_update() if to_change else query)).one_or_none()
    if row is None:
        raise UploadNotFoundError
    return row


async def progress(session: AsyncSession, owner_id: int, upload_id: UUID) -> tuple[int, int]:
    """How many bytes are there, and how many there will be; of a finished upload all are."""
    finished = await repository.find(session, owner_id, upload_id)
    if finished is not None:
        return finished.file_size, finished.file_size
    row = await find(session, owner_id, upload_id)
    return row.received, row.file_size


async def take(
    database: Database, blobs: BlobStore, owner_id: int, where: Place, body: AsyncIterator[bytes]
) -> PartialUpload:
    """Keep the next piece, or as much of it as came; give the upload as it is then."""
    upload_id, offset = where.upload_id, where.offset
    async with database.reading() as session:
        row = await find(session, owner_id, upload_id)
    _check_offset(row, offset)
    key, size = piece_key(upload_id, offset, secrets.token_hex(4)), 0
    async with blobs.writing(key) as writer:
        try:
            async for chunk in body:
                size += len(chunk)
                if offset + size > row.file_size:
                    raise RequestTooLargeError("The piece goes beyond the length that was announced.")
                await writer.write(chunk)
        except InterruptedUploadError:
            pass  # this is what pieces are for
    try:
        async with database.writing() as session:
            row = await find(session, owner_id, upload_id, to_change=True)
            _check_offset(row, offset)  # somebody else may have sent it meanwhile
            row.pieces = [*row.pieces, key]
            row.received += size
            row.expires_at = utc_now() + LIFETIME
            return row
    except BaseException:
        await blobs.delete(key)
        raise


def _check_offset(row: PartialUpload, offset: int) -> None:
    if row.received != offset:
        raise UploadOffsetError(f"The next piece begins at {row.received}, not at {offset}.")
    if len(row.pieces) >= MAX_PIECES:
        raise UploadOffsetError(f"The upload has {MAX_PIECES} pieces already. Begin again with larger ones.")


async def finish(database: Database, blobs: BlobStore, row: PartialUpload, max_bytes: int) -> Begun:
    """Make one original of all the pieces and begin to work on it; the pieces go."""
    try:
        file = await receive(blobs, row.filename, _joined(blobs, row.pieces), max_bytes, row.id)
    except FileRefusedError as refusal:
        async with database.writing() as session:
            await session.delete(await find(session, row.owner_id, row.id, to_change=True))
        raise NothingAcceptedError(refusal.detail) from refusal
    wishes = UploadWishes(row.session_id, row.visibility, row.place_id)  # type: ignore[arg-type]  # checked when it began
    try:
        async with database.writing() as session:
            await session.delete(await find(session, row.owner_id, row.id, to_change=True))
            return await service.begin(session, row.owner_id, [file], wishes)
    except UploadNotFoundError:
        raise  # somebody else has finished it, with this very original
    except BaseException:
        await blobs.delete(file.key)
        raise


async def _joined(blobs: BlobStore, keys: list[str]) -> AsyncIterator[bytes]:
    for key in keys:
        async for chunk in blobs.read(key):
            yield chunk


async def give_up(session: AsyncSession, owner_id: int, upload_id: UUID) -> None:
    """Remove an unfinished upload; a trigger gives up its pieces."""
    await session.delete(await find(session, owner_id, upload_id, to_change=True))
    await session.flush()
