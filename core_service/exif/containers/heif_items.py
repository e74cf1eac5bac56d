"""HEIF and AVIF: the items that hold Exif and XMP (ISO/IEC 14496-12, 8.11; ISO/IEC 23008-12)."""

from dataclasses import dataclass
from typing import Final

from core_service.exif.blocks import Blocks
from core_service.exif.bounds import MAX_BLOCK_BYTES, MAX_BLOCKS, MAX_SEGMENTS
from core_service.exif.containers.boxes import boxes

_FULL_BOX_HEADER: Final = 4
_XMP_TYPE: Final = b"application/rdf+xml"
_IN_ITEM_DATA: Final = 1
"""Construction method: the extents lie in the `idat` box, not in the file."""


@dataclass(slots=True)
class _Cursor:
    """Reads big-endian numbers one after the other; beyond the end they are 0."""

    view: memoryview
    at: int = 0

    def take(self, size: int) -> int:
        number = int.from_bytes(self.view[self.at : self.at + size], "big")
        self.at += size
        return number

    @property
    def is_done(self) -> bool:
        return self.at >= len(self.view)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the bytes of an item lie: pieces of the file, or of the `idat` box."""

    in_item_data: bool
    extents: tuple[tuple[int, int], ...]


def find_in_items(view: memoryview, meta: memoryview, blocks: Blocks) -> None:
    """Collect the items of the file's `meta` box; `view` is the whole file, which their places refer to."""
    inside = dict(reversed([*boxes(meta[_FULL_BOX_HEADER:], blocks)]))
    kinds = _metadata_items(inside.get(b"iinf", view[:0]), blocks)
    places = _places(inside.get(b"iloc", view[:0]))
    for item, kind in [*kinds.items()][:MAX_BLOCKS]:
        if item not in places:
            continue
        content = _read(places[item], view, inside.get(b"idat", view[:0]))
        if kind == b"Exif":
            blocks.add_prefixed_tiff(content)
        else:
            blocks.add_xmp(content)


def _metadata_items(iinf: memoryview, blocks: Blocks) -> dict[int, bytes]:
    """Return the kind, `Exif` or `mime`, of each item that holds metadata, by item number."""
    wide = bytes(iinf[:1]) != b"\0"
    kinds = {}
    for name, infe in boxes(iinf[8 if wide else 6 :], blocks):
        entry = _Cursor(infe)
        version = entry.take(1)
        entry.take(3)
        if name != b"infe" or version < 2:
            continue
        item = entry.take(2 if version == 2 else 4)
        entry.take(2)  # protection
        kind = bytes(infe[entry.at : entry.at + 4])
        if kind == b"Exif" or (kind == b"mime" and _XMP_TYPE in bytes(infe[entry.at : entry.at + 256])):
            kinds[item] = kind
    return kinds


def _places(iloc: memoryview) -> dict[int, _Place]:
    """Return where each item lies, by item number (14496-12, 8.11.3)."""
    cursor = _Cursor(iloc)
    version = cursor.take(1)
    cursor.take(3)
    sizes = cursor.take(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    number_size = 4 if version >= 2 else 2
    places: dict[int, _Place] = {}
    pieces = 0
    for _ in range(min(cursor.take(number_size), MAX_SEGMENTS)):
        item = cursor.take(number_size)
        method = cursor.take(2) & 15 if version else 0
        cursor.take(2)  # data reference
        base = cursor.take(base_size)
        extents = []
        for _ in range(cursor.take(2)):
            cursor.take(index_size)
            extents.append((base + cursor.take(offset_size), cursor.take(length_size)))
            pieces += 1
            if cursor.is_done or pieces == MAX_SEGMENTS:
                break
        places[item] = _Place(method == _IN_ITEM_DATA, tuple(extents))
        if cursor.is_done or pieces == MAX_SEGMENTS:
            break
    return places


def _read(place: _Place, view: memoryview, item_data: memoryview) -> memoryview:
    """Return the bytes of an item, at most `MAX_BLOCK_BYTES`; an extent of length 0 goes on to the end."""
    source = item_data if place.in_item_data else view
    parts, left = [], MAX_BLOCK_BYTES
    for offset, length in place.extents:
        part = source[offset : offset + min(length or left, left)]
        left -= len(part)
        parts.append(part)
    return parts[0] if len(parts) == 1 else memoryview(b"".join(parts))
