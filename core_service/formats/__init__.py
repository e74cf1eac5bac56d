"""Every image format that core_service reads, in the order tried. The content decides; a file's name never does."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core_service.formats.found import name_what_was_found
from core_service.formats.heif import is_heif, open_heif
from core_service.formats.jpeg import open_jpeg
from core_service.formats.jpegxl import is_jpeg_xl, open_jpeg_xl
from core_service.formats.optional import is_installed
from core_service.formats.picture import Data, DecodeLimits, Picture
from core_service.formats.standard import (
    is_avif,
    open_avif,
    open_bmp,
    open_gif,
    open_jpeg_2000,
    open_png,
    open_tiff,
    open_webp,
)

_HEAD_BYTES: Final = 1024


@dataclass(frozen=True, slots=True)
class Format:
    """One format: how it is called, recognised and opened, and which package decodes it if Pillow does not."""

    name: str
    media_type: str
    extensions: tuple[str, ...]
    recognises: Callable[[Data], bool]
    open: Callable[[Data, DecodeLimits], Picture]
    note: str = ""
    package: str = ""
    distribution: str = ""

    @property
    def available(self) -> bool:
        """Whether the decoder is installed here."""
        return not self.package or is_installed(self.package)


def _begins(pattern: bytes) -> Callable[[Data], bool]:
    signature = re.compile(pattern, re.DOTALL)
    return lambda data: signature.match(data[:64]) is not None


FORMATS: Final = (
    Format("JPEG", "image/jpeg", ("jpg", "jpeg", "jpe", "mpo"), _begins(rb"\xff\xd8\xff"), open_jpeg),
    Format("PNG", "image/png", ("png", "apng"), _begins(rb"\x89PNG\r\n\x1a\n"), open_png, "of an APNG the still image"),
    Format("WEBP", "image/webp", ("webp",), _begins(rb"RIFF....WEBP"), open_webp, "of an animation the first frame"),
    Format("AVIF", "image/avif", ("avif",), is_avif, open_avif, "of a sequence the first image"),
    Format(
        "HEIF", "image/heic", ("heic", "heif", "hif"), is_heif, open_heif,
        note="the primary image", package="pillow_heif", distribution="pillow-heif",
    ),
    Format(
        "JXL", "image/jxl", ("jxl",), is_jpeg_xl, open_jpeg_xl,
        note="of an animation the first frame", package="pillow_jxl", distribution="pillow-jxl-plugin",
    ),
    Format(
        "JPEG2000", "image/jp2", ("jp2", "j2k", "jpf", "jpx"),
        _begins(rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51"), open_jpeg_2000,
    ),
    Format("GIF", "image/gif", ("gif",), _begins(rb"GIF8[79]a"), open_gif, "of an animation the first frame"),
    Format("BMP", "image/bmp", ("bmp", "dib"), _begins(rb"BM"), open_bmp),
    # Last, because many RAW formats begin like a TIFF.
    Format("TIFF", "image/tiff", ("tif", "tiff"), _begins(rb"II[*+]\0|MM\0[*+]"), open_tiff, "the first page"),
)  # fmt: skip


def recognise(data: Data) -> Format:
    """Return the format of a file by its content, or raise the error that names what the file is."""
    for image_format in FORMATS:
        if image_format.recognises(data):
            return image_format
    raise name_what_was_found(data[:_HEAD_BYTES])
