"""RAW files written from the DNG specification (1.4): a scene seen through a Bayer filter, as a sensor stores it."""

import struct
from typing import Final

from PIL import Image

_SHORT, _LONG, _RATIONAL, _SRATIONAL = 3, 4, 5, 10
_SUB_DIRECTORIES, _EXIF = 330, 34665
_MATRIX: Final = (  # XYZ to the camera's colours: here a camera that sees linear sRGB
    32405, -15371, -4985, -9693, 18760, 416, 556, -2040, 10572,
)  # fmt: skip

Value = bytes | tuple[int, list[int]]


def dng(
    photo: Image.Image,
    *,
    preview: bytes = b"",
    preview_size: tuple[int, int] = (0, 0),
    orientation: int = 1,
    make: str = "Leica Camera AG",
    version: bool = True,
) -> bytes:
    """Write `photo` as RAW, with `preview` (a JPEG) beside it. Without `version` it is a maker's own format."""
    general: dict[int, Value] = {
        271: make.encode() + b"\0",
        272: b"M10\0",
        274: (_SHORT, [orientation]),
        306: b"2025:01:01 00:00:00\0",
        50721: (_SRATIONAL, [part for value in _MATRIX for part in (value, 10_000)]),
        50728: (_RATIONAL, [1, 1, 1, 1, 1, 1]),
        50778: (_SHORT, [21]),
    }
    if version:
        general |= {50706: (1, [1, 4, 0, 0]), 50708: b"Leica M10\0"}
    sensor = _sensor_directory(photo)
    if not preview:
        return _file({**general, **sensor}, _mosaic(photo))
    main: dict[int, Value] = {
        **general,
        254: (_LONG, [1]), 256: (_LONG, [preview_size[0]]), 257: (_LONG, [preview_size[1]]),
        258: (_SHORT, [8, 8, 8]), 259: (_SHORT, [7]), 262: (_SHORT, [6]), 277: (_SHORT, [3]),
    }  # fmt: skip
    return _file(main, preview, sensor, _mosaic(photo))


def _sensor_directory(photo: Image.Image) -> dict[int, Value]:
    return {
        254: (_LONG, [0]), 256: (_LONG, [photo.width]), 257: (_LONG, [photo.height]), 258: (_SHORT, [16]),
        259: (_SHORT, [1]), 262: (_SHORT, [32803]), 277: (_SHORT, [1]), 278: (_LONG, [photo.height]),
        284: (_SHORT, [1]), 33421: (_SHORT, [2, 2]), 33422: (1, [0, 1, 1, 2]), 50714: (_SHORT, [0]),
        50717: (_SHORT, [65535]),
    }  # fmt: skip


def _mosaic(photo: Image.Image) -> bytes:
    """One 16-bit value a pixel, linear, red green / green blue."""
    red, green, blue = (band.tobytes() for band in photo.split())
    linear = [round(65535 * (level / 255) ** 2.2) for level in range(256)]
    width, samples = photo.width, bytearray()
    for row in range(photo.height):
        even, odd = (red, green) if row % 2 == 0 else (green, blue)
        line = [0] * width
        line[0::2] = [linear[level] for level in even[row * width : (row + 1) * width : 2]]
        line[1::2] = [linear[level] for level in odd[row * width + 1 : (row + 1) * width : 2]]
        samples += struct.pack(f"<{width}H", *line)
    return bytes(samples)


def _file(main: dict[int, Value], pixels: bytes, sub: dict[int, Value] | None = None, sub_pixels: bytes = b"") -> bytes:
    """Lay out one or two directories, each with a single strip."""
    body = b"II*\0\x08\0\0\0"
    if sub is None:
        return body + _directory({**main, 273: (_LONG, [0]), 279: (_LONG, [len(pixels)])}, len(body), pixels)
    place_holder = {**main, 273: (_LONG, [0]), 279: (_LONG, [len(pixels)]), _SUB_DIRECTORIES: (_LONG, [0])}
    length = len(_directory(place_holder, len(body), pixels))
    place_holder[_SUB_DIRECTORIES] = (_LONG, [len(body) + length])
    body += _directory(place_holder, len(body), pixels)
    return body + _directory({**sub, 273: (_LONG, [0]), 279: (_LONG, [len(sub_pixels)])}, len(body), sub_pixels)


def _directory(tags: dict[int, Value], at: int, pixels: bytes) -> bytes:
    """Write a directory at `at`, what does not fit into it behind it, and the pixels behind that."""
    heap_at = at + 2 + 12 * len(tags) + 4
    heap = b""
    packed = {tag: _packed(value) for tag, value in sorted(tags.items())}
    pixels_at = heap_at + sum(len(content) + len(content) % 2 for _, _, content in packed.values() if len(content) > 4)
    entries = b""
    packed[273] = (_LONG, 1, struct.pack("<I", pixels_at))
    for tag, (kind, count, content) in packed.items():
        if len(content) > 4:
            entries += struct.pack("<HHII", tag, kind, count, heap_at + len(heap))
            heap += content + b"\0" * (len(content) % 2)
        else:
            entries += struct.pack("<HHI", tag, kind, count) + content.ljust(4, b"\0")
    return struct.pack("<H", len(tags)) + entries + b"\0\0\0\0" + heap + pixels + b"\0" * (len(pixels) % 2)


def _packed(value: Value) -> tuple[int, int, bytes]:
    if isinstance(value, bytes):
        return 2, len(value), value
    kind, numbers = value
    letter = {1: "B", _SHORT: "H", _LONG: "I", _RATIONAL: "I", _SRATIONAL: "i"}[kind]
    count = len(numbers) // 2 if kind in {_RATIONAL, _SRATIONAL} else len(numbers)
    return kind, count, struct.pack(f"<{len(numbers)}{letter}", *numbers)
