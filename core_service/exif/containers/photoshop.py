"""Photoshop image resources, in which JPEG and TIFF files carry their IPTC (Adobe Photoshop File Formats)."""

from collections.abc import Iterator
from typing import Final

from core_service.exif.blocks import Blocks

_IPTC: Final = 0x0404


def add_iptc_resource(view: memoryview, blocks: Blocks) -> None:
    """Add the IPTC among the image resources in `view`."""
    for number, content in _resources(view, blocks):
        if number == _IPTC:
            blocks.add_iptc(content)


def _resources(view: memoryview, blocks: Blocks) -> Iterator[tuple[int, memoryview]]:
    """Yield number and content of every resource: `8BIM`, number, padded name, length, padded content."""
    at = 0
    while blocks.look():
        if bytes(view[at : at + 4]) != b"8BIM":
            return
        number = int.from_bytes(view[at + 4 : at + 6], "big")
        name_length = int.from_bytes(view[at + 6 : at + 7], "big")
        at += 6 + (1 + name_length + 1 & ~1)
        length = int.from_bytes(view[at : at + 4], "big")
        yield number, view[at + 4 : at + 4 + length]
        at += 4 + (length + 1 & ~1)
