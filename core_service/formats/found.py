"""Names what a file is that is no image, so that a person understands the refusal."""

import re
from typing import Final

from core_service.errors import (
    FoundArchiveError,
    FoundLayeredDocumentError,
    FoundTextError,
    FoundVectorDrawingError,
    FoundVideoError,
    NotAnImageError,
)

_BEGINNINGS: Final[tuple[tuple[re.Pattern[bytes], type[NotAnImageError], str], ...]] = tuple(
    (re.compile(pattern, re.DOTALL | re.IGNORECASE), error, name)
    for pattern, error, name in (
        (rb"%PDF-", FoundVectorDrawingError, "a PDF document"),
        (rb"%!PS|\xc5\xd0\xd3\xc6", FoundVectorDrawingError, "a PostScript drawing"),
        (rb"\s*(<\?xml.*?)?(<!--.*?-->\s*)?(<!doctype svg.*?)?<svg", FoundVectorDrawingError, "an SVG drawing"),
        (rb"8BPS", FoundLayeredDocumentError, "a Photoshop document"),
        (rb"gimp xcf", FoundLayeredDocumentError, "a GIMP document"),
        (rb"PK\x03\x04|7z\xbc\xaf\x27\x1c|Rar!|\x1f\x8b|BZh|\xfd7zXZ", FoundArchiveError, "an archive"),
        (rb"....(ftyp(isom|mp4|M4V|avc1|iso[2-9]|qt  |3gp|dash)|moov|mdat|wide)", FoundVideoError, "a video"),
        (rb"\x1a\x45\xdf\xa3|RIFF....AVI |\x00\x00\x01\xba|\x30\x26\xb2\x75|OggS|FLV", FoundVideoError, "a video"),
        (rb"\s*<(!doctype html|html|head|body)", FoundTextError, "a web page"),
    )
)
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def name_what_was_found(head: bytes) -> NotAnImageError:
    """Return the error that names the beginning of a file best."""
    for pattern, error, name in _BEGINNINGS:
        if pattern.match(head):
            return error(f"The file is {name}; an image was expected.")
    if _is_text(head):
        return FoundTextError("The file is text; an image was expected.")
    return NotAnImageError("The file is not an image of a format listed at /v1/formats.")


def _is_text(head: bytes) -> bool:
    if _CONTROL.search(head):
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4  # the cut may have gone through a character
    return True
