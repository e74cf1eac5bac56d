"""Serves the page at `/`, under a policy that lets it talk to this service and to core, and to nobody else."""

from pathlib import Path
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as files do, below addresses that are not the API's."""
        if scope["type"] != "http" or scope["path"].startswith("/api/"):
            raise HTTPException(404)
        await super().__call__(scope, receive, send)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Add the headers to whatever is found."""
        response = await super().get_response(path, scope)
        response.headers.update(self.headers)
        return response


def install_page(app: FastAPI, settings: Settings) -> None:
    """Serve the page wherever no route is."""
    router = APIRouter(tags=["page"])

    @router.get("/config.json", summary="What the page needs to know")
    async def config() -> PageConfig:
        return PageConfig(core_url=settings.core_public_url.rstrip("/"))

    app.include_router(router)
    # The default, not a mount: a mount at `/` would also answer for API addresses that are asked with a wrong method.
    app.router.default = Page(settings.web_dir, settings.core_public_url)
