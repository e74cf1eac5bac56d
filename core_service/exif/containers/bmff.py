"""Boxes: HEIF and AVIF, Canon CR3, JPEG XL and JPEG 2000 (ISO/IEC 14496-12, 23008-12, 18181-2, 15444-1)."""

from typing import Final

import brotli

from core_service.exif.blocks import Blocks
from core_service.exif.bounds import MAX_BLOCK_BYTES
from core_service.exif.containers.boxes import boxes
from core_service.exif.containers.heif_items import find_in_items

_UUID_SIZE: Final = 16
_CANON: Final = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_XMP: Final = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_IPTC: Final = bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38")
_EXIF: Final = b"JpgTiffExif->JP2"
_CANON_ROOTS: Final = {b"CMT1": "IFD0", b"CMT2": "ExifIFD", b"CMT3": "Canon", b"CMT4": "GPS"}
"""CR3 keeps each directory in a TIFF structure of its own."""


def find_in_boxes(view: memoryview, blocks: Blocks) -> None:
    """Collect what the boxes of any of these formats hold."""
    for kind, body in boxes(view, blocks):
        if kind == b"meta":
            find_in_items(view, body, blocks)
        elif kind == b"moov":  # CR3
            for inner_kind, inner in boxes(body, blocks):
                _find_in_box(inner_kind, inner, blocks)
        else:
            _find_in_box(kind, body, blocks)


def _find_in_box(kind: bytes, body: memoryview, blocks: Blocks) -> None:
    if kind == b"uuid":
        _find_in_uuid(bytes(body[:_UUID_SIZE]), body[_UUID_SIZE:], blocks)
    elif kind == b"Exif":
        blocks.add_prefixed_tiff(body)
    elif kind == b"xml ":
        blocks.add_xmp(body)
    elif kind == b"brob" and bytes(body[:4]) != b"brob":  # JPEG XL: kind of the box, then its content compressed
        _find_in_box(bytes(body[:4]), memoryview(_unbrotli(body[4:], blocks)), blocks)


def _find_in_uuid(uuid: bytes, body: memoryview, blocks: Blocks) -> None:
    if uuid == _CANON:
        for kind, inner in boxes(body, blocks):
            if kind in _CANON_ROOTS:
                blocks.add_tiff(inner, _CANON_ROOTS[kind])
    elif uuid == _XMP:
        blocks.add_xmp(body)
    elif uuid == _IPTC:
        blocks.add_iptc(body)
    elif uuid == _EXIF:
        blocks.add_tiff(body)


def _unbrotli(packed: memoryview, blocks: Blocks) -> bytes:
    """Decompress; nothing when it is no brotli stream or grows beyond the bounds."""
    bound = min(MAX_BLOCK_BYTES, blocks.unpackable)
    if bound == 0:
        return b""
    stream = brotli.Decompressor()
    try:
        # The bound is a soft one: up to twice as much may come, and a stream that ends by then is done.
        plain: bytes = stream.process(packed, output_buffer_limit=bound)
    except brotli.error:
        return b""
    blocks.pay_unpacked(len(plain))
    return plain if stream.is_finished() and len(plain) <= bound else b""
