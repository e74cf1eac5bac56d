"""Whatever goes wrong, the answer is a problem that a person can read and an operator can find."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from service_kit.assemble import assemble, new_service
from service_kit.errors import NotReadyError, ServiceError, every_error
from service_kit.problems import answers
from service_kit.settings import KitSettings
from shared_schemas.problem import Problem

_JSON = {"Content-Type": "application/json"}


class _Thing(BaseModel):
    size: int


class _TooBlueError(ServiceError):
    slug = "too-blue"
    title = "The thing is too blue"
    status = 418


def _service() -> FastAPI:
    app = new_service("things", "A service made for this test")

    @app.post("/things", responses=answers(_TooBlueError))
    async def keep(thing: _Thing) -> _Thing:
        if thing.size == 13:
            raise RuntimeError("the password is swordfish")
        if thing.size == 14:
            raise _TooBlueError("This one is far too blue.", headers={"Retry-After": "5"})
        return thing

    async def never() -> None:
        raise ConnectionError("no route to the moon")

    assemble(app, KitSettings(), max_body_bytes=1000, ready_checks={"moon": never})
    return app


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(_service()), base_url="http://testserver") as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path", "send", "status", "slug"),
    [
        ("GET", "/nothing", {}, 404, "not-found"),
        ("DELETE", "/things", {}, 405, "method-not-allowed"),
        ("POST", "/things", {"json": {"size": "big"}}, 422, "invalid-request"),
        ("POST", "/things", {"json": {}}, 422, "invalid-request"),
        (
            "POST",
            "/things",
            {"content": b"{", "headers": _JSON},
            400,
            "malformed-request",
        ),
        ("POST", "/things", {"content": b"x" * 1001}, 413, "request-too-large"),
        ("POST", "/things", {"headers": {"Content-Length": "many"}}, 400, "malformed-request"),
        ("POST", "/things", {"json": {"size": 13}}, 500, "unexpected-error"),
        ("POST", "/things", {"json": {"size": 14}}, 418, "too-blue"),
        ("GET", "/ready", {}, 503, "not-ready"),
    ],
)
async def test_every_error_is_a_problem(
    client: httpx.AsyncClient, method: str, path: str, send: dict[str, Any], *, status: int, slug: str
) -> None:
    answer = await client.request(method, path, **send)
    problem = Problem.model_validate(answer.json())
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem.status, problem.type) == (status, status, slug)
    assert problem.instance == path
    assert problem.request_id == answer.headers["x-request-id"] != ""
    assert answer.headers["cache-control"] == "no-store"


async def test_a_fault_of_ours_tells_its_id_and_nothing_else(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await client.post("/things", json={"size": 13}, headers={"X-Request-ID": "abc-123"})
    assert "swordfish" not in answer.text
    assert answer.json()["request_id"] == "abc-123"
    assert "swordfish" in caplog.text, "the operator sees what the client must not"


async def test_a_body_is_counted_even_if_nobody_said_how_long_it_is(client: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b" " * 100

    answer = await client.post("/things", content=chunks(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (413, "request-too-large")


@pytest.mark.parametrize(("sent", "kept"), [("abc-123", True), ("a b", False), ("x" * 129, False), ("<script>", False)])
async def test_a_sane_request_id_is_kept_and_another_is_replaced(
    client: httpx.AsyncClient, sent: str, *, kept: bool
) -> None:
    answer = await client.get("/health", headers={"X-Request-ID": sent})
    assert (answer.headers["x-request-id"] == sent) is kept


async def test_a_listed_origin_may_read_errors_too_and_another_may_not(client: httpx.AsyncClient) -> None:
    body = {"size": 13}
    friend = await client.post("/things", json=body, headers={"Origin": "http://localhost:5173"})
    stranger = await client.post("/things", json=body, headers={"Origin": "http://evil.example"})
    assert friend.headers["access-control-allow-origin"] == "http://localhost:5173"
    assert "access-control-allow-origin" not in stranger.headers


def test_a_wildcard_origin_is_refused() -> None:
    with pytest.raises(ValueError, match="name each origin"):
        KitSettings(cors_origins=["*"])


def test_origins_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", "http://a.example, http://b.example/")
    assert KitSettings().cors_origins == ["http://a.example", "http://b.example"]


async def test_the_routes_say_what_they_may_answer(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    responses = document["paths"]["/things"]["post"]["responses"]
    assert "`too-blue`" in responses["418"]["description"]
    assert "`invalid-request`" in responses["422"]["description"]
    assert set(document["components"]["schemas"]) >= {"Problem", "FieldError"}


async def test_metrics_count_requests_by_route(client: httpx.AsyncClient) -> None:
    await client.post("/things", json={"size": 1})
    metrics = (await client.get("/metrics")).text
    assert 'http_requests_total{handler="/things",method="POST",status="200"} 1.0' in metrics


def test_every_cause_has_a_slug_of_its_own() -> None:
    slugs = [error.slug for error in every_error()]
    assert NotReadyError.slug in slugs
    assert len(set(slugs)) == len(slugs), sorted(slugs)
