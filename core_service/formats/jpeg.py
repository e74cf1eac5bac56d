"""JPEG, and what cameras call JPEG: decoded at a fraction of its size for little more than reading it.

The decoder is libjpeg-turbo through Pillow, with the settings that recipe hothash-1 asks for and that Pillow has as
defaults: accurate integer DCT, fancy upsampling.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PIL import JpegImagePlugin

from core_service.errors import TooManyScansError
from core_service.picture import Data, DecodeLimits, Plane, as_file

_DIVISORS: Final = (8, 4, 2, 1)
_READ_BLOCK: Final = 1 << 20  # an eighth less CPU than Pillow's 64 KiB

# Markers of ITU-T T.81, table B.1.
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_FRAME_HEADERS: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE: Final = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_ALONE: Final = frozenset({0x01, _SOI, *range(0xD0, 0xD8)})  # markers without a segment
# In a scan, FF is followed by 00 (a literal FF), by FF (fill) or by a restart marker; anything else ends the scan.
_END_OF_SCAN: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


@dataclass(frozen=True, slots=True)
class JpegPicture:
    """A JPEG file, opened."""

    data: Data
    size: tuple[int, int]
    orientation: int | None = None

    @property
    def planes(self) -> dict[int, int]:
        """Halves, quarters and eighths, as long as a pixel is left of the shorter side."""
        return {divisor: max(self.size) // divisor for divisor in _DIVISORS if divisor <= min(self.size)}

    def plane(self, scale: int) -> Plane:
        """Decode at one part in `scale`; each call reads the file anew."""
        width, height = self.size
        image = JpegImagePlugin.JpegImageFile(as_file(self.data))
        image.draft(None, (width // scale, height // scale))
        image.decodermaxblock = _READ_BLOCK
        image.load()
        return Plane(image, width / scale, height / scale)


def open_jpeg(data: Data, limits: DecodeLimits) -> JpegPicture:
    """Read the header; refuse a file made of so many scans that decoding it would take minutes."""
    image = JpegImagePlugin.JpegImageFile(as_file(data))
    if _is_decoded_scan_by_scan(data):
        scans = sum(marker == _SOS for marker, _ in _segments(data))
        if scans > limits.max_scans:
            raise TooManyScansError(f"The JPEG has {scans} scans; at most {limits.max_scans} are decoded.")
    return JpegPicture(data, image.size)


def _is_decoded_scan_by_scan(data: Data) -> bool:
    """Tell progressive files, and files whose components come one by one, from those that a single pass reads."""
    components = 0
    for marker, segment in _segments(data):
        if marker in _PROGRESSIVE:
            return True
        if marker in _FRAME_HEADERS:
            components = segment[5]
        if marker == _SOS:
            return segment[0] < components
    return False


def _segments(data: Data) -> Iterator[tuple[int, bytes]]:
    """Yield each marker with the first bytes of its segment, from the beginning to the end of the picture."""
    at = 2
    while at + 4 <= len(data):
        marker = data[at + 1]
        if data[at] != 0xFF or marker in _ALONE or marker == 0xFF:
            at += 1  # fill, or garbage that decoders step over too
            continue
        if marker == _EOI:
            return
        yield marker, data[at + 4 : at + 16].ljust(12, b"\0")
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SOS:
            end = _END_OF_SCAN.search(data, at)
            at = end.start() if end else len(data)
