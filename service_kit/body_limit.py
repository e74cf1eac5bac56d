"""Refuses bodies beyond a number of bytes: by Content-Length before reading, and by counting while reading."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service_kit.errors import MalformedRequestError, RequestTooLargeError
from service_kit.problems import problem_response


class BodyLimit:
    """Middleware; `max_bytes` counts the whole request body, `larger` has the limits of addresses that take files."""

    def __init__(self, app: ASGIApp, max_bytes: int, larger: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.larger = dict(larger or {})

    def _limit(self, path: str) -> int:
        found = (limit for prefix, limit in self.larger.items() if path == prefix or path.startswith(f"{prefix}/"))
        return next(found, self.max_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        sentence = f"The request has more than {limit} bytes, which is the limit of this address."
        claimed = Headers(scope=scope).get("content-length", "0")
        if not claimed.isdecimal():
            error = MalformedRequestError("Content-Length is not a number.")
            await problem_response(error, scope["path"])(scope, receive, send)
            return
        if int(claimed) > limit:
            await problem_response(RequestTooLargeError(sentence), scope["path"])(scope, receive, send)
            return
        seen = 0

        async def counted_receive() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                # An HTTPException, because it is the one kind that the framework's body parsers let through.
                raise HTTPException(RequestTooLargeError.status, sentence)
            return message

        await self.app(scope, counted_receive, send)
