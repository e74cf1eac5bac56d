"""The worker inside the service: started with it, ended with it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from metadata_service.settings import Settings
from metadata_service.upload_jobs.bench import Bench
from metadata_service.upload_jobs.housekeeping import keep_house
from metadata_service.upload_jobs.runner import Runner


def new_runner(bench: Bench, settings: Settings) -> Runner:
    """Make the worker that the settings describe."""
    return Runner(bench, at_once=settings.upload_jobs_at_once, lease_seconds=settings.upload_lease_seconds)


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
