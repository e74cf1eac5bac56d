"""Refuses bodies beyond a number of bytes: by Content-Length before reading, and by counting while reading."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service_kit.errors import MalformedRequestError, RequestTooLargeError
from service_kit.problems import problem_response


class BodyLimit:
    """Middleware; `max_bytes` counts the whole request body."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.sentence = f"The request has more than {max_bytes} bytes, which is the limit of this service."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        claimed = Headers(scope=scope).get("content-length", "0")
        if not claimed.isdecimal():
            error = MalformedRequestError("Content-Length is not a number.")
            await problem_response(error, scope["path"])(scope, receive, send)
            return
        if int(claimed) > self.max_bytes:
            await problem_response(RequestTooLargeError(self.sentence), scope["path"])(scope, receive, send)
            return
        seen = 0

        async def counted_receive() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.max_bytes:
                # An HTTPException, because it is the one kind that the framework's body parsers let through.
                raise HTTPException(RequestTooLargeError.status, self.sentence)
            return message

        await self.app(scope, counted_receive, send)
