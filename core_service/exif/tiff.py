"""Walk the directories of a TIFF structure: EXIF blocks, TIFF files, most RAW files, most maker notes.

TIFF 6.0, section 2, and EXIF 3.0, IFD structure; also BigTIFF, and the other magic numbers of Olympus and Panasonic.
The walker only ever slices what is there: an offset that points outside, a count that is too large or a directory that
leads back to itself costs its own tag and nothing else. A field is decoded when it is asked for, not before.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct
from typing import Final

from core_service.exif.bounds import MAX_IFD_ENTRIES, Budget
from core_service.exif.fields import SIZES, ByteOrder, Field, Ifd

_ORDERS: Final[dict[bytes, ByteOrder]] = {b"II": "little", b"MM": "big"}
_MAGICS: Final = frozenset({42, 43, 0x0055, 0x4F52, 0x5352})
"""TIFF, BigTIFF, Panasonic RW2, Olympus ORF (two forms)."""
_BIG_TIFF: Final = 43

POINTERS: Final = {0x8769: "ExifIFD", 0x8825: "GPS", 0xA005: "InteropIFD", 0x014A: "SubIFD"}
"""Tags that hold the offset of another directory, and what that is called."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """The widths that differ between TIFF and BigTIFF."""

    count_size: int
    entry: str
    pointer_size: int

    @property
    def entry_size(self) -> int:
        return 4 + 2 * self.pointer_size


_CLASSIC: Final = _Layout(count_size=2, entry="HHI4s", pointer_size=4)
_BIG: Final = _Layout(count_size=8, entry="HHQ8s", pointer_size=8)


def tiff_order(view: memoryview) -> ByteOrder | None:
    """Return the byte order when `view` begins with a TIFF header, else `None`."""
    order = _ORDERS.get(bytes(view[:2]))
    if order is None or int.from_bytes(view[2:4], order) not in _MAGICS:
        return None
    return order


def walk_tiff(view: memoryview, budget: Budget, root: str = "IFD0") -> list[Ifd]:
    """Return the directories of the TIFF structure in `view`, the first one called `root`; empty when it is none.

    The chain of the first directory gives IFD1, IFD2, …; `POINTERS` give the others.
    """
    order = tiff_order(view)
    if order is None:
        return []
    layout = _BIG if int.from_bytes(view[2:4], order) == _BIG_TIFF else _CLASSIC
    start = int.from_bytes(view[8:16] if layout is _BIG else view[4:8], order)
    pending, seen, ifds = deque([(root, start)]), set[int](), list[Ifd]()
    pages = 0
    while pending:
        name, offset = pending.popleft()
        if offset in seen or not budget.pay_ifd():
            continue
        seen.add(offset)
        ifd = Ifd(name, order)
        following = _fill(ifd, view, offset, budget, layout)
        ifds.append(ifd)
        pending.extend(_pointers(ifd))
        if following and name in {root, f"IFD{pages}"}:
            pages += 1
            pending.append((f"IFD{pages}", following))
    return ifds


def read_ifd(view: memoryview, offset: int, order: ByteOrder, budget: Budget, name: str) -> Ifd:
    """Read the one directory at `offset` (from the start of `view`, as are the offsets in it)."""
    ifd = Ifd(name, order)
    _fill(ifd, view, offset, budget, _CLASSIC)
    return ifd


def _fill(ifd: Ifd, view: memoryview, offset: int, budget: Budget, layout: _Layout) -> int:
    """Read the directory at `offset` into `ifd`; return the offset of the next one, 0 when there is none."""
    order = ifd.order
    if not 0 < offset < len(view):
        return 0
    first = offset + layout.count_size
    count = int.from_bytes(view[offset:first], order)
    for entry in _entries(view, first, min(count, MAX_IFD_ENTRIES), order, layout):
        if not budget.pay_tag():
            break
        ifd.fields[entry.tag] = entry
    end = first + count * layout.entry_size
    return int.from_bytes(view[end : end + layout.pointer_size], order)


def _entries(view: memoryview, first: int, count: int, order: ByteOrder, layout: _Layout) -> Iterator[Field]:
    """Yield the entries whose values lie inside `view`."""
    packing = Struct(("<" if order == "little" else ">") + layout.entry)
    rows = view[first : first + count * packing.size]
    rows = rows[: len(rows) - len(rows) % packing.size]
    for position, (tag, kind, length, slot) in enumerate(packing.iter_unpack(rows)):
        size = SIZES.get(kind, 0) * length
        if size == 0:
            continue
        if size <= layout.pointer_size:
            start = first + position * packing.size + packing.size - layout.pointer_size
        else:
            start = int.from_bytes(slot, order)
        if start + size <= len(view):
            yield Field(tag, kind, length, order, start, view[start : start + size])


def _pointers(ifd: Ifd) -> Iterator[tuple[str, int]]:
    for tag, name in POINTERS.items():
        offsets = [offset for offset in ifd.numbers(tag) if isinstance(offset, int)]
        for position, offset in enumerate(offsets):
            yield (f"{name}{position or ''}" if name == "SubIFD" else name), offset
