"""The one place where errors become answers: problem details of RFC 9457, for the framework's own errors too."""

import re
from collections.abc import Iterable
from typing import Any, Final

import structlog
from asgi_correlation_id import correlation_id
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service_kit.errors import (
    InvalidRequestError,
    MalformedRequestError,
    MethodNotAllowedError,
    NotFoundError,
    RequestTimeoutError,
    RequestTooLargeError,
    ServiceError,
    UnexpectedError,
    full_or_none,
)
from shared_schemas.problem import PROBLEM_MEDIA_TYPE, FieldError, Problem

log = structlog.get_logger(__name__)

_BY_STATUS: Final[dict[int, type[ServiceError]]] = {
    error.status: error for error in (NotFoundError, MethodNotAllowedError, RequestTimeoutError, RequestTooLargeError)
}


def install_problems(app: FastAPI) -> None:
    """Answer every error of `app` as a problem; nothing of an unexpected one but its request id gets out."""
    # Starlette types every handler as taking Exception, though it passes each only its own kind.
    app.exception_handlers |= {
        ServiceError: _on_service_error,
        HTTPException: _on_http_exception,
        RequestValidationError: _on_validation_error,
    }


def answers(*errors: type[ServiceError]) -> dict[int | str, dict[str, Any]]:
    """Document `errors` as the `responses=` of a route: one entry a status, naming every slug."""
    by_status: dict[int | str, list[type[ServiceError]]] = {}
    for error in errors:
        by_status.setdefault(error.status, []).append(error)
    return {
        status: {
            "description": " · ".join(f"`{error.slug}`: {error.title}" for error in causes),
            "content": {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, causes in by_status.items()
    }


def problem_of(error: ServiceError, path: str) -> Problem:
    """Describe one error."""
    return Problem(
        type=error.slug,
        title=error.title,
        status=error.status,
        detail=error.detail,
        instance=path,
        request_id=correlation_id.get() or "",
        errors=error.errors or None,
    )


def problem_response(error: ServiceError, path: str) -> Response:
    """Render one error."""
    return Response(
        problem_of(error, path).model_dump_json(exclude_none=True),
        status_code=error.status,
        media_type=PROBLEM_MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **error.headers},
    )


class UnexpectedErrors:
    """Innermost middleware: what nobody expected is logged whole and answered as a bare 500.

    It stands inside the CORS and request-id middleware, which Starlette's own last resort does not, so that a
    browser may read the answer and a person can quote its id.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched_send)
        except ClientDisconnect:
            log.info("client went away", path=scope["path"])
        except Exception:
            log.exception("unexpected error", path=scope["path"])
            if started:
                raise
            await problem_response(UnexpectedError(_QUOTE_THE_ID), scope["path"])(scope, receive, send)


_QUOTE_THE_ID: Final = "Something went wrong on our side. It has been logged under the request id of this answer."


async def _on_service_error(request: Request, error: ServiceError) -> Response:
    return problem_response(error, request.url.path)


async def _on_http_exception(request: Request, error: HTTPException) -> Response:
    if (full := full_or_none(error.__cause__)) is not None:  # an upload that found no room while it was spooled
        return problem_response(full, request.url.path)
    cause = _BY_STATUS.get(error.status_code, MalformedRequestError if error.status_code < 500 else UnexpectedError)
    # For 404 and 405 the framework says "Not Found", which is less than our own titles say.
    detail = None if cause in {NotFoundError, MethodNotAllowedError} else error.detail
    headers = _allow(request) if cause is MethodNotAllowedError else error.headers
    return problem_response(cause(detail, headers=headers), request.url.path)


def _allow(request: Request) -> dict[str, str]:
    """All methods of the address (RFC 9110, 15.5.6); the framework names those of one route."""
    paths: dict[str, dict[str, Any]] = request.app.openapi()["paths"]
    path = request.scope["path"]
    fitting = [template for template in paths if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path)]
    # The most literal ones: `/items/move` is an address of its own, and no item.
    fewest = min((template.count("{") for template in fitting), default=0)
    chosen = [template for template in fitting if template.count("{") == fewest]
    methods = {method.upper() for template in chosen for method in paths[template]}
    return {"Allow": ", ".join(sorted(methods))}


async def _on_validation_error(request: Request, error: RequestValidationError) -> Response:
    fields = field_errors(error.errors())
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return problem_response(MalformedRequestError("The body is not valid JSON.", errors=fields), request.url.path)
    return problem_response(InvalidRequestError(summary(fields), errors=fields), request.url.path)


def _sentence(message: str) -> str:
    return message.removeprefix("Value error, ").rstrip(".") + "."


def field_errors(errors: Iterable[Any], *, prefix: tuple[str, ...] = ()) -> list[FieldError]:
    """Translate what pydantic says about fields; what was sent is not repeated."""
    return [FieldError(loc=[*prefix, *item["loc"]], msg=_sentence(item["msg"])) for item in errors]


def summary(fields: Iterable[FieldError]) -> str:
    """Say what is wrong in one line, for clients that print nothing but `detail`."""
    return " ".join(f"{'.'.join(str(part) for part in field.loc[1:]) or 'body'}: {field.msg}" for field in fields)[:500]
