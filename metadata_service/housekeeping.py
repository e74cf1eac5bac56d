"""Tidies up every hour: sign-ins that expired, old security events, blobs that nobody needs any more."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from metadata_service.accounts.later import forget_old
from metadata_service.db.engine import Database
from metadata_service.db.types import utc_now
from metadata_service.storage import BlobStore
from metadata_service.storage.sweep import sweep

log = structlog.get_logger(__name__)

_PAUSE_SECONDS: Final = 3600.0
_SOON_SECONDS: Final = 60.0  # not at once: a service that starts has more urgent things to do


async def tidy_forever(database: Database, blobs: BlobStore, event_days: int) -> None:
    """Tidy until cancelled; what fails is said, and tried again the next time."""
    await asyncio.sleep(_SOON_SECONDS)
    while True:
        try:
            await tidy(database, blobs, event_days)
        except Exception as error:  # noqa: BLE001  # nobody's request depends on this
            log.warning("could not tidy up", error=repr(error))
        await asyncio.sleep(_PAUSE_SECONDS)


async def tidy(database: Database, blobs: BlobStore, event_days: int) -> None:
    """Tidy once."""
    now = utc_now()
    async with database.writing() as session:
        await forget_old(session, now, now - timedelta(days=event_days))
    await sweep(database, blobs)
