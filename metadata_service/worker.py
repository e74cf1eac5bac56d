"""`python -m metadata_service worker`: works on uploads beside the service, on this machine or on others."""

import asyncio
import signal
from collections.abc import Collection
from typing import Final

import structlog

from metadata_service import migrations
from metadata_service.analysis.port import Models
from metadata_service.core_client import CoreClient
from metadata_service.db.engine import Database
from metadata_service.db.errors import DatabaseUnavailableError
from metadata_service.migrations import TablesMissingError
from metadata_service.settings import Settings
from metadata_service.storage.choice import open_store
from metadata_service.upload_jobs.bench import Bench
from metadata_service.upload_jobs.embedded import at_work, new_runner
from metadata_service.upload_jobs.stages import Queue

log = structlog.get_logger(__name__)

_PAUSE_SECONDS: Final = 1.0
_AT_ONCE: Final = 2


async def work(settings: Settings, queues: Collection[Queue]) -> None:
    """Work on what lies in `queues` until SIGTERM or SIGINT; what is under way then is left to others."""
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    database = Database(settings.database, busy_seconds=settings.busy_seconds)
    core = CoreClient(settings.core_url, timeout_seconds=settings.core_timeout_seconds)
    bench = Bench(database, open_store(settings), core, settings.upload_core_seconds, Models(settings.analysis_dir))
    if not settings.upload_jobs_at_once:  # the service leaves them to workers, and this is one
        settings = settings.model_copy(update={"upload_jobs_at_once": _AT_ONCE})
    runner = new_runner(bench, settings, queues)
    try:
        if await _tables_are_there(database, told):
            log.info("working on uploads", worker=runner.name, queues=sorted(queues))
            async with at_work(bench, runner, settings):
                await told.wait()
    finally:
        await core.close()
        await database.close()


async def _tables_are_there(database: Database, told: asyncio.Event) -> bool:
    """Wait for whoever migrates the database; give up when told to end."""
    while not told.is_set():
        try:
            await migrations.check_current(database)
        except (TablesMissingError, DatabaseUnavailableError) as error:
            log.info("waiting for the database", error=str(error))
            await asyncio.sleep(_PAUSE_SECONDS)
        else:
            return True
    return False
