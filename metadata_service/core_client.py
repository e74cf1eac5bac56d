"""The one door to core_service: has eggs laid and raw EXIF read, and knows when not to ask.

A request is tried a few times with growing, jittered pauses. After several failures in a row the circuit opens: for a
while nobody waits for a service that is not there.
"""

import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import httpx
import stamina
from pydantic import BaseModel, ConfigDict, ValidationError

from shared_schemas.photoegg import EggWarning, PhotoMetadata

_ATTEMPTS: Final = 3
_FAILURES_TO_OPEN: Final = 3
_OPEN_SECONDS: Final = 15.0
_BYTES: Final = {"Content-Type": "application/octet-stream"}
_TRY_AGAIN: Final = frozenset({429, 502, 503, 504})


class CoreUnavailableError(Exception):
    """core_service does not answer; what was to be asked can be asked later."""


class CoreRefusedError(Exception):
    """core_service answered that it cannot use what it was given."""


class ExifAnswer(BaseModel):
    """What core_service read from EXIF."""

    model_config = ConfigDict(extra="ignore")

    metadata: PhotoMetadata
    exif_dict: dict[str, Any]
    warnings: list[EggWarning]


class _BusyError(Exception):
    """An answer that says: later."""


@dataclass(slots=True)
class _Circuit:
    """Counts failures in a row; open, it lets one request through every so often."""

    failures: int = 0
    opened_at: float = 0.0

    def refuses(self) -> bool:
        return self.failures >= _FAILURES_TO_OPEN and time.monotonic() - self.opened_at <= _OPEN_SECONDS

    def failed(self) -> None:
        self.failures += 1
        self.opened_at = time.monotonic()

    def succeeded(self) -> None:
        self.failures = 0


class CoreClient:
    """Talks to core_service over HTTP."""

    def __init__(
        self, base_url: str, *, timeout_seconds: float, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """Prepare the connection pool; nothing is opened before the first request."""
        self._http = httpx.AsyncClient(base_url=base_url, timeout=timeout_seconds, transport=transport)
        self._circuit = _Circuit()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def read_exif(self, blob: bytes) -> ExifAnswer:
        """Have raw EXIF read; raise `CoreUnavailableError` or `CoreRefusedError`."""
        answer = await self._post("/v1/exif", blob)
        if answer.is_client_error:
            raise CoreRefusedError(answer.json().get("detail", "core_service refused the EXIF."))
        try:
            return ExifAnswer.model_validate_json(answer.content)
        except ValidationError as error:
            raise CoreRefusedError("core_service answered something else than metadata.") from error

    async def lay_egg(self, image: bytes, filename: str, coldpreview_size: int | None) -> dict[str, Any]:
        """Have an image turned into an egg's JSON; raise `CoreUnavailableError` or `CoreRefusedError`."""
        query = f"?coldpreview_size={coldpreview_size}" if coldpreview_size else ""
        headers = {"Content-Type": "image/*", "X-Filename": quote(filename)}
        answer = await self._post(f"/v1/process{query}", image, headers)
        if answer.is_client_error:
            raise CoreRefusedError(answer.json().get("detail", "core_service refused the image."))
        egg: dict[str, Any] = answer.json()
        return egg

    async def _post(self, path: str, content: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
        if self._circuit.refuses():
            raise CoreUnavailableError("core_service did not answer a moment ago.")
        try:
            async for attempt in stamina.retry_context(
                on=(httpx.TransportError, _BusyError), attempts=_ATTEMPTS, wait_initial=0.1, wait_max=1.0, timeout=None
            ):
                with attempt:
                    answer = await self._http.post(path, content=content, headers=headers or _BYTES)
                    if answer.status_code in _TRY_AGAIN or answer.is_server_error:
                        raise _BusyError(answer.status_code)
        except (httpx.TransportError, _BusyError) as error:
            self._circuit.failed()
            raise CoreUnavailableError(f"core_service does not answer: {error!r}.") from error
        self._circuit.succeeded()
        return answer
