"""The parts of the OpenAPI document that the framework cannot read from the code: bodies that are streamed."""

from typing import Any, Final

from core_service.errors import (
    DecoderCrashedError,
    DecoderMissingError,
    EmptyUploadError,
    FileTooLargeError,
    FoundArchiveError,
    FoundLayeredDocumentError,
    FoundTextError,
    FoundVectorDrawingError,
    FoundVideoError,
    ImageTooSmallError,
    NotAnImageError,
    OutOfMemoryError,
    QueueFullError,
    RefusedImageError,
    TookTooLongError,
    TooManyPixelsError,
    TooManyScansError,
    UnprocessableImageError,
    UploadStalledError,
)
from core_service.previews import MAX_COLD_SIDE, MIN_COLD_SIDE
from service_kit.errors import InvalidRequestError, MalformedRequestError, ServiceError

UPLOAD_REFUSALS: Final[tuple[type[ServiceError], ...]] = (
    MalformedRequestError,
    UploadStalledError,
    FileTooLargeError,
    InvalidRequestError,
    QueueFullError,
)
"""Why an upload is refused before anything is decoded."""

IMAGE_REFUSALS: Final[tuple[type[ServiceError], ...]] = (
    EmptyUploadError,
    ImageTooSmallError,
    NotAnImageError,
    FoundTextError,
    FoundVectorDrawingError,
    FoundVideoError,
    FoundArchiveError,
    FoundLayeredDocumentError,
    DecoderMissingError,
    RefusedImageError,
    TooManyPixelsError,
    TooManyScansError,
    TookTooLongError,
    OutOfMemoryError,
    DecoderCrashedError,
    UnprocessableImageError,
)
"""Why an image is refused by the process that decodes it."""

_COLDPREVIEW_SIZE: Final = {
    "type": "integer",
    "minimum": MIN_COLD_SIDE,
    "maximum": MAX_COLD_SIDE,
    "description": "Longest side of the coldpreview in pixels; without it, none is made.",
}
_BINARY: Final = {"type": "string", "format": "binary"}

IMAGE_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "additionalProperties": False,
                    "properties": {
                        "file": {**_BINARY, "description": "The image, in any format of `GET /v1/formats`."},
                        "coldpreview_size": _COLDPREVIEW_SIZE,
                        "generate_coldpreview": {
                            "type": "boolean",
                            "description": "Earlier name: a coldpreview of the default size.",
                        },
                    },
                }
            },
            "image/*": {"schema": _BINARY},
            "application/octet-stream": {"schema": _BINARY},
        },
    }
}
"""An image: as the field `file` of a form, or as the body itself (its name in `X-Filename`, percent-encoded)."""
