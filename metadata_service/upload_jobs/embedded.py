"""The worker inside the service: started with it, ended with it."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from metadata_service.settings import Settings
from metadata_service.upload_jobs.bench import Bench
from metadata_service.upload_jobs.housekeeping import keep_house
from metadata_service.upload_jobs.runner import Runner
from metadata_service.upload_jobs.stages import Queue


def new_runner(bench: Bench, settings: Settings, queues: Collection[Queue] = tuple(Queue)) -> Runner:
    """Make the worker that the settings describe, for some queues or for all."""
    at_once = {
        Queue.IO: settings.upload_io_at_once,
        Queue.CORE: settings.upload_jobs_at_once,
        Queue.ANALYSIS: settings.analysis_at_once,
    }
    return Runner(
        bench, at_once={queue: at_once[queue] for queue in queues}, lease_seconds=settings.upload_lease_seconds
    )


@asynccontextmanager
async def at_work(bench: Bench, runner: Runner, settings: Settings) -> AsyncIterator[None]:
    """Work and keep house as long as the block lasts."""
    tasks = [asyncio.create_task(keep_house(bench, settings))]
    if settings.upload_jobs_at_once:
        tasks.append(asyncio.create_task(runner.run()))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
