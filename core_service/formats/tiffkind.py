"""Tells a RAW file in TIFF clothing from a TIFF, by what its directories say of their pixels.

A TIFF that a photo program wrote of a RAW carries the camera's name too: only pixels still under the colour filter, or
DNG's own version tag, make a file RAW.
"""

import struct
from collections.abc import Iterator
from typing import Final

from core_service.picture import Data

_MAX_DIRECTORIES: Final = 32
_MAX_ENTRIES: Final = 1000

_COMPRESSION, _PHOTOMETRIC, _MAKE, _SUB_DIRECTORIES, _DNG_VERSION = 0x103, 0x106, 0x10F, 0x14A, 0xC612
_STRIP_OFFSETS, _TILE_OFFSETS = 0x111, 0x144
_PIECES: Final = {_STRIP_OFFSETS, _TILE_OFFSETS}
_COLOUR_FILTER, _LINEAR_RAW = 32803, 34892
# Makers' own compressions, for files that say nothing of their photometry: Sony, Nikon, Samsung, Kodak, Pentax.
_RAW_COMPRESSIONS: Final = {32767, 34713, 32770, 65000, 65535}
_NAMES: Final = (
    ("NIKON", "NEF"), ("SONY", "ARW"), ("PENTAX", "PEF"), ("RICOH", "PEF"), ("SAMSUNG", "SRW"), ("CANON", "CR2"),
    ("HASSELBLAD", "3FR"), ("PHASE ONE", "IIQ"), ("LEAF", "IIQ"),
)  # fmt: skip


def raw_kind(data: Data) -> str | None:
    """Return how the RAW format is called, or None when the file is a plain TIFF, or no TIFF at all."""
    if data[:4] not in {b"II*\0", b"MM\0*"} or len(data) < 8:
        return None
    make, is_raw = "", False
    for tag, value in _entries(data):
        if tag == _DNG_VERSION:
            return "DNG"
        if tag == _MAKE and isinstance(value, str):
            make = make or value.upper()
        is_raw |= tag == _PHOTOMETRIC and value in {_COLOUR_FILTER, _LINEAR_RAW}
        is_raw |= tag == _COMPRESSION and value in _RAW_COMPRESSIONS
    if not is_raw:
        return None
    return next((name for maker, name in _NAMES if maker in make), "RAW")


def most_pieces(data: Data) -> int:
    """Return into how many strips or tiles a picture of the file is cut at most, as its directories claim."""
    return max((value for tag, value in _entries(data) if tag in _PIECES and isinstance(value, int)), default=0)


def _entries(data: Data) -> Iterator[tuple[int, int | str]]:
    """Yield the tags that matter, with the values that matter of them: the strips' number, not their places."""
    order = "<" if data[:2] == b"II" else ">"
    for tag, kind, count, value in _fields(data, order):
        if tag in _PIECES:
            yield tag, count
        elif tag == _MAKE:
            yield tag, _text(data, order, count, value)
        elif tag in {_COMPRESSION, _PHOTOMETRIC, _DNG_VERSION}:
            yield tag, struct.unpack(order + ("H2x" if kind == 3 else "I"), value)[0]


def _fields(data: Data, order: str) -> Iterator[tuple[int, int, int, bytes]]:
    """Yield tag, type, count and value field from every directory, and from every directory that those point to."""
    waiting, seen = [int(struct.unpack_from(order + "I", data[:8], 4)[0])], set[int]()
    while waiting and len(seen) < _MAX_DIRECTORIES:
        at = waiting.pop(0)
        if at in seen or not 0 < at <= len(data) - 2:
            continue
        seen.add(at)
        count = min(struct.unpack(order + "H", data[at : at + 2])[0], _MAX_ENTRIES)
        table = data[at + 2 : at + 2 + 12 * count]
        for tag, kind, number, value in struct.iter_unpack(order + "HHI4s", table[: len(table) // 12 * 12]):
            yield tag, kind, number, value
            if tag == _SUB_DIRECTORIES:
                waiting += _offsets(data, order, number, value)
        following = data[at + 2 + 12 * count : at + 6 + 12 * count]
        if len(following) == 4:
            waiting.append(struct.unpack(order + "I", following)[0])


def _offsets(data: Data, order: str, number: int, value: bytes) -> list[int]:
    number = min(number, _MAX_DIRECTORIES)
    if number == 1:
        return [struct.unpack(order + "I", value)[0]]
    start = struct.unpack(order + "I", value)[0]
    table = data[start : start + 4 * number]
    return [offset for (offset,) in struct.iter_unpack(order + "I", table[: len(table) // 4 * 4])]


def _text(data: Data, order: str, number: int, value: bytes) -> str:
    start = struct.unpack(order + "I", value)[0]
    raw = value[:number] if number <= 4 else data[start : start + min(number, 64)]
    return raw.decode("latin-1")
