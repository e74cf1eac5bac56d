"""Removes blobs that were written down as abandoned, a few at a time; what fails is tried again the next time."""

from typing import Final

import structlog
from sqlalchemy import delete, select

from metadata_service.db.engine import Database
from metadata_service.storage import BlobStore, StoreAwayError
from metadata_service.tables import AbandonedBlob

log = structlog.get_logger(__name__)

_AT_ONCE: Final = 500


async def sweep(database: Database, blobs: BlobStore) -> int:
    """Remove them all; tell how many. Removing one twice is no error, so several processes may sweep at once."""
    swept = 0
    while True:
        async with database.reading() as session:
            keys = list(await session.scalars(select(AbandonedBlob.key).limit(_AT_ONCE)))
        if not keys:
            return swept
        try:
            for key in keys:
                await blobs.delete(key)
        except (OSError, StoreAwayError) as error:
            log.warning("abandoned blobs could not be removed", error=repr(error))
            return swept
        async with database.writing() as session:
            await session.execute(delete(AbandonedBlob).where(AbandonedBlob.key.in_(keys)))
        swept += len(keys)
