"""Every image format that core_service reads, in the order tried. The content decides; a file's name never does."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core_service.formats.found import name_what_was_found
from core_service.formats.jpeg import open_jpeg
from core_service.formats.picture import Data, DecodeLimits, Picture
from core_service.formats.standard import open_avif, open_bmp, open_gif, open_png, open_tiff, open_webp

HEAD_BYTES: Final = 1024
"""How much of a file's beginning is enough to recognise it."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format: how it is called, recognised and opened."""

    name: str
    media_type: str
    extensions: tuple[str, ...]
    signature: re.Pattern[bytes]
    open: Callable[[Data, DecodeLimits], Picture]
    note: str = ""

    def recognises(self, head: bytes) -> bool:
        """Tell from the first bytes of a file whether it is one of these."""
        return self.signature.match(head) is not None


def _begins(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


FORMATS: Final = (
    Format("JPEG", "image/jpeg", ("jpg", "jpeg", "jpe", "mpo"), _begins(rb"\xff\xd8\xff"), open_jpeg),
    Format("PNG", "image/png", ("png", "apng"), _begins(rb"\x89PNG\r\n\x1a\n"), open_png, "of an APNG the still image"),
    Format("WEBP", "image/webp", ("webp",), _begins(rb"RIFF....WEBP"), open_webp, "of an animation the first frame"),
    Format("AVIF", "image/avif", ("avif",), _begins(rb"....ftyp(avif|avis)"), open_avif),
    Format("GIF", "image/gif", ("gif",), _begins(rb"GIF8[79]a"), open_gif, "of an animation the first frame"),
    Format("BMP", "image/bmp", ("bmp", "dib"), _begins(rb"BM"), open_bmp),
    # Last, because many RAW formats begin like a TIFF.
    Format("TIFF", "image/tiff", ("tif", "tiff"), _begins(rb"II[*+]\0|MM\0[*+]"), open_tiff, "the first page"),
)


def recognise(head: bytes) -> Format:
    """Return the format of a file by its beginning, or raise the error that names what the file is."""
    for image_format in FORMATS:
        if image_format.recognises(head):
            return image_format
    raise name_what_was_found(head)
