"""Many images in one request: each becomes a line of the answer as soon as it is done, and harms nobody else.

Reading the request never waits for the client to read the answer: a client that sends all before it reads anything, as
most do, would wait for ever. So the lines may pile up here; their number is bounded by the settings.
"""

import asyncio
import functools
from collections.abc import Mapping
from typing import Final

import orjson
from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from core_service.core import Core
from core_service.errors import FileTooLargeError, TooManyFilesError
from core_service.presence import unless_gone
from core_service.slots import Slot
from core_service.uploads import Events, FormShape, clean_filename, fill, next_file, skip
from service_kit.errors import RequestTooLargeError, ServiceError
from service_kit.forms import Part
from service_kit.problems import problem_of

NDJSON: Final = "application/x-ndjson"
FILE_NAMES: Final = ("files", "file")
_END: Final = b""


class BatchAnswer(Response):
    """The lines of one batch, made while they are sent. `events` are those after the head of the first file."""

    media_type = NDJSON

    def __init__(
        self, request: Request, core: Core, first: Part, events: Events, options: Mapping[str, object]
    ) -> None:
        """Prepare; reading and decoding begin when the answer is sent."""
        super().__init__()
        del self.headers["content-length"]
        self._request = request
        self._core = core
        self._first = first
        self._events = events
        self._options = options
        self._lines: asyncio.Queue[bytes] = asyncio.Queue()
        # A batch takes what it can use at once, and leaves the other slots to others.
        self._share = asyncio.Semaphore(core.settings.pool_limits.processes + 1)
        self._images: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the lines while they are made."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        reading = asyncio.create_task(self._read())
        try:
            while line := await self._lines.get():
                await send({"type": "http.response.body", "body": line, "more_body": True})
            await reading  # a fault of ours breaks the answer off, instead of ending it well
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def _read(self) -> None:
        """Take file after file off the wire; what is wrong with the request itself is the last line."""
        try:
            await self._receive_all()
            await unless_gone(self._request, self._all_done())
        except ServiceError as error:
            await self._all_done()
            self._tell(None, None, error)
        except HTTPException as error:  # the body limit speaks so
            await self._all_done()
            self._tell(None, None, RequestTooLargeError(error.detail))
        except ClientDisconnect:
            pass  # nobody is left to be told
        finally:
            for image in self._images:
                image.cancel()
            await asyncio.gather(*self._images, return_exceptions=True)
            self._lines.put_nowait(_END)

    async def _receive_all(self) -> None:
        part: Part | None = self._first
        while part:
            index = len(self._images)
            if index >= self._core.settings.max_batch_files:
                raise TooManyFilesError(f"A batch has at most {self._core.settings.max_batch_files} files.")
            await self._share.acquire()
            slot = await self._core.slots.wait()
            try:
                refusal = await self._fill(slot)
            except BaseException:
                self._give_back(slot)
                raise
            filename = clean_filename(part.filename or "")
            image = asyncio.create_task(self._lay(index, filename, slot, refusal))
            # Not in the task itself: one that is cancelled before it begins would never give its slot back.
            image.add_done_callback(functools.partial(self._give_back, slot))
            self._images.append(image)
            part = await next_file(self._events, FormShape(FILE_NAMES), {})

    async def _fill(self, slot: Slot) -> ServiceError | None:
        try:
            await fill(slot, self._events)
        except FileTooLargeError as error:
            await skip(self._events)
            return error
        return None

    async def _all_done(self) -> None:
        await asyncio.gather(*self._images)

    async def _lay(self, index: int, filename: str | None, slot: Slot, refusal: ServiceError | None) -> None:
        try:
            if refusal:
                raise refusal
            egg = await self._core.workers.run("egg", slot, {**self._options, "filename": filename})
        except ServiceError as error:
            self._tell(index, filename, error)
        else:
            head = orjson.dumps({"index": index, "filename": filename})
            self._lines.put_nowait(head[:-1] + b',"egg":' + egg + b"}\n")

    def _give_back(self, slot: Slot, _image: asyncio.Task[None] | None = None) -> None:
        self._core.slots.give_back(slot)
        self._share.release()

    def _tell(self, index: int | None, filename: str | None, error: ServiceError) -> None:
        problem = problem_of(error, self._request.url.path).model_dump(exclude_none=True)
        self._lines.put_nowait(orjson.dumps({"index": index, "filename": filename, "problem": problem}) + b"\n")
