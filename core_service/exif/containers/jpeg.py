"""JPEG: the segments before the picture (ITU-T T.81; EXIF 3.0, APP1; XMP part 3, JPEG)."""

import re
from collections.abc import Iterator
from typing import Final

from core_service.exif.blocks import Blocks
from core_service.exif.bounds import MAX_BLOCK_BYTES
from core_service.exif.containers.photoshop import find_in_resources
from core_service.exif.tiff import tiff_order

_APP1, _APP13, _COMMENT, _START_OF_SCAN, _END = 0xE1, 0xED, 0xFE, 0xDA, 0xD9
_XMP: Final = b"://ns.adobe.com/xap/1.0/\0"
"""Ends the head of an XMP segment; what stands before it is not always `http`."""
_EXTENDED_XMP: Final = b"http://ns.adobe.com/xmp/extension/\0"
_EXTENDED_GUID: Final = re.compile(rb"HasExtendedXMP[^0-9A-Fa-f]{1,8}([0-9A-Fa-f]{32})")
_PHOTOSHOP: Final = b"Photoshop 3.0\0"
_MARKER: Final = re.compile(rb"\xff[\x01\xc0-\xfe]")
_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without length and content."""
_LONGEST_RUBBISH: Final = 65_536


def find_in_jpeg(view: memoryview, blocks: Blocks) -> None:
    """Collect the metadata segments; extended XMP is put together."""
    extended: dict[bytes, list[tuple[int, memoryview]]] = {}
    exif: list[memoryview] = []
    resources: list[memoryview] = []
    for marker, body in segments(view, blocks):
        start = bytes(body[:40])
        if marker == _APP1 and start.startswith(b"Exif\0"):
            exif.append(body[6:])
        elif marker == _APP1 and _XMP in start:
            blocks.add_xmp(body[start.index(_XMP) + len(_XMP) :])
        elif marker == _APP1 and start.startswith(_EXTENDED_XMP):
            part = body[len(_EXTENDED_XMP) :]
            extended.setdefault(bytes(part[:32]), []).append((int.from_bytes(part[36:40], "big"), part[40:]))
        elif marker == _APP13 and start.startswith(_PHOTOSHOP):
            resources.append(body[len(_PHOTOSHOP) :])
        elif marker == _COMMENT:
            blocks.add_text("Comment", body)
    _add_exif(exif, blocks)
    # Resources may cross segment borders, so they are read from all segments joined.
    find_in_resources(memoryview(b"".join(resources)), blocks)
    _add_extended_xmp(extended, blocks)


def segments(view: memoryview, blocks: Blocks) -> Iterator[tuple[int, memoryview]]:
    """Yield marker and content of every segment up to the first scan.

    Fill bytes before a marker, and rubbish that a program left between segments, are skipped.
    """
    at = 2
    while blocks.look() and (marker := _MARKER.search(view, at, at + _LONGEST_RUBBISH)) is not None:
        kind = view[marker.end() - 1]
        at = marker.end()
        if kind in {_START_OF_SCAN, _END}:
            return
        if kind not in _STANDALONE:
            length = max(2, int.from_bytes(view[at : at + 2], "big"))
            yield kind, view[at + 2 : at + length]
            at += length


def _add_exif(parts: list[memoryview], blocks: Blocks) -> None:
    """A block beyond 64 KiB is continued in segments that do not begin with a TIFF header."""
    whole: list[list[memoryview]] = []
    for part in parts:
        if whole and tiff_order(part) is None:
            whole[-1].append(part)
        else:
            whole.append([part])
    for block in whole:
        blocks.add_tiff(block[0] if len(block) == 1 else memoryview(b"".join(block)))


def _add_extended_xmp(portions: dict[bytes, list[tuple[int, memoryview]]], blocks: Blocks) -> None:
    """Join the portions whose identifier a main packet names; the others are left over from an older version."""
    named = {guid for packet in blocks.xmp for guid in _EXTENDED_GUID.findall(packet)}
    for guid, parts in portions.items():
        if guid in named and sum(len(part) for _, part in parts) <= MAX_BLOCK_BYTES:
            blocks.add_xmp(b"".join(part for _, part in sorted(parts, key=lambda each: each[0])))
