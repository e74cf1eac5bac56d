"""The boxes of ISO base media files (ISO/IEC 14496-12), in which HEIF, AVIF, JPEG XL and CR3 come."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core_service.errors import RefusedImageError
from core_service.picture import Data

_MAX_BOXES: Final = 10_000
_MAX_BRANDS: Final = 32


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its type, and where its content lies."""

    kind: bytes
    start: int
    end: int


def boxes(data: Data, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """Yield the boxes between `start` and `end`; the last may reach beyond, when the file is cut off."""
    end = len(data) if end is None else end
    for _ in range(_MAX_BOXES):
        if start + 8 > end:
            return
        size, content = int.from_bytes(data[start : start + 4], "big"), start + 8
        if size == 1:
            size, content = int.from_bytes(data[start + 8 : start + 16], "big"), start + 16
        stop = end if size == 0 else start + size
        if stop < content:
            return
        yield Box(data[start + 4 : start + 8], content, stop)
        start = stop


def brands(data: Data) -> set[bytes]:
    """Return the brands that the file claims in its first box; empty when it is no such file."""
    if data[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(data[:4], "big"), 16 + 4 * _MAX_BRANDS)
    return {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}


def refuse_if_cut_off(data: Data, name: str) -> None:
    """Raise when a box reaches beyond the file: some decoders would make a partial picture of it."""
    for box in boxes(data):
        if box.end > len(data):
            raise RefusedImageError(f"The {name} is cut off: {box.end - len(data)} bytes are missing.")
