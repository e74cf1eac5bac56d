"""The one door to core_service: has eggs laid and raw EXIF read, and knows when not to ask.

A request is tried a few times with growing, jittered pauses. After several failures in a row the circuit opens: for a
while nobody waits for a service that is not there.
"""

from collections.abc import AsyncIterator, Callable
from typing import Any, Final
from urllib.parse import quote

import httpx
import stamina
from pydantic import BaseModel, ConfigDict, ValidationError

from metadata_service.circuit import Circuit
from shared_schemas.eggwire import EGG_MEDIA_TYPE, NotAnEggError, unpack_egg
from shared_schemas.photoegg import EggWarning, PhotoEgg, PhotoMetadata

_ATTEMPTS: Final = 3
_BYTES: Final = {"Content-Type": "application/octet-stream"}
_TRY_AGAIN: Final = frozenset({429, 502, 503, 504})


Pieces = Callable[[], AsyncIterator[bytes]]
"""Begins to read an image, from its first byte each time."""


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


class CoreClient:
    """Talks to core_service over HTTP."""

    def __init__(
        self, base_url: str, *, timeout_seconds: float, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """Prepare the connection pool; nothing is opened before the first request."""
        self._http = httpx.AsyncClient(base_url=base_url, timeout=timeout_seconds, transport=transport)
        self._circuit = Circuit()

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

    async def lay_packed_egg(self, image: Pieces, filename: str, coldpreview_size: int, *, seconds: float) -> PhotoEgg:
        """Have a large image turned into an egg, sent and answered in binary form, within so many seconds.

        Raise `CoreUnavailableError` or `CoreRefusedError`, and what `image` raises.
        """
        headers = {"Content-Type": "image/*", "X-Filename": quote(filename), "Accept": EGG_MEDIA_TYPE}
        answer = await self._post(f"/v1/process?coldpreview_size={coldpreview_size}", image, headers, seconds)
        if answer.is_client_error:
            raise CoreRefusedError(_refusal(answer, "core_service refused the image."))
        try:
            return unpack_egg(answer.content)
        except (NotAnEggError, ValidationError) as error:
            raise CoreUnavailableError("core_service answered something else than an egg.") from error

    async def resize(
        self, image: bytes | Pieces, width: int, height: int | None = None, *, seconds: float | None = None
    ) -> bytes:
        """Have an image made a JPEG that fits into so many pixels, into a square without `height`; raise as above."""
        path = f"/v1/resize?width={width}&height={height or width}"
        answer = await self._post(path, image, {"Content-Type": "image/*"}, seconds)
        if answer.is_client_error:
            raise CoreRefusedError(_refusal(answer, "core_service refused the picture."))
        if not answer.content.startswith(b"\xff\xd8"):
            raise CoreUnavailableError("core_service answered something else than a JPEG.")
        return answer.content

    async def plain_pixels(self, image: Pieces, side: int, *, seconds: float) -> bytes:
        """Have an image made a BMP that fits into a square; raise as above."""
        path = f"/v1/resize?width={side}&height={side}&as=bmp"
        answer = await self._post(path, image, {"Content-Type": "image/*"}, seconds)
        if answer.is_client_error:
            raise CoreRefusedError(_refusal(answer, "core_service refused the picture."))
        if not answer.content.startswith(b"BM"):
            raise CoreUnavailableError("core_service answered something else than pixels.")
        return answer.content

    async def _post(
        self,
        path: str,
        content: bytes | Pieces,
        headers: dict[str, str] | None = None,
        seconds: float | None = None,
    ) -> httpx.Response:
        if self._circuit.refuses():
            raise CoreUnavailableError("core_service did not answer a moment ago.")
        try:
            async for attempt in stamina.retry_context(
                on=(httpx.TransportError, _BusyError), attempts=_ATTEMPTS, wait_initial=0.1, wait_max=1.0, timeout=None
            ):
                with attempt:
                    answer = await self._http.post(
                        path,
                        content=content if isinstance(content, bytes) else content(),
                        headers=headers or _BYTES,
                        timeout=httpx.USE_CLIENT_DEFAULT if seconds is None else seconds,
                    )
                    if answer.status_code in _TRY_AGAIN or answer.is_server_error:
                        raise _BusyError(answer.status_code)
        except (httpx.TransportError, _BusyError) as error:
            self._circuit.failed()
            raise CoreUnavailableError(f"core_service does not answer: {error!r}.") from error
        self._circuit.succeeded()
        return answer


def _refusal(answer: httpx.Response, otherwise: str) -> str:
    """The sentence of a problem; whatever stands between us may answer something else."""
    try:
        said = answer.json()
    except ValueError:
        return otherwise
    return str(said.get("detail", otherwise)) if isinstance(said, dict) else otherwise
