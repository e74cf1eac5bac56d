"""Waits for a body as long as it comes: not for who stops in the middle, nor for who sends drop by drop."""

import asyncio
import time
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service_kit.errors import RequestTimeoutError

_SENTENCE: Final = "The rest of the request did not come in time."
_HEAD_START_SECONDS: Final = 60.0
_LEAST_BYTES_PER_SECOND: Final = 500.0


class BodyPatience:
    """Middleware: between two pieces of a body pass at most `stall_seconds`.

    After the first minute a body also comes with 500 bytes a second on average, which every modem did.
    """

    def __init__(self, app: ASGIApp, stall_seconds: float) -> None:
        self.app = app
        self.stall_seconds = stall_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, seen, is_whole = time.monotonic(), 0, False

        async def patient_receive() -> Message:
            nonlocal seen, is_whole
            if is_whole:  # what comes now is the news that the client has gone, whenever that is
                return await receive()
            in_all = started + _HEAD_START_SECONDS + seen / _LEAST_BYTES_PER_SECOND - time.monotonic()
            try:
                async with asyncio.timeout(min(self.stall_seconds, in_all)):
                    message = await receive()
            except TimeoutError:
                # An HTTPException, because it is the one kind that the framework's body parsers let through.
                raise HTTPException(RequestTimeoutError.status, _SENTENCE, {"Connection": "close"}) from None
            seen += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            return message

        await self.app(scope, patient_receive, send)
