"""GIF: the XMP of its application extension (XMP part 3, GIF)."""

import re
from typing import Final

from core_service.exif.blocks import Blocks
from core_service.exif.bounds import MAX_BLOCK_BYTES

_XMP_EXTENSION: Final = b"!\xff\x0bXMP DataXMP"
_TRAILER: Final = b"\x01\xff\xfe\xfd"
"""Begins the 258 bytes that lead a reader of sub-blocks safely out of the packet."""


def find_in_gif(view: memoryview, blocks: Blocks) -> None:
    """The packet stands in one piece between extension header and trailer, so both are simply searched for."""
    start = re.search(re.escape(_XMP_EXTENSION), view)
    if start is not None:
        packet = view[start.end() : start.end() + MAX_BLOCK_BYTES]
        end = re.search(re.escape(_TRAILER), packet)
        if end is not None:
            blocks.add_xmp(packet[: end.start()])
