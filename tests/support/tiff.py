"""TIFF structures made by hand, right or wrong in any way a test needs (TIFF 6.0, section 2).

    tiff(ifd0={MAKE: text("Canon")}, exif={ISO: short(400)}, gps={1: text("N"), 2: rational((59, 1), (54, 1), (49, 1))})

Values are made by functions that are called like the types of the specification, but for ASCII, which is `text`.
"""

import struct
from dataclasses import dataclass
from typing import Any, Final

MAKE, MODEL, ORIENTATION, MODIFY_DATE = 0x010F, 0x0110, 0x0112, 0x0132
EXPOSURE_TIME, F_NUMBER, ISO, ISO_SPEED = 0x829A, 0x829D, 0x8827, 0x8833
DATE_TIME_ORIGINAL, CREATE_DATE = 0x9003, 0x9004
OFFSET_TIME, OFFSET_TIME_ORIGINAL, OFFSET_TIME_DIGITIZED = 0x9010, 0x9011, 0x9012
SUB_SEC_TIME, SUB_SEC_TIME_ORIGINAL = 0x9290, 0x9291
SHUTTER_SPEED, APERTURE, FOCAL_LENGTH, MAKER_NOTE, USER_COMMENT = 0x9201, 0x9202, 0x920A, 0x927C, 0x9286
LENS_INFO, LENS_MODEL = 0xA432, 0xA434
_EXIF_POINTER, _GPS_POINTER = 0x8769, 0x8825


@dataclass(frozen=True, slots=True)
class Value:
    """The value of one tag: its type, how many it claims to hold, and what it really holds."""

    kind: int
    count: int
    packing: str
    items: tuple[Any, ...]

    def packed(self, order: str) -> bytes:
        return struct.pack(order + self.packing, *self.items)


def text(words: str | bytes) -> Value:
    raw = (words.encode() if isinstance(words, str) else words) + b"\0"
    return Value(2, len(raw), f"{len(raw)}s", (raw,))


def undefined(raw: bytes) -> Value:
    return Value(7, len(raw), f"{len(raw)}s", (raw,))


def byte(*numbers: int) -> Value:
    return Value(1, len(numbers), f"{len(numbers)}B", numbers)


def short(*numbers: int) -> Value:
    return Value(3, len(numbers), f"{len(numbers)}H", numbers)


def long(*numbers: int) -> Value:
    return Value(4, len(numbers), f"{len(numbers)}I", numbers)


def signed_short(*numbers: int) -> Value:
    return Value(8, len(numbers), f"{len(numbers)}h", numbers)


def double(*numbers: float) -> Value:
    return Value(12, len(numbers), f"{len(numbers)}d", numbers)


def rational(*pairs: tuple[int, int]) -> Value:
    return Value(5, len(pairs), f"{2 * len(pairs)}I", tuple(part for pair in pairs for part in pair))


def signed_rational(*pairs: tuple[int, int]) -> Value:
    return Value(10, len(pairs), f"{2 * len(pairs)}i", tuple(part for pair in pairs for part in pair))


Directory = dict[int, Value]
_HEADER: Final = 8


def tiff(
    ifd0: Directory | None = None,
    exif: Directory | None = None,
    gps: Directory | None = None,
    ifd1: Directory | None = None,
    *,
    order: str = "<",
    magic: int = 42,
) -> bytes:
    """Build a TIFF structure; `order` is `<` or `>`."""
    first = dict(ifd0 or {})
    directories = [first]
    for pointer, directory in ((_EXIF_POINTER, exif), (_GPS_POINTER, gps)):
        if directory is not None:
            directories.append(directory)
            first[pointer] = long(0)
    if ifd1 is not None:
        directories.append(ifd1)
    starts = [_HEADER]
    for directory in directories:
        starts.append(starts[-1] + _size(directory, order))
    places = iter(starts[1:])
    for pointer in (_EXIF_POINTER, _GPS_POINTER):
        if pointer in first:
            first[pointer] = long(next(places))
    next_ifd = starts[len(directories) - 1] if ifd1 is not None else 0
    body = b"".join(
        pack_directory(directory, start, order, next_ifd if directory is first else 0)
        for directory, start in zip(directories, starts, strict=False)
    )
    return {"<": b"II", ">": b"MM"}[order] + struct.pack(order + "HI", magic, _HEADER) + body


def pack_directory(directory: Directory, start: int, order: str = "<", next_ifd: int = 0) -> bytes:
    """Build one directory that will stand at `start`, its longer values right behind it."""
    rows, data = b"", b""
    behind = start + 2 + 12 * len(directory) + 4
    for tag, value in sorted(directory.items()):
        raw = value.packed(order)
        slot = raw.ljust(4, b"\0")
        if len(raw) > 4:
            slot = struct.pack(order + "I", behind + len(data))
            data += raw
        rows += struct.pack(order + "HHI", tag, value.kind, value.count) + slot
    return struct.pack(order + "H", len(directory)) + rows + struct.pack(order + "I", next_ifd) + data


def _size(directory: Directory, order: str) -> int:
    return len(pack_directory(directory, 0, order))


def app1(body: bytes) -> bytes:
    """Put a JPEG APP1 segment around `body`."""
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def jpeg(*segments: bytes) -> bytes:
    """Build a JPEG of nothing but metadata: the segments between start and end of image."""
    return b"\xff\xd8" + b"".join(segments) + b"\xff\xd9"


def exif_jpeg(structure: bytes) -> bytes:
    """Build a JPEG of nothing but an Exif segment."""
    return jpeg(app1(b"Exif\0\0" + structure))
