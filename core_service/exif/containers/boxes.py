"""Boxes side by side (ISO/IEC 14496-12, 4.2), the common ground of HEIF, AVIF, CR3, JPEG XL and JPEG 2000."""

from collections.abc import Iterator

from core_service.exif.blocks import Blocks


def boxes(view: memoryview, blocks: Blocks) -> Iterator[tuple[bytes, memoryview]]:
    """Yield kind and content of the boxes in `view`; the last may be cut off."""
    at = 0
    while blocks.look():
        size = int.from_bytes(view[at : at + 4], "big")
        kind = bytes(view[at + 4 : at + 8])
        header = 8
        if size == 1:
            size = int.from_bytes(view[at + 8 : at + 16], "big")
            header = 16
        elif size == 0:  # up to the end of the file
            size = len(view) - at
        if len(kind) < 4 or size < header:
            return
        yield kind, view[at + header : at + size]
        at += size
