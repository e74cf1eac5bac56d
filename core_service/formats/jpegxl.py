"""JPEG XL, read by libjxl. A JPEG that was packed into one losslessly is unpacked, and keeps its hothash.

Size and orientation are read here, from the first bits of the codestream (ISO/IEC 18181-1, annex D), because the
decoder knows them only when it has decoded all.
"""

from dataclasses import replace
from typing import Any, Final

from PIL import Image

from core_service.errors import RefusedImageError
from core_service.formats.boxes import boxes, refuse_if_cut_off
from core_service.formats.jpeg import JpegPicture, open_jpeg
from core_service.formats.optional import load
from core_service.picture import Data, DecodeLimits, WholePicture, refuse_oversize

_CONTAINER: Final = b"\x00\x00\x00\x0cJXL \r\n\x87\n"
_CODESTREAM: Final = b"\xff\x0a"
_RATIOS: Final = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}
_HEAD_BYTES: Final = 32
_SIZE_BITS: Final = (9, 13, 18, 30)


def is_jpeg_xl(data: Data) -> bool:
    """Tell JPEG XL by its container or its bare codestream."""
    return data[:12] == _CONTAINER or data[:2] == _CODESTREAM


def open_jpeg_xl(data: Data, limits: DecodeLimits) -> WholePicture | JpegPicture:
    """Look at the size first, then decode, or unpack the JPEG inside."""
    if data[:2] != _CODESTREAM:
        refuse_if_cut_off(data, "JPEG XL")
    header = _Header(_codestream_head(data))
    refuse_oversize(header.size, limits)
    decoder: Any = load("pillow_jxl", "pillow-jxl-plugin").Decoder(num_threads=0)
    try:
        is_jpeg, about, content, icc_profile, _ = decoder(bytes(data))
    except RuntimeError as error:
        raise RefusedImageError("The JPEG XL is damaged or cut off.") from error
    if is_jpeg:
        return replace(open_jpeg(bytes(content), limits), orientation=header.orientation)
    mode = "F" if about.mode == "F;16" else about.mode
    pixels = Image.frombytes(mode, (about.width, about.height), content)
    pixels.info["icc_profile"] = icc_profile
    return WholePicture(pixels.size, 1, lambda: pixels)  # turned by the decoder


def _codestream_head(data: Data) -> bytes:
    if data[:2] == _CODESTREAM:
        return data[:_HEAD_BYTES]
    for box in boxes(data):
        if box.kind in {b"jxlc", b"jxlp"}:
            start = box.start + 4 * (box.kind == b"jxlp")  # a part is numbered
            return data[start : start + _HEAD_BYTES]
    raise RefusedImageError("The JPEG XL holds no picture.")


class _Header:
    """SizeHeader and the beginning of ImageMetadata: bits from the lowest of each byte upwards."""

    def __init__(self, head: bytes) -> None:
        self._bits = int.from_bytes(head[2:].ljust(_HEAD_BYTES, b"\0"), "little")
        small = bool(self._take(1))
        height = self._length(small=small)
        ratio = self._take(3)
        if ratio:
            across, down = _RATIOS[ratio]
            self.size = (height * across // down, height)
        else:
            self.size = (self._length(small=small), height)
        plain = self._take(1)
        self.orientation = 1 if plain or not self._take(1) else 1 + self._take(3)

    def _take(self, count: int) -> int:
        value = self._bits & ((1 << count) - 1)
        self._bits >>= count
        return value

    def _length(self, *, small: bool) -> int:
        return 8 * (1 + self._take(5)) if small else 1 + self._take(_SIZE_BITS[self._take(2)])
