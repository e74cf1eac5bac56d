"""Puts core_service together: `create_app` is what uvicorn's --factory calls."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from core_service import about, routes
from core_service.core import Core, prove_recipe
from core_service.metrics import DecodeMetrics
from core_service.settings import Settings
from core_service.slots import SlotPool
from core_service.workers import WorkerPool
from service_kit.assemble import assemble, new_service


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the service; its processes start and end with the application's lifespan."""
    settings = settings or Settings()
    app = new_service("core_service", "Turns one image into one PhotoEgg")
    app.include_router(about.router)
    app.include_router(routes.router)

    async def decoders_alive() -> None:
        await app.state.core.workers.check()

    assemble(
        app,
        settings,
        max_body_bytes=settings.max_body_bytes,
        ready_checks={"decoder processes": decoders_alive},
        refuse_foreign_origins=True,
    )
    metrics = DecodeMetrics(app.state.metrics)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        limits = settings.pool_limits
        slots = SlotPool(limits.processes + settings.queue_length, settings.max_file_bytes)
        workers = WorkerPool(limits, metrics)
        metrics.watch_slots(lambda: slots.in_use)
        try:
            await workers.start()
            app.state.core = Core(settings, slots, workers, await prove_recipe(workers))
            yield
        finally:
            await workers.close()
            slots.close()

    app.router.lifespan_context = lifespan
    return app
