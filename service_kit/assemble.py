"""Gives a service everything that services have alike, in the one order that works."""

from collections.abc import Mapping

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from service_kit.body_limit import BodyLimit
from service_kit.body_patience import BodyPatience
from service_kit.errors import InvalidRequestError, MalformedRequestError
from service_kit.health import ReadyCheck, health_router
from service_kit.host_guard import HostGuard
from service_kit.logging import AccessLog
from service_kit.metrics import install_metrics
from service_kit.problems import UnexpectedErrors, answers, install_problems
from service_kit.request_id import REQUEST_ID_HEADER, is_sane
from service_kit.security_headers import SecurityHeaders
from service_kit.settings import KitSettings
from shared_schemas.problem import Problem
from shared_schemas.versions import PRODUCT_VERSION


def new_service(name: str, summary: str, lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    """Make the bare application: its OpenAPI head, and addresses that answer with and without a trailing slash."""
    return FastAPI(
        title=name,
        summary=summary,
        version=PRODUCT_VERSION,
        lifespan=lifespan,
        redirect_slashes=False,
        responses=answers(MalformedRequestError, InvalidRequestError),
    )


def assemble(
    app: FastAPI,
    settings: KitSettings,
    *,
    max_body_bytes: int,
    larger_bodies: Mapping[str, int] | None = None,
    ready_checks: Mapping[str, ReadyCheck],
    body_stall_seconds: float | None = None,
    allow_credentials: bool = False,
    refuse_foreign_origins: bool = False,
) -> None:
    """Add problems, request ids, the access log, metrics, health, CORS and the limits of who and how much to `app`."""
    install_problems(app)
    app.include_router(health_router(app.title, ready_checks))
    install_metrics(app)
    # Starlette runs the middleware added last first: read this list from the inside out.
    app.add_middleware(UnexpectedErrors)
    app.add_middleware(BodyLimit, max_bytes=max_body_bytes, larger=larger_bodies)
    if body_stall_seconds is not None:
        app.add_middleware(BodyPatience, stall_seconds=body_stall_seconds)
    app.add_middleware(TrailingSlash)
    app.add_middleware(
        HostGuard, names=settings.allowed_hosts, origins=settings.cors_origins if refuse_foreign_origins else None
    )
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_credentials=allow_credentials,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "If-Match", "If-None-Match", "X-Filename", REQUEST_ID_HEADER],
        expose_headers=["ETag", "Location", "Retry-After", REQUEST_ID_HEADER],
        max_age=600,
    )
    app.add_middleware(SecurityHeaders)
    app.add_middleware(AccessLog)
    app.add_middleware(CorrelationIdMiddleware, header_name=REQUEST_ID_HEADER, validator=is_sane)
    _name_the_problem_schema(app)


class TrailingSlash:
    """Middleware: `/photos/` is `/photos`, answered directly, because a redirect would lose the body of a POST."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] != "/" and scope["path"].endswith("/"):
            scope = {**scope, "path": scope["path"].rstrip("/") or "/"}
        await self.app(scope, receive, send)


def _name_the_problem_schema(app: FastAPI) -> None:
    """Put `Problem` among the OpenAPI components, where `answers` points."""
    generate = app.openapi

    def openapi() -> dict[str, object]:
        document = generate()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        if "Problem" not in schemas:
            schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= schema.pop("$defs")
            schemas["Problem"] = schema
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the document
