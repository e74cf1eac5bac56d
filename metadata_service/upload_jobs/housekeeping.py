"""What has to be done from time to time: old jobs out of sight, abandoned pieces away, rows and objects compared."""

import asyncio
import time
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import utc_now
from metadata_service.settings import Settings
from metadata_service.storage.sweep import sweep
from metadata_service.tables import PartialUpload
from metadata_service.upload_jobs import repository
from metadata_service.upload_jobs.bench import Bench
from metadata_service.upload_jobs.reconcile import reconcile

log = structlog.get_logger(__name__)

KEPT_IN_SIGHT: Final = timedelta(hours=48)
_EVERY_SECONDS: Final = 3600.0
_SWEEP_SECONDS: Final = 60.0


async def keep_house(bench: Bench, settings: Settings) -> None:
    """Remove abandoned objects every minute and tidy up every hour, until cancelled."""
    tidied_at = None
    while True:
        await asyncio.sleep(_SWEEP_SECONDS)
        try:
            await sweep(bench.database, bench.blobs)
            if tidied_at is None or time.monotonic() - tidied_at >= _EVERY_SECONDS:
                tidied_at = time.monotonic()
                await tidy(bench, timedelta(hours=settings.orphan_grace_hours))
        except Exception as error:  # noqa: BLE001  # the next time, perhaps
            log.warning("tidying up failed", error=repr(error))


async def tidy(bench: Bench, grace: timedelta) -> None:
    """Do all of it once."""
    async with bench.database.writing() as session:
        await repository.archive(session, utc_now() - KEPT_IN_SIGHT, utc_now())
        await _give_up_pieces(session)
    await sweep(bench.database, bench.blobs)
    found = await reconcile(bench, grace)
    if found.strays:
        log.warning("rows and objects differ", **found.counted())


async def _give_up_pieces(session: AsyncSession) -> None:
    """Remove uploads in pieces that nobody went on with; a trigger gives up their objects."""
    await session.execute(delete(PartialUpload).where(PartialUpload.expires_at < utc_now()))
