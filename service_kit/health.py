"""`GET /health`: the process answers. `GET /ready`: all that it needs answers too."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from fastapi import APIRouter
from pydantic import BaseModel

from service_kit.errors import NotReadyError
from service_kit.problems import answers
from shared_schemas.versions import PRODUCT_VERSION

log = structlog.get_logger(__name__)

ReadyCheck = Callable[[], Awaitable[None]]
"""Returns when the thing it asks is usable, raises otherwise."""


class Health(BaseModel):
    """The process is alive."""

    status: str = "ok"
    service: str
    version: str = PRODUCT_VERSION


class Readiness(BaseModel):
    """Everything that the service needs is there; `checks` names what was asked."""

    status: str = "ready"
    checks: list[str]


def health_router(service: str, checks: Mapping[str, ReadyCheck]) -> APIRouter:
    """Make the two routes; `checks` maps a name for people to a check."""
    router = APIRouter(tags=["service"])

    @router.get("/health", summary="Is the process alive?")
    async def health() -> Health:
        return Health(service=service)

    @router.get("/ready", summary="Can requests be served?", responses=answers(NotReadyError))
    async def ready() -> Readiness:
        for name, check in checks.items():
            try:
                await check()
            except Exception as error:
                log.warning("not ready", check=name, error=repr(error))
                raise NotReadyError(f"The {name} does not answer.", headers={"Retry-After": "2"}) from error
        return Readiness(checks=list(checks))

    return router
