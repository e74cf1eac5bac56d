"""What may be stored as a preview: a plain JPEG within limits, carrying no metadata, followed by nothing.

The check reads structure only (ITU-T T.81 annex B: markers and segments); no pixel is decoded.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_SOI, _EOI, _SOS, _APP0 = 0xD8, 0xD9, 0xDA, 0xE0
_FRAME_HEADERS: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0…SOF15 without DHT, JPG, DAC
_DECODABLE_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended sequential, progressive
# APP0 (JFIF) and APP14 (Adobe's colour transform) say how to decode; every other APPn, and COM, is baggage.
_BAGGAGE: Final = frozenset(range(0xE1, 0xF0)) - {0xEE} | {0xFE}
_JFXX: Final = b"JFXX\0"
# In a scan, FF is followed by 00 (a literal FF) or by a restart marker; anything else ends the scan.
_END_OF_SCAN: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


@dataclass(frozen=True, slots=True)
class PreviewLimits:
    """The largest preview that is accepted: longest side in pixels, size in bytes."""

    max_side: int
    max_bytes: int


# The recipe makes hotpreviews of at most 150 px; earlier clients drew them with a canvas of up to 400 px.
HOTPREVIEW_LIMITS: Final = PreviewLimits(max_side=512, max_bytes=256 * 1024)
COLDPREVIEW_LIMITS: Final = PreviewLimits(max_side=8192, max_bytes=16 * 1024 * 1024)


class UnacceptablePreviewError(ValueError):
    """The bytes are not acceptable as a preview; the message says why in words for a person."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview that passed the check: its JPEG bytes and its size in pixels."""

    jpeg: bytes
    width: int
    height: int


def check_preview(jpeg: bytes, limits: PreviewLimits) -> Preview:
    """Return the preview, or raise `UnacceptablePreviewError` when it is no plain JPEG within `limits`."""
    if len(jpeg) > limits.max_bytes:
        raise UnacceptablePreviewError(f"it has {len(jpeg)} bytes, and at most {limits.max_bytes} are kept")
    width, height = _dimensions(jpeg)
    if max(width, height) > limits.max_side:
        raise UnacceptablePreviewError(f"it is {width}×{height} pixels, and at most {limits.max_side} a side are kept")
    return Preview(jpeg, width, height)


def _dimensions(jpeg: bytes) -> tuple[int, int]:
    size: tuple[int, int] | None = None
    scans = 0
    for marker, segment in _segments(jpeg):
        if marker in _BAGGAGE or (marker == _APP0 and segment.startswith(_JFXX)):
            raise UnacceptablePreviewError("it carries metadata, and previews must not")
        if marker in _FRAME_HEADERS:
            size = _frame_size(marker, segment)
        scans += marker == _SOS
    if size is None or not scans:
        raise UnacceptablePreviewError("it holds no picture")
    return size


def _segments(jpeg: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield every marker segment between SOI and EOI, without the scans' data."""
    if jpeg[:2] != b"\xff\xd8":
        raise UnacceptablePreviewError("it is not a JPEG")
    marker, at = _next_marker(jpeg, 2)
    while marker != _EOI:
        segment, at = _segment(jpeg, at)
        yield marker, segment
        if marker == _SOS:
            at = _skip_scan(jpeg, at)
        marker, at = _next_marker(jpeg, at)
    if at != len(jpeg):
        raise UnacceptablePreviewError("something follows the end of the picture")


def _next_marker(jpeg: bytes, at: int) -> tuple[int, int]:
    while jpeg[at : at + 2] == b"\xff\xff":  # fill bytes may precede a marker
        at += 1
    if at + 2 > len(jpeg):
        raise UnacceptablePreviewError("it is cut off")
    if jpeg[at] != 0xFF or jpeg[at + 1] in {0x00, _SOI}:
        raise UnacceptablePreviewError("it is not a well-formed JPEG")
    return jpeg[at + 1], at + 2


def _segment(jpeg: bytes, at: int) -> tuple[bytes, int]:
    length = int.from_bytes(jpeg[at : at + 2], "big")
    end = at + length
    if length < 2 or end > len(jpeg):
        raise UnacceptablePreviewError("it is cut off")
    return jpeg[at + 2 : end], end


def _frame_size(marker: int, segment: bytes) -> tuple[int, int]:
    if marker not in _DECODABLE_FRAMES or len(segment) < 6 or segment[0] != 8:
        raise UnacceptablePreviewError("it is a kind of JPEG that browsers do not show")
    height, width = int.from_bytes(segment[1:3], "big"), int.from_bytes(segment[3:5], "big")
    if not width or not height:
        raise UnacceptablePreviewError("it has no size")
    return width, height


def _skip_scan(jpeg: bytes, at: int) -> int:
    end = _END_OF_SCAN.search(jpeg, at)
    if end is None:
        raise UnacceptablePreviewError("it is cut off")
    return end.start()
