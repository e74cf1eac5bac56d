"""Which names and pages a service answers to."""

import httpx
import pytest
from fastapi import FastAPI

from service_kit.assemble import assemble, new_service
from service_kit.settings import KitSettings


def _service(*, refuse_foreign_origins: bool = False) -> FastAPI:
    app = new_service("things", "Keeps things")

    @app.post("/things")
    async def keep() -> str:
        return "kept"

    settings = KitSettings(_env_file=None, allowed_hosts=["photos.example.org"], cors_origins=["http://friend.example"])
    assemble(app, settings, max_body_bytes=1000, ready_checks={}, refuse_foreign_origins=refuse_foreign_origins)
    return app


async def _post(app: FastAPI, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8001") as client:
        return await client.post("/things", headers=headers)


@pytest.mark.parametrize(
    "host",
    ["localhost:8001", "127.0.0.1:8001", "[::1]:8001", "192.168.1.7", "core:8001", "nas", "photos.example.org",
     "PHOTOS.example.org.:443", "app.localhost:8000"],
)  # fmt: skip
async def test_our_own_names_are_answered(host: str) -> None:
    assert (await _post(_service(), host=host)).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8001", "127.0.0.1.evil.example", "localhost.evil.example"]
)
async def test_a_name_that_was_bent_towards_us_is_not_answered(host: str) -> None:
    answer = await _post(_service(), host=host)
    assert (answer.status_code, answer.json()["type"]) == (421, "misdirected-request")
    assert "ALLOWED_HOSTS" in answer.json()["detail"]
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize("origin", ["http://friend.example", "http://127.0.0.1:8001"])
async def test_listed_pages_and_our_own_may_call(origin: str) -> None:
    assert (await _post(_service(refuse_foreign_origins=True), origin=origin)).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999"])
async def test_other_pages_may_not_call_where_that_is_refused(origin: str) -> None:
    answer = await _post(_service(refuse_foreign_origins=True), origin=origin)
    assert (answer.status_code, answer.json()["type"]) == (403, "foreign-origin")
    assert (await _post(_service(), origin=origin)).status_code == 200
