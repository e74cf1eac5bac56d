"""Every request has an id: the caller's own if it is a sane one, else a new one; it is answered and logged."""

import re
from typing import Any, Final

from asgi_correlation_id import correlation_id
from structlog.typing import EventDict

REQUEST_ID_HEADER: Final = "X-Request-ID"
_SANE: Final = re.compile(r"[A-Za-z0-9._-]{1,128}")


def is_sane(request_id: str) -> bool:
    """Tell whether a caller's id may enter our logs and headers as it is."""
    return _SANE.fullmatch(request_id) is not None


def add_request_id(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Structlog processor: put the current request's id on the log line."""
    if request_id := correlation_id.get():
        event["request_id"] = request_id
    return event
