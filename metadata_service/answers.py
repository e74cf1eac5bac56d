"""JSON answers written as they are: rows are facts already, and validating them again costs more than all else."""

from typing import Any

import orjson
from starlette.responses import Response


class JsonResponse(Response):
    """JSON of plain Python values; instants end in Z, wall-clock times have no zone."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Write the JSON as pydantic would have."""
        return orjson.dumps(content, option=orjson.OPT_UTC_Z)
