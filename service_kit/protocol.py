"""HTTP/1.1 as uvicorn reads it, with an end to how long and how large the head of a request may be.

The body is the application's to bound; the head is read before there is any application, and uvicorn itself waits
for it, and collects it, without end.
"""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from service_kit.errors import HeadersTooLargeError, RequestTimeoutError, ServiceError
from service_kit.problems import problem_of
from shared_schemas.problem import PROBLEM_MEDIA_TYPE

MAX_HEAD_BYTES: Final = 32 * 1024
MAX_HEADERS: Final = 100
HEAD_SECONDS: Final = 15.0


class GuardedProtocol(HttpToolsProtocol):
    """A connection whose requests begin within a time, with a head of a size."""

    head_seconds = HEAD_SECONDS

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Wait for the first head from now on."""
        super().__init__(*arguments, **options)
        self._in_head = True
        self._head_bytes = 0
        self._head_is_refused = False
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait: a connection that sends nothing is not kept."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._forget_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, and count what has come of a head that is not whole yet."""
        if self._head_is_refused or self.parser is None:
            return
        super().data_received(data)
        if self._in_head and not self._head_is_refused:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._refuse(HeadersTooLargeError(_TOO_LARGE))

    def on_message_begin(self) -> None:
        """Begin a head."""
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        """End the head; one that is too large goes no further."""
        self._in_head = False
        self._forget_timer()
        if self._head_is_refused:
            return
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > MAX_HEAD_BYTES or len(self.headers) > MAX_HEADERS:
            self._refuse(HeadersTooLargeError(_TOO_LARGE))
            return
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Drop what follows a head that was refused."""
        if not self._head_is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Likewise."""
        if not self._head_is_refused:
            super().on_message_complete()

    def _await_head(self) -> None:
        self._in_head, self._head_bytes = True, 0
        self._forget_timer()
        self._head_timer = self.loop.call_later(self.head_seconds, self._too_slow)

    def _forget_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_slow(self) -> None:
        if self._is_answering():  # the next head may wait as long as the answer before it
            self._head_timer = self.loop.call_later(self.head_seconds, self._too_slow)
        elif self._in_head and not self.transport.is_closing():
            self._refuse(RequestTimeoutError("The head of the request did not come in time."))

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _refuse(self, error: ServiceError) -> None:
        """Answer with a problem, and hang up."""
        self._head_is_refused = True
        self._forget_timer()
        body = problem_of(error, "").model_dump_json(exclude_none=True).encode()
        head = (
            f"HTTP/1.1 {error.status} {error.title}\r\nContent-Type: {PROBLEM_MEDIA_TYPE}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        if not self._is_answering():  # words in the middle of another answer would be taken for part of it
            self.transport.write(head.encode("ascii") + body)
        self.transport.close()


_TOO_LARGE: Final = f"The head of the request has more than {MAX_HEAD_BYTES} bytes or {MAX_HEADERS} fields."
