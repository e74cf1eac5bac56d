"""How long we wait for clients, and that no work is done for those who have gone."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from fastapi import Request
from starlette.requests import ClientDisconnect

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a client may send nothing in the middle of an upload, and how long the whole of it may take."""

    stall_seconds: float
    total_seconds: float


async def unless_gone(request: Request, work: Coroutine[None, None, Result]) -> Result:
    """Do `work` as long as the client is there. The request's body must have been read to its end."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(request.receive())  # after the body, all that can come is that the client went
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task
