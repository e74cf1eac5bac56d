"""Serves the built page at `/`, under a policy that lets it talk to this service and to core, and to nobody else."""

import hashlib
import re
from base64 import b64encode
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel, Field
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from metadata_service.settings import Settings

# Files below have the hash of their content in their name.
_IMMUTABLE: Final = "_app/immutable/"
_NOT_BUILT: Final = """<!doctype html><html lang="en"><title>ImaLink</title><h1>The page is not built yet</h1>
<p><code>make web</code> builds it; <code>make run</code> does so by itself. The API is at <a href="/docs">/docs</a>."""
_INLINE_SCRIPT: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
# The one style attribute that SvelteKit itself writes: it hides the line that tells screen readers of a new screen.
_ANNOUNCER: Final = "'unsafe-hashes' 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='"
# A core_service on the user's own machine is the normal case for whoever keeps originals at home.
_OWN_MACHINE: Final = "http://localhost:* http://127.0.0.1:*"


class PageUploads(BaseModel):
    """Originals may be uploaded here, of this size."""

    max_file_bytes: int


class PageConfig(BaseModel):
    """What the page cannot know by itself."""

    core_url: str
    uploads: PageUploads | None = Field(description="Null where no originals are kept.")


class Page(StaticFiles):
    """The files of the build; an address without a file is one of the page's own screens, and gets index.html."""

    def __init__(self, folder: Path, core_url: str, bucket_url: str | None = None) -> None:
        """Serve `folder`; let it call the origin of `core_url`, and show pictures of the origin of `bucket_url`."""
        super().__init__(directory=folder, check_dir=False)
        self.folder = folder
        self.core_origin = _origin(core_url)
        self.picture_origins = f" {_origin(bucket_url)}" if bucket_url else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as files do, below addresses that are not the API's."""
        if scope["type"] != "http" or scope["path"].startswith("/api/"):
            raise HTTPException(404)
        await super().__call__(scope, receive, send)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Find the file, or the screen, and say how long it may be kept."""
        headers = Headers(scope=scope)
        try:
            if path in {".", "index.html"}:
                raise HTTPException(404)
            response = await self._smallest(path, headers, scope)
        except HTTPException as error:
            # What has an ending is a file that is not there; a screen's address never has one.
            if error.status_code != 404 or "." in Path(path).name or scope["method"] not in {"GET", "HEAD"}:
                raise
            response = await self._index(headers, scope)
        immutable = path.startswith(_IMMUTABLE)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if immutable else "no-cache"
        response.headers["Content-Security-Policy"] = self._policy()
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    async def _index(self, headers: Headers, scope: Scope) -> Response:
        try:
            return await self._smallest("index.html", headers, scope)
        except HTTPException:
            return HTMLResponse(_NOT_BUILT)

    async def _smallest(self, path: str, headers: Headers, scope: Scope) -> Response:
        """Answer the file, compressed at build time if the browser takes that."""
        plain = await super().get_response(path, scope)
        if not isinstance(plain, FileResponse):
            return plain
        accepted = headers.get("accept-encoding", "")
        for coding, ending in (("br", ".br"), ("gzip", ".gz")):
            if coding in accepted and self.lookup_path(path + ending)[1]:
                packed = await super().get_response(path + ending, scope)
                packed.headers.update({"Content-Encoding": coding, "Content-Type": plain.headers["Content-Type"]})
                plain = packed
                break
        plain.headers["Vary"] = "Accept-Encoding"
        return plain

    def _policy(self) -> str:
        index = self.folder / "index.html"
        scripts = _script_hashes(index, index.stat().st_mtime_ns) if index.is_file() else ""
        return (
            f"default-src 'none'; script-src 'self'{scripts}; style-src 'self'; style-src-attr {_ANNOUNCER}; "
            f"img-src 'self' blob: data:{self.picture_origins}; "
            "font-src 'self'; worker-src 'self'; manifest-src 'self'; "
            f"connect-src 'self' {self.core_origin} {_OWN_MACHINE}; "
            "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )


_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@lru_cache(maxsize=2)
def _script_hashes(index: Path, _changed: int) -> str:
    """Name the one script in index.html that starts the page, so that no other inline script may run."""
    found = _INLINE_SCRIPT.findall(index.read_bytes())
    return "".join(f" 'sha256-{b64encode(hashlib.sha256(script).digest()).decode()}'" for script in found)


def install_page(app: FastAPI, settings: Settings, bucket_url: str | None) -> None:
    """Serve the page wherever no route is; `bucket_url` is any address in the bucket that pictures come from."""
    router = APIRouter(tags=["page"])

    @router.get("/config.json", summary="What the page needs to know")
    async def config() -> PageConfig:
        uploads = PageUploads(max_file_bytes=settings.upload_max_file_mb * 2**20) if settings.uploads else None
        return PageConfig(core_url=settings.core_public_url.rstrip("/"), uploads=uploads)

    app.include_router(router)
    # The default, not a mount: a mount at `/` would also answer for API addresses that are asked with a wrong method.
    app.router.default = Page(settings.web_dir, settings.core_public_url, bucket_url)
