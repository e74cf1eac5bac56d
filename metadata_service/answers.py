"""JSON answers written as they are: rows are facts already, and validating them again costs more than all else."""

from typing import Annotated, Any, Final

import orjson
from fastapi import Depends, Header
from starlette.responses import Response

VARY: Final = "Authorization, Cookie"
"""What an answer depends on besides its address: who asks."""


def _tags(
    if_none_match: Annotated[str | None, Header(description="ETags that the caller has.")] = None,
) -> frozenset[str]:
    """The tags in the caller's If-None-Match (RFC 9110, 13.1.2); `*` and foreign ones match nothing."""
    tags = (tag.strip().removeprefix("W/").strip('"') for tag in (if_none_match or "").split(","))
    return frozenset(tag for tag in tags if tag)


KnownTags = Annotated[frozenset[str], Depends(_tags)]


class JsonResponse(Response):
    """JSON of plain Python values; instants end in Z, wall-clock times have no zone."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Write the JSON as pydantic would have."""
        return orjson.dumps(content, option=orjson.OPT_UTC_Z)
