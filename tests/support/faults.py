"""A TCP proxy that does to a connection what networks do: refuses it, slows it down, cuts it off, answers in its stead.

async with FaultProxy("http://127.0.0.1:8333") as proxy:
    proxy.fault = "hang"
    ...                      # whoever talks to proxy.url waits
    proxy.heal()
"""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Final, Literal, Self
from urllib.parse import urlsplit

Fault = Literal["none", "refuse", "hang", "slow", "cut requests", "cut answers", "503"]

_UNAVAILABLE: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlater"
)
_SLOW_BYTES, _SLOW_PAUSE = 2_000, 0.05
_CUT_AFTER = 700


class FaultProxy:
    """Stands before one server."""

    def __init__(self, target: str) -> None:
        at = urlsplit(target)
        self._target = (at.hostname or "127.0.0.1", at.port or 80)
        self.fault: Fault = "none"
        self.connections = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._server.close()
        self._end_connections()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def hurt(self, fault: Fault) -> None:
        """Let every connection suffer from now on, those that are open too."""
        self.fault = fault
        self._end_connections()

    def heal(self) -> None:
        """Let everything pass."""
        self.hurt("none")

    def _end_connections(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.connections += 1
        try:
            await self._suffer(reader, writer)
        except (asyncio.CancelledError, OSError):
            pass
        finally:
            with suppress(RuntimeError):  # the loop may be gone
                writer.transport.abort()

    async def _suffer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.fault == "refuse":
            return
        if self.fault == "hang":
            await asyncio.sleep(3600)
        if self.fault == "503":
            await reader.readuntil(b"\r\n\r\n")
            writer.write(_UNAVAILABLE)
            await writer.drain()
            return
        there, back = await asyncio.open_connection(*self._target)
        try:
            await asyncio.gather(self._pass(reader, back, "cut requests"), self._pass(there, writer, "cut answers"))
        finally:
            back.transport.abort()

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, cut: Fault) -> None:
        passed, fault = 0, self.fault
        while data := await source.read(_SLOW_BYTES if fault == "slow" else 65_536):
            if fault == cut and passed + len(data) > _CUT_AFTER:
                sink.write(data[: _CUT_AFTER - passed])
                await sink.drain()
                raise ConnectionError("cut")
            if fault == "slow":
                await asyncio.sleep(_SLOW_PAUSE)
            sink.write(data)
            await sink.drain()
            passed += len(data)
        if sink.can_write_eof():
            sink.write_eof()
