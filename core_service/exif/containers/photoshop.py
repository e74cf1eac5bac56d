"""Photoshop image resources, in which JPEG and TIFF files carry their IPTC, and some copies of EXIF and XMP.

Adobe Photoshop File Formats Specification, Image Resources.
"""

from collections.abc import Iterator

from core_service.exif.blocks import Blocks

_IPTC, _EXIF, _XMP = 0x0404, 0x0422, 0x0424


def find_in_resources(view: memoryview, blocks: Blocks) -> None:
    """Collect the metadata among the image resources in `view`; copies only where the original is missing."""
    for number, content in _resources(view, blocks):
        if number == _IPTC:
            blocks.add_iptc(content)
        elif number == _EXIF and not blocks.tiff:
            blocks.add_tiff(content)
        elif number == _XMP and not blocks.xmp:
            blocks.add_xmp(content)


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
