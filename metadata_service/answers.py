"""Answers: JSON written as it is, because validating rows again costs more than all else, and tags of their states."""

from typing import Annotated, Any, Final

import orjson
from fastapi import Depends, Header
from starlette.responses import JSONResponse

VARY: Final = "Authorization, Cookie, X-View-As"
"""What an answer depends on besides its address: who asks, and through whose eyes."""


async def _known(
    if_none_match: Annotated[str | None, Header(description="ETags that the caller has.")] = None,
) -> frozenset[str]:
    """The tags in the caller's If-None-Match (RFC 9110, 13.1.2); `*` and foreign ones match nothing."""
    return _tags(if_none_match, "W/")


async def _seen(
    if_match: Annotated[str | None, Header(description="ETags of the states to be changed.")] = None,
) -> frozenset[str]:
    """The tags in the caller's If-Match (RFC 9110, 13.1.1), which compares strongly: weak ones match nothing."""
    return _tags(if_match, "")


def _tags(header: str | None, prefix: str) -> frozenset[str]:
    tags = (tag.strip().removeprefix(prefix).strip('"') for tag in (header or "").split(","))
    return frozenset(tag for tag in tags if tag)


KnownTags = Annotated[frozenset[str], Depends(_known)]
SeenTags = Annotated[frozenset[str], Depends(_seen)]


class JsonResponse(JSONResponse):
    """JSON of plain Python values; instants end in Z, wall-clock times have no zone."""

    def render(self, content: Any) -> bytes:
        """Write the JSON as pydantic would have."""
        return orjson.dumps(content, option=orjson.OPT_UTC_Z)
