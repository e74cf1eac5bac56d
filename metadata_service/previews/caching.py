"""What caches may do with a preview (RFC 9110 section 13, RFC 9111, RFC 8246)."""

from typing import Final

from fastapi import Response, status

from metadata_service.answers import VARY

_A_YEAR: Final = 31_536_000
_AN_HOUR: Final = 3_600


def jpeg_response(jpeg: bytes | None, digest: str, *, is_public: bool, immutable: bool) -> Response:
    """Answer a JPEG, or 304 where `jpeg` is None because the caller has it.

    A private picture is for the asking browser alone. A public one may sit in shared caches for an hour, not
    longer: that is how long taking it back may take. What is not immutable under its address is asked for each time.
    """
    audience = "public" if is_public else "private"
    freshness = f"max-age={_AN_HOUR if is_public else _A_YEAR}, immutable" if immutable else "no-cache"
    headers = {
        "Cache-Control": f"{audience}, {freshness}",
        "ETag": f'"{digest}"',
        "Vary": VARY,
        "X-Content-Type-Options": "nosniff",
    }
    if jpeg is None:
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers)
    headers["Content-Security-Policy"] = "default-src 'none'"
    return Response(jpeg, media_type="image/jpeg", headers=headers)
