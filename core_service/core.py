"""What the routes work with: the settings, the slots for uploads, the decoder processes."""

from dataclasses import dataclass
from typing import Annotated

import structlog
from fastapi import Depends, Request

from core_service.jobs import GoldenAnswer
from core_service.settings import Settings
from core_service.slots import Slot, SlotPool
from core_service.workers import WorkerPool
from service_kit.errors import ServiceError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Core:
    """The running service; made when the application starts."""

    settings: Settings
    slots: SlotPool
    workers: WorkerPool
    golden_failures: list[str]
    """The golden vectors that came out otherwise than they should, at start-up."""


async def prove_recipe(workers: WorkerPool) -> list[str]:
    """Cook the golden vectors; log and return which came out otherwise."""
    nothing = Slot(0)
    try:
        answer = await workers.run("golden", nothing, {})
        failures = GoldenAnswer.model_validate_json(answer).failures
    except ServiceError as error:
        failures = [f"The golden vectors could not be cooked: {error.detail}"]
    finally:
        nothing.close()
    for failure in failures:
        log.error("hothashes made here may differ from those made elsewhere", vector=failure)
    return failures


def _core_of(request: Request) -> Core:
    core: Core = request.app.state.core
    return core


RunningCore = Annotated[Core, Depends(_core_of)]
