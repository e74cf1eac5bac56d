"""Where each kind of file keeps its metadata. The content decides what a file is, never its name."""

from collections.abc import Callable
from typing import Final

from core_service.exif.blocks import Blocks
from core_service.exif.containers.bmff import find_in_boxes
from core_service.exif.containers.ciff import find_in_crw
from core_service.exif.containers.gif import find_in_gif
from core_service.exif.containers.jpeg import find_in_jpeg
from core_service.exif.containers.png import find_in_png
from core_service.exif.containers.raw import find_in_mrw, find_in_raf, find_in_rw2, find_in_x3f
from core_service.exif.containers.riff import find_in_webp
from core_service.exif.tiff import tiff_order

_Finder = Callable[[memoryview, Blocks], None]

_SIGNATURES: Final[list[tuple[int, bytes, _Finder]]] = [
    (0, b"\xff\xd8", find_in_jpeg),
    (0, b"\x89PNG\r\n\x1a\n", find_in_png),
    (8, b"WEBP", find_in_webp),
    (4, b"ftyp", find_in_boxes),
    (4, b"JXL \r\n\x87\n", find_in_boxes),
    (4, b"jP  \r\n\x87\n", find_in_boxes),
    (0, b"GIF8", find_in_gif),
    (0, b"FUJIFILMCCD-RAW ", find_in_raf),
    (0, b"IIU\0", find_in_rw2),
    (0, b"\0MRM", find_in_mrw),
    (0, b"FOVb", find_in_x3f),
    (6, b"HEAPCCDR", find_in_crw),
]


def find_blocks(view: memoryview) -> Blocks:
    """Return the metadata blocks of the file in `view`; none when it is no container that we know."""
    blocks = Blocks()
    for offset, signature, find in _SIGNATURES:
        if bytes(view[offset : offset + len(signature)]) == signature:
            find(view, blocks)
            return blocks
    if tiff_order(view) is not None:
        blocks.add_tiff(view)
    return blocks


def find_in_exif_blob(view: memoryview) -> Blocks:
    """Return the block in a raw EXIF blob: a TIFF structure, with `Exif\\0\\0` or a whole APP1 segment around it."""
    if bytes(view[:2]) == b"\xff\xe1":
        view = view[4:]
    if bytes(view[:4]) != b"Exif" and tiff_order(view) is None:
        return find_blocks(view)
    blocks = Blocks()
    blocks.add_tiff(view)
    return blocks
