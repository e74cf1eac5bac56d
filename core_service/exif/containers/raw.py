"""RAW files that are no plain TIFF: Fujifilm RAF, Panasonic RW2, Minolta MRW, Sigma X3F."""

from typing import Final

from core_service.exif.blocks import Blocks
from core_service.exif.bounds import Budget
from core_service.exif.containers.jpeg import find_in_jpeg
from core_service.exif.tiff import read_ifd

PANASONIC_ROOT: Final = "PanasonicRaw"
"""Name of the first directory of an RW2 file, whose tags below 0x0100 are Panasonic's own."""
_JPG_FROM_RAW: Final = 0x002E
_X3F_IMAGE_HEADER: Final = 28


def find_in_raf(view: memoryview, blocks: Blocks) -> None:
    """A RAF file's metadata is that of the full-size JPEG inside; its place and length stand at byte 84."""
    offset, length = int.from_bytes(view[84:88], "big"), int.from_bytes(view[88:92], "big")
    find_in_jpeg(view[offset : offset + length], blocks)


def find_in_rw2(view: memoryview, blocks: Blocks) -> None:
    """Panasonic's own directory first, then the JPEG inside, which alone has the maker note."""
    blocks.add_tiff(view, PANASONIC_ROOT)
    first = read_ifd(view, int.from_bytes(view[4:8], "little"), "little", Budget(), PANASONIC_ROOT)
    if (jpeg := first.fields.get(_JPG_FROM_RAW)) is not None:
        find_in_jpeg(jpeg.raw, blocks)


def find_in_x3f(view: memoryview, blocks: Blocks) -> None:
    """A Sigma X3F file ends with the place of its directory; the JPEG among its images carries the EXIF."""
    directory = view[int.from_bytes(view[-4:], "little") :]
    for _ in range(int.from_bytes(directory[8:12], "little")):
        directory = directory[12:]
        offset, length = int.from_bytes(directory[:4], "little"), int.from_bytes(directory[4:8], "little")
        image = view[offset + _X3F_IMAGE_HEADER : offset + length]
        if not blocks.look() or not len(directory):
            return
        if bytes(image[:2]) == b"\xff\xd8":
            find_in_jpeg(image, blocks)


def find_in_mrw(view: memoryview, blocks: Blocks) -> None:
    """Blocks with a name of four bytes; `TTW` is a TIFF structure."""
    at = 8
    while blocks.look():
        kind = bytes(view[at : at + 4])
        length = int.from_bytes(view[at + 4 : at + 8], "big")
        if kind == b"\0TTW":
            blocks.add_tiff(view[at + 8 : at + 8 + length])
            return
        if kind[:1] != b"\0":
            return
        at += 8 + length
