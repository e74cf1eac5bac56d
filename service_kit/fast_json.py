"""Routes whose JSON bodies are read with orjson: several times faster, and strict about NaN and broken UTF-8."""

from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute


class _FastJsonRequest(Request):
    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = orjson.loads(await self.body())
        return self._json


class FastJsonRoute(APIRoute):
    """The `route_class` of routers that receive large bodies."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Hand the original handler a request that parses with orjson."""
        handle = super().get_route_handler()

        async def handle_fast(request: Request) -> Response:
            return await handle(_FastJsonRequest(request.scope, request.receive))

        return handle_fast
