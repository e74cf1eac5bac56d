"""Canon CRW: a heap of records (Canon's CIFF), told as the EXIF tags that mean the same.

A record is known by a number: two bits say where it is kept, three its type, the rest its name. A heap ends with the
place of its directory, and records may be heaps again.
"""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from core_service.exif.blocks import Blocks
from core_service.exif.fields import ASCII, DOUBLE, SHORT, ByteOrder, Field, Ifd

_IN_DIRECTORY, _PLACE_BITS = 0x4000, 0xC000
_HEAPS, _TYPE_BITS = frozenset({0x2800, 0x3000}), 0x3800
_DEEPEST: Final = 8

_MAKE_AND_MODEL, _FOCAL_LENGTH, _SHOT_INFO, _CAMERA_SETTINGS = 0x080A, 0x1029, 0x102A, 0x102D
_TIME, _IMAGE_INFO = 0x180E, 0x1810
_MAKE, _MODEL, _ORIENTATION, _DATE_TIME_ORIGINAL = 0x010F, 0x0110, 0x0112, 0x9003
_SHUTTER_SPEED_VALUE, _APERTURE_VALUE, _EXIF_FOCAL_LENGTH = 0x9201, 0x9202, 0x920A
_TURNS: Final = {90: 6, 180: 3, 270: 8}
"""EXIF orientation by degrees clockwise."""

_Records = dict[int, memoryview]


def find_in_crw(view: memoryview, blocks: Blocks) -> None:
    """Add a directory of EXIF tags, and Canon's arrays in a directory as its maker notes have it."""
    order: ByteOrder = "little" if bytes(view[:2]) == b"II" else "big"
    records: _Records = {}
    _read_heap(view[int.from_bytes(view[2:6], order) :], order, records, blocks, _DEEPEST)
    exif, canon = Ifd("IFD0", order), Ifd("Canon", order)
    for field in _exif_fields(records, order):
        exif.fields[field.tag] = field
    for tag, record in ((1, _CAMERA_SETTINGS), (4, _SHOT_INFO)):
        words = records.get(record, view[:0])
        canon.fields[tag] = Field(tag, SHORT, len(words) // 2, order, 0, words[: len(words) & ~1])
    blocks.ifds += [exif, canon]


def _read_heap(heap: memoryview, order: ByteOrder, records: _Records, blocks: Blocks, depth: int) -> None:
    """Collect the records of a heap and of those inside it; the first of a number stays."""
    at = int.from_bytes(heap[-4:], order)
    for _ in range(int.from_bytes(heap[at : at + 2], order)):
        entry = heap[at + 2 : at + 12]
        at += 10
        if len(entry) < 10 or not blocks.look():
            return
        number = int.from_bytes(entry[:2], order)
        size, start = int.from_bytes(entry[2:6], order), int.from_bytes(entry[6:10], order)
        content = entry[2:] if number & _PLACE_BITS == _IN_DIRECTORY else heap[start : start + size]
        if number & _TYPE_BITS not in _HEAPS:
            records.setdefault(number & ~_PLACE_BITS, content)
        elif depth:
            _read_heap(content, order, records, blocks, depth - 1)


def _exif_fields(records: _Records, order: ByteOrder) -> Iterator[Field]:
    """Yield what the records say as fields of EXIF."""
    make, _, rest = bytes(records.get(_MAKE_AND_MODEL, b"")).partition(b"\0")
    for tag, text in ((_MAKE, make), (_MODEL, rest.partition(b"\0")[0]), (_DATE_TIME_ORIGINAL, _date(records, order))):
        if text:
            yield Field(tag, ASCII, len(text), order, 0, memoryview(text))
    shot = _words(records, _SHOT_INFO, order)
    if len(shot) > 22:
        yield _double(_APERTURE_VALUE, _apex(shot[21]), order)
        yield _double(_SHUTTER_SPEED_VALUE, _apex(shot[22]), order)
    settings, focal = _words(records, _CAMERA_SETTINGS, order), _words(records, _FOCAL_LENGTH, order)
    if len(settings) > 25 and len(focal) > 1:
        yield _double(_EXIF_FOCAL_LENGTH, focal[1] / (settings[25] or 1), order)
    turn = int.from_bytes(records.get(_IMAGE_INFO, b"")[12:16], order)
    yield Field(_ORIENTATION, SHORT, 1, order, 0, memoryview(_TURNS.get(turn, 1).to_bytes(2, order)))


def _date(records: _Records, order: ByteOrder) -> bytes:
    """The wall clock, kept as seconds since 1970 as if it were UTC."""
    seconds = int.from_bytes(records.get(_TIME, b"")[:4], order)
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y:%m:%d %H:%M:%S").encode() if seconds else b""


def _words(records: _Records, record: int, order: ByteOrder) -> list[int]:
    raw = records.get(record, memoryview(b""))
    packing = struct.Struct("<h" if order == "little" else ">h")
    return [word for (word,) in packing.iter_unpack(raw[: len(raw) & ~1])]


def _apex(word: int) -> float:
    """Canon counts stops in 32nds, but writes a third of a stop as 12 and two thirds as 20."""
    stops, part = divmod(abs(word), 32)
    size = stops + {12: 1 / 3, 20: 2 / 3}.get(part, part / 32)
    return -size if word < 0 else size


def _double(tag: int, value: float, order: ByteOrder) -> Field:
    return Field(tag, DOUBLE, 1, order, 0, memoryview(struct.pack("<d" if order == "little" else ">d", value)))
