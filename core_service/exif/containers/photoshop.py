"""Photoshop image resources, in which JPEG and TIFF files carry their IPTC (Adobe Photoshop File Formats)."""

from collections.abc import Iterator
from typing import Final

from core_service.exif.bounds import MAX_SEGMENTS

IPTC_RESOURCE: Final = 0x0404


def image_resources(view: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Yield number and content of every resource: `8BIM`, number, padded name, length, padded content."""
    at = 0
    for _ in range(MAX_SEGMENTS):
        if bytes(view[at : at + 4]) != b"8BIM":
            return
        number = int.from_bytes(view[at + 4 : at + 6], "big")
        name_length = int.from_bytes(view[at + 6 : at + 7], "big")
        at += 6 + (1 + name_length + 1 & ~1)
        length = int.from_bytes(view[at : at + 4], "big")
        yield number, view[at + 4 : at + 4 + length]
        at += 4 + (length + 1 & ~1)
