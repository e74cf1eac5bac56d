"""A real server on a real socket: heads and bodies that are too large or too slow come to an end."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI, Request

from service_kit.assemble import assemble, new_service
from service_kit.protocol import MAX_HEAD_BYTES, GuardedProtocol
from service_kit.settings import KitSettings
from tests.support.ports import free_port


def _service() -> FastAPI:
    app = new_service("things", "Keeps things")

    @app.post("/things")
    async def keep(request: Request) -> dict[str, Any]:
        body = await request.body()
        await asyncio.sleep(float(request.headers.get("x-slowly", 0)))
        return {"bytes": len(body), "client": request.client.host if request.client else None}

    settings = KitSettings(_env_file=None)
    assemble(app, settings, max_body_bytes=100_000, ready_checks={}, body_stall_seconds=0.5)
    return app


class _Hasty(GuardedProtocol):
    head_seconds = 0.5


@asynccontextmanager
async def _running(protocol: type[GuardedProtocol], trusted: list[str] | None = None) -> AsyncIterator[int]:
    port = free_port()
    options: dict[str, Any] = {"port": port, "http": protocol, "log_config": None, "lifespan": "off"}
    config = uvicorn.Config(_service(), forwarded_allow_ips=trusted or [], **options)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # it tells nobody
        await asyncio.sleep(0.01)
    yield port
    server.should_exit = True
    await running


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async with _running(_Hasty) as port:
        yield port


@pytest.fixture
async def patient_port() -> AsyncIterator[int]:
    async with _running(GuardedProtocol) as port:
        yield port


async def _said(port: int, *pieces: bytes, pause: float = 0.0) -> tuple[int, dict[str, Any]]:
    """Send pieces with pauses in between; give status and JSON of the first answer, when the server hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        try:
            writer.write(piece)
            await writer.drain()
        except ConnectionError:
            break
        await asyncio.sleep(pause)
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return (int(head.split()[1]), json.loads(body)) if head else (0, {})


_HEAD = b"POST /things HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"


async def test_a_request_in_pieces_is_read(patient_port: int) -> None:
    body = b"x" * 10
    pieces = [bytes([byte]) for byte in _HEAD + b"Content-Length: 10\r\n\r\n" + body]
    assert await _said(patient_port, *pieces) == (200, {"bytes": 10, "client": "127.0.0.1"})


@pytest.mark.parametrize(
    "more",
    [
        b"X-Long: " + b"x" * (MAX_HEAD_BYTES + 1) + b"\r\n",
        b"".join(b"X-%d: y\r\n" % number for number in range(101)),
        b"X-Never-Ends: " + b"x" * 3_000_000,
    ],
    ids=["long", "many", "endless"],
)
async def test_a_head_that_is_too_large_is_refused_and_ends_the_connection(patient_port: int, more: bytes) -> None:
    pieces = [(_HEAD + more + b"\r\n")[at : at + 8192] for at in range(0, len(more), 8192)]
    reader, writer = await asyncio.open_connection("127.0.0.1", patient_port)
    taken = 0
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            taken += len(piece)
            await asyncio.sleep(0)
    except ConnectionError:
        pass
    if len(more) < 1_000_000:
        answer = await asyncio.wait_for(reader.read(), 20)
        assert answer.startswith(b"HTTP/1.1 431 ")
        assert b'"headers-too-large"' in answer
    else:
        assert taken < len(more), "the server reads on, as long as anybody sends"
    writer.close()
    assert (await _said(patient_port, _HEAD + b"Content-Length: 0\r\n\r\n"))[0] == 200, "others notice nothing"


@pytest.mark.parametrize(
    ("trusted", "forwarded", "client"),
    [
        (["127.0.0.1"], b"203.0.113.5", "203.0.113.5"),
        (["127.0.0.0/8"], b"198.51.100.1, 203.0.113.5", "203.0.113.5"),
        (["127.0.0.1"], b"", "127.0.0.1"),
        (["10.0.0.1"], b"203.0.113.5", "127.0.0.1"),
        ([], b"203.0.113.5", "127.0.0.1"),
    ],
)
async def test_only_a_trusted_proxy_says_who_calls(trusted: list[str], forwarded: bytes, client: str) -> None:
    async with _running(GuardedProtocol, trusted) as port:
        head = _HEAD + b"X-Forwarded-For: " + forwarded + b"\r\nContent-Length: 0\r\n\r\n"
        assert (await _said(port, head))[1]["client"] == client


async def test_a_long_address_is_part_of_the_head(patient_port: int) -> None:
    line = b"GET /" + b"x" * MAX_HEAD_BYTES + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert (await _said(patient_port, line))[0] == 431


@pytest.mark.parametrize("pieces", [(b"",), (_HEAD,), (b"P", b"O", b"S", b"T")])
async def test_a_head_that_does_not_come_is_not_awaited_for_ever(port: int, pieces: tuple[bytes, ...]) -> None:
    status, problem = await _said(port, *pieces, pause=0.1 if len(pieces) > 1 else 0)
    assert (status, problem["type"]) == (408, "request-timeout")


async def test_a_body_that_stops_in_the_middle_is_not_awaited_for_ever(patient_port: int) -> None:
    status, problem = await _said(patient_port, _HEAD + b"Content-Length: 10\r\n\r\nxxx")
    assert (status, problem["type"]) == (408, "request-timeout")


async def test_a_body_that_comes_slowly_but_comes_is_read(patient_port: int) -> None:
    pieces = [_HEAD + b"Content-Length: 10\r\n\r\n", *([b"x"] * 10)]
    assert (await _said(patient_port, *pieces, pause=0.2))[1]["bytes"] == 10


async def test_a_body_without_end_is_cut_off(patient_port: int) -> None:
    chunk = b"2000\r\n" + b"x" * 0x2000 + b"\r\n"
    status, problem = await _said(patient_port, _HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *([chunk] * 13))
    assert (status, problem["type"]) == (413, "request-too-large")


async def test_a_head_that_waits_for_the_answer_before_it_does_not_spoil_that(port: int) -> None:
    kept = _HEAD.replace(b"Connection: close\r\n", b"") + b"X-Slowly: 1.5\r\nContent-Length: 0\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(kept + b"POST /things HT")
    answer = await asyncio.wait_for(reader.read(), 20)
    first, _, rest = answer.partition(b'"client":"127.0.0.1"}')
    assert first.startswith(b"HTTP/1.1 200 ")
    assert rest.startswith(b"HTTP/1.1 408 ")
    writer.close()


async def test_a_connection_serves_request_after_request(patient_port: int) -> None:
    kept = _HEAD.replace(b"Connection: close\r\n", b"") + b"Content-Length: 3\r\n\r\nabc"
    reader, writer = await asyncio.open_connection("127.0.0.1", patient_port)
    for _ in range(5):
        writer.write(kept)
        answer = await asyncio.wait_for(reader.readuntil(b'"client":"127.0.0.1"}'), 10)
        assert answer.startswith(b"HTTP/1.1 200 ")
    writer.close()
