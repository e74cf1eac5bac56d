"""Answers only to names that are ours, so that no web page can reach a service at home through a name of its own.

DNS rebinding: a page at evil.example lets its name point to 127.0.0.1, and the browser then takes the service for part
of that page. The Host header gives it away. Such a name always has a dot; an address, or a name without one, cannot be
an attacker's. Requests with another page's Origin can be refused too: browsers send them, though they hide the answer.
"""

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service_kit.errors import ForeignOriginError, MisdirectedRequestError, ServiceError
from service_kit.problems import problem_response


class HostGuard:
    """Middleware; `names` are the domains that lead here, `origins` the pages that may call (None: any)."""

    def __init__(self, app: ASGIApp, names: Collection[str], origins: Collection[str] | None = None) -> None:
        self.app = app
        self.names = {name.lower().rstrip(".") for name in names}
        self.origins = None if origins is None else set(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (error := self._refusal(Headers(scope=scope))):
            await problem_response(error, scope["path"])(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _refusal(self, headers: Headers) -> ServiceError | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._is_ours(host_name(host)):
            return MisdirectedRequestError(
                f"This service does not answer to the name {host_name(host)[:100]}. "
                "If it should, its operator adds the name to ALLOWED_HOSTS."
            )
        if self.origins is not None and origin is not None and not self._may_call(origin, host):
            return ForeignOriginError(
                f"Pages of {origin[:100]} may not call this service. "
                "If they should, its operator adds them to CORS_ORIGINS."
            )
        return None

    def _is_ours(self, name: str) -> bool:
        return "." not in name or name in self.names or name.endswith(".localhost") or _is_address(name)

    def _may_call(self, origin: str, host: str) -> bool:
        return self.origins is None or origin in self.origins or urlsplit(origin).netloc == host


def host_name(host: str) -> str:
    """Take the port, the brackets and the final dot from a Host header."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower().rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
