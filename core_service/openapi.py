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
from service_kit.errors import InvalidRequestError, MalformedRequestError, RequestTooLargeError, ServiceError
from shared_schemas.eggwire import EGG_MEDIA_TYPE
from shared_schemas.photoegg import PhotoEgg

UPLOAD_REFUSALS: Final[tuple[type[ServiceError], ...]] = (
    MalformedRequestError,
    UploadStalledError,
    FileTooLargeError,
    RequestTooLargeError,
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

_BINARY: Final = {"type": "string", "format": "binary"}
_IMAGE: Final = {**_BINARY, "description": "The image, in any format of `GET /v1/formats`."}
_COLD_FIELDS: Final = {
    "coldpreview_size": {
        "type": "integer",
        "minimum": MIN_COLD_SIDE,
        "maximum": MAX_COLD_SIDE,
        "description": "Longest side of the coldpreview in pixels; without it, none is made.",
    },
    "generate_coldpreview": {"type": "boolean", "description": "Earlier name: a coldpreview of the default size."},
}


def _form(required: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": [required],
                "additionalProperties": False,
                "properties": properties,
            }
        }
    }


def _body(content: dict[str, Any], description: str) -> dict[str, Any]:
    return {"requestBody": {"required": True, "description": description, "content": content}}


_BARE: Final[dict[str, Any]] = {"image/*": {"schema": _BINARY}, "application/octet-stream": {"schema": _BINARY}}
_EITHER_WAY: Final = "The image as a field of a form, or as the body itself with its name in `X-Filename`, URL-encoded."

IMAGE_BODY: Final = _body({**_form("file", {"file": _IMAGE, **_COLD_FIELDS}), **_BARE}, _EITHER_WAY)
PLAIN_IMAGE_BODY: Final = _body({**_form("file", {"file": _IMAGE}), **_BARE}, _EITHER_WAY)
EXIF_BODY: Final = _body(
    {**_form("file", {"file": _BINARY}), **_BARE},
    "An image, or a bare EXIF blob: a TIFF structure, with or without `Exif` before it.",
)
BATCH_BODY: Final = _body(
    _form("files", {**_COLD_FIELDS, "files": {"type": "array", "items": _IMAGE, "minItems": 1}}),
    "Any number of images as the field `files`; the other fields come before them.",
)

EGG_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "model": PhotoEgg,
        "description": "The egg: as JSON, or in the binary form of docs/photoegg.md.",
        "content": {EGG_MEDIA_TYPE: {"schema": _BINARY}},
    }
}
PICTURE_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The picture, as it was asked for.",
        "content": {"image/jpeg": {"schema": _BINARY}, "image/bmp": {"schema": _BINARY}},
    }
}
BATCH_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "One JSON object a line; a last one with `index: null` tells what was wrong with the request.",
        "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
    }
}
