"""How the maker notes of each vendor begin, and where their directory is."""

from dataclasses import dataclass
from typing import Final

from core_service.exif.fields import ByteOrder
from core_service.exif.tiff import tiff_order

_MOST_ENTRIES: Final = 255
"""A directory that claims more was read in the wrong byte order, in which one entry is 256."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Where a vendor's directory is: offsets in it, and `offset` itself, count from the start of `view`."""

    vendor: str
    view: memoryview
    offset: int
    order: ByteOrder


@dataclass(frozen=True, slots=True)
class _Header:
    """A note that begins with `signature` has its directory at `start`; `own_offsets` count from the note itself."""

    signature: bytes
    vendor: str
    start: int
    own_offsets: bool = False
    order: ByteOrder | None = None
    pointer_at: int | None = None


_HEADERS: Final = (
    _Header(b"OLYMPUS\0", "Olympus", start=12, own_offsets=True),
    _Header(b"OM SYSTEM\0", "Olympus", start=16, own_offsets=True),
    _Header(b"OLYMP\0", "Olympus", start=8),
    _Header(b"Panasonic\0", "Panasonic", start=12),
    _Header(b"LEICA\0\0\0", "Panasonic", start=8),
    _Header(b"FUJIFILM", "FujiFilm", start=12, own_offsets=True, order="little", pointer_at=8),
    _Header(b"SONY ", "Sony", start=12),
    _Header(b"Apple iOS\0", "Apple", start=14, own_offsets=True, order="big"),
    _Header(b"PENTAX \0", "Pentax", start=10, own_offsets=True),
    _Header(b"AOC\0", "Pentax", start=6),
    _Header(b"QVC\0", "Casio2", start=6),
)
_NIKON: Final = b"Nikon\0\2"
_NIKON_TIFF_AT: Final = 10
_BY_MAKE: Final = {"canon": "Canon", "nikon": "Nikon", "sony": "Sony", "casio": "Casio", "asahi": "Pentax"}
"""Vendors whose notes may begin with the directory itself."""


def find_directory(view: memoryview, offset: int, make: str, order: ByteOrder) -> Directory | None:
    """Return the directory of the maker note at `offset` of the TIFF structure `view`; `None` for unknown vendors."""
    note = view[offset:]
    start = bytes(note[:12])
    if start.startswith(_NIKON):
        return _in_own_tiff("Nikon", note[_NIKON_TIFF_AT:])
    for header in _HEADERS:
        if start.startswith(header.signature):
            return _behind(header, view, offset, order)
    vendor = _BY_MAKE.get(make.partition(" ")[0].lower())
    return Directory(vendor, view, offset, _likely_order(view, offset, order)) if vendor else None


def _in_own_tiff(vendor: str, view: memoryview) -> Directory | None:
    order = tiff_order(view)
    return Directory(vendor, view, int.from_bytes(view[4:8], order), order) if order else None


def _behind(header: _Header, view: memoryview, offset: int, order: ByteOrder) -> Directory:
    note = view[offset:]
    start = header.start
    if header.pointer_at is not None:
        start = int.from_bytes(note[header.pointer_at : header.pointer_at + 4], "little")
    source, at = (note, start) if header.own_offsets else (view, offset + start)
    return Directory(header.vendor, source, at, header.order or _likely_order(source, at, order))


def _likely_order(view: memoryview, offset: int, order: ByteOrder) -> ByteOrder:
    """Notes often keep the byte order of the camera when a program rewrites the file in the other."""
    if 0 < int.from_bytes(view[offset : offset + 2], order) <= _MOST_ENTRIES:
        return order
    return "big" if order == "little" else "little"
