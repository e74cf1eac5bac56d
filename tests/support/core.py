"""core_service in the test's own process: the real application over ASGI, with its real decoder processes.

async with running_core(processes=1, decode_seconds=2) as core:
    answer = await core.process(camera_jpeg(), coldpreview_size=400)
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from core_service.app import create_app
from core_service.core import Core
from core_service.picture import DecodeLimits
from core_service.settings import Settings
from core_service.workers import WorkerPool


class CoreClient(httpx.AsyncClient):
    """A client of the service that also sees its processes."""

    app: FastAPI

    @property
    def core(self) -> Core:
        """What the routes work with."""
        found: Core = self.app.state.core
        return found

    @property
    def workers(self) -> WorkerPool:
        """The decoder processes."""
        return self.core.workers

    @property
    def slots_in_use(self) -> int:
        """How many images are being received, waiting or being decoded."""
        return self.core.slots.in_use

    async def process(self, image: bytes, filename: str = "photo.jpg", **fields: Any) -> httpx.Response:
        """Send one image as a form."""
        return await self.post("/v1/process", files={"file": (filename, image)}, data=fields)

    async def egg(self, image: bytes, filename: str = "photo.jpg", **fields: Any) -> dict[str, Any]:
        """Send one image that must be accepted; give the egg."""
        answer = await self.process(image, filename, **fields)
        assert answer.status_code == 200, answer.text
        egg: dict[str, Any] = answer.json()
        return egg

    async def call_and_go(self, path: str, body: bytes, content_type: str) -> None:
        """Send `body` in one piece as the beginning of a request, and go away."""
        headers = [(b"host", b"localhost"), (b"content-type", content_type.encode())]
        scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
        messages = iter([{"type": "http.request", "body": body, "more_body": True}])

        async def receive() -> dict[str, Any]:
            return next(messages, {"type": "http.disconnect"})

        async def send(_message: MutableMapping[str, Any]) -> None:
            pass

        await self.app(scope, receive, send)

    def freeze_decoders(self) -> list[int]:
        """Stop every decoder process where it is, as a hang does; return their ids."""
        pids = self.workers.pids
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        return pids


@asynccontextmanager
async def running_core(**settings: Any) -> AsyncIterator[CoreClient]:
    """Start the service with two processes unless `settings` say otherwise; end it afterwards."""
    app = create_app(Settings(_env_file=None, **{"processes": 2, **settings}))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with CoreClient(transport=transport, base_url="http://localhost", timeout=60) as client:
            client.app = app
            yield client


ROOMY = DecodeLimits(max_pixels=100_000_000, max_scans=100)
"""Limits that no test picture reaches."""


async def until(condition: Any, seconds: float = 10) -> None:
    """Wait until `condition()` holds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # what is waited for knows no events
            await asyncio.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Tell whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def environment_of(pid: int) -> bytes:
    """Give the environment that a process was started with."""
    return Path(f"/proc/{pid}/environ").read_bytes()


def problem_of(answer: httpx.Response) -> tuple[int, str]:
    """Give status and slug of a refusal, having checked that it is one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["request_id"] == answer.headers["x-request-id"]
    return answer.status_code, body["type"]
