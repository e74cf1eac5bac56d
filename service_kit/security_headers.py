"""What every answer tells a browser not to do with it, unless the answer itself says otherwise."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# An answer of the API is no document: opened as one, it may load and run nothing.
_OF_DATA: Final = "default-src 'none'; frame-ancestors 'none'"
# Swagger UI loads itself from elsewhere; it may not be framed either.
_OF_DOCUMENTS: Final = "frame-ancestors 'none'"
_HTTPS: Final = "max-age=31536000"


class SecurityHeaders:
    """Middleware: adds the headers that an answer does not have. HSTS only where the request came by https."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
                is_document = headers.get("content-type", "").startswith("text/html")
                headers.setdefault("Content-Security-Policy", _OF_DOCUMENTS if is_document else _OF_DATA)
                if scope.get("scheme") == "https":
                    headers.setdefault("Strict-Transport-Security", _HTTPS)
            await send(message)

        await self.app(scope, receive, send_guarded)
