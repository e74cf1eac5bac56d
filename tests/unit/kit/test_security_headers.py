"""What answers tell browsers, and which pages may read them."""

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from service_kit.assemble import assemble, new_service
from service_kit.settings import KitSettings


@pytest.fixture
def app() -> FastAPI:
    app = new_service("things", "Keeps things")

    @app.get("/things")
    async def things() -> str:
        return "kept"

    @app.get("/page")
    async def page() -> HTMLResponse:
        return HTMLResponse("<p>Hi", headers={"Content-Security-Policy": "default-src 'self'"})

    @app.get("/broken")
    async def broken() -> str:
        raise RuntimeError

    settings = KitSettings(_env_file=None, cors_origins=["https://friend.example"])
    assemble(app, settings, max_body_bytes=1000, ready_checks={}, allow_credentials=True)
    return app


def _client(app: FastAPI, base_url: str = "http://127.0.0.1:8001") -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url=base_url)


@pytest.mark.parametrize("path", ["/things", "/nowhere", "/broken", "/openapi.json", "/health"])
async def test_every_answer_is_taken_for_what_it_is_and_framed_by_nobody(app: FastAPI, path: str) -> None:
    headers = (await _client(app).get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers


async def test_a_page_keeps_its_own_policy_and_the_documentation_loads(app: FastAPI) -> None:
    assert (await _client(app).get("/page")).headers["content-security-policy"] == "default-src 'self'"
    assert (await _client(app).get("/docs")).headers["content-security-policy"] == "frame-ancestors 'none'"


async def test_by_https_browsers_are_told_to_stay_there(app: FastAPI) -> None:
    answer = await _client(app, "https://photos").get("/things")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("origin", "may"),
    [
        ("https://friend.example", True),
        ("https://friend.example.evil.example", False),
        ("https://evil.example", False),
        ("http://friend.example", False),
        ("https://friend.example:8443", False),
        ("null", False),
    ],
)
async def test_only_listed_pages_read_answers_and_send_more_than_plain_requests(
    app: FastAPI, origin: str, *, may: bool
) -> None:
    answer = await _client(app).get("/things", headers={"Origin": origin})
    assert answer.headers.get("access-control-allow-origin") == (origin if may else None)
    asked = {"Origin": origin, "Access-Control-Request-Method": "DELETE"}
    preflight = await _client(app).options("/things", headers=asked)
    assert (preflight.status_code == 200) is may
    assert preflight.headers.get("access-control-allow-origin") == (origin if may else None)
