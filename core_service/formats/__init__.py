"""Every image format that core_service reads, in the order tried. The content decides; a file's name never does."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core_service.formats.boxes import brands
from core_service.formats.found import name_what_was_found
from core_service.formats.heif import is_heif, open_heif
from core_service.formats.jpeg import open_jpeg
from core_service.formats.jpegxl import is_jpeg_xl, open_jpeg_xl
from core_service.formats.optional import is_installed
from core_service.formats.raw import is_raw, open_raw
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
from core_service.picture import Data, DecodeLimits, Picture

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


def _raw(name: str, extensions: str, recognises: Callable[[Data], bool] | None = None) -> Format:
    return Format(
        name, f"image/x-raw-{name.lower()}", tuple(extensions.split()), recognises or is_raw(name), open_raw,
        note="the camera's picture inside if it is large enough, else developed", package="rawpy", distribution="rawpy",
    )  # fmt: skip


_RAW_FORMATS: Final = (
    _raw("CR2", "cr2", _begins(rb"II\*\0....CR")),
    _raw("CR3", "cr3", lambda data: b"crx " in brands(data)),
    _raw("CRW", "crw", _begins(rb"II\x1a\0\0\0HEAPCCDR")),
    _raw("ORF", "orf", _begins(rb"IIR[OS]|MMOR")),
    _raw("RW2", "rw2 raw", _begins(rb"IIU\0")),
    _raw("RAF", "raf", _begins(rb"FUJIFILMCCD-RAW")),
    _raw("MRW", "mrw", _begins(rb"\0MRM")),
    _raw("X3F", "x3f", _begins(rb"FOVb")),
    _raw("DNG", "dng"),
    _raw("NEF", "nef nrw"),
    _raw("ARW", "arw sr2 srf"),
    _raw("PEF", "pef"),
    _raw("SRW", "srw"),
    _raw("3FR", "3fr fff"),
    _raw("IIQ", "iiq"),
    _raw("RAW", "erf kdc dcr mef mos rwl"),
)

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
    # Two letters begin many a text; the length of the header that follows them does not.
    Format("BMP", "image/bmp", ("bmp", "dib"), _begins(rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0"), open_bmp),
    *_RAW_FORMATS,
    # Last, because most RAW formats begin like a TIFF.
    Format("TIFF", "image/tiff", ("tif", "tiff"), _begins(rb"II[*+]\0|MM\0[*+]"), open_tiff, "the first page"),
)  # fmt: skip


def recognise(data: Data) -> Format:
    """Return the format of a file by its content, or raise the error that names what the file is."""
    for image_format in FORMATS:
        if image_format.recognises(data):
            return image_format
    raise name_what_was_found(data[:_HEAD_BYTES])
