"""Serves the page at `/`, under a policy that lets it talk to this service and to core, and to nobody else."""

from pathlib import Path
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from metadata_service.settings import Settings


class PageConfig(BaseModel):
    """What the page cannot know by itself."""

    core_url: str


class Page(StaticFiles):
    """Static files with security headers, revalidated at every use."""

    def __init__(self, folder: Path, core_url: str) -> None:
        """Serve `folder`; let it call the origin of `core_url`."""
        super().__init__(directory=folder, html=True)
        core = urlsplit(core_url)
        self.headers = {
            "Cache-Control": "no-cache",
            "Content-Security-Policy": (
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
                f"connect-src 'self' {core.scheme}://{core.netloc}; "
                "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
            ),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Add the headers to whatever is found."""
        response = await super().get_response(path, scope)
        response.headers.update(self.headers)
        return response


def install_page(app: FastAPI, settings: Settings) -> None:
    """Mount the page behind every other route."""
    router = APIRouter(tags=["page"])

    @router.get("/config.json", summary="What the page needs to know")
    async def config() -> PageConfig:
        return PageConfig(core_url=settings.core_public_url.rstrip("/"))

    app.include_router(router)
    app.mount("/", Page(settings.web_dir, settings.core_public_url), name="page")
