"""The fields of a TIFF directory and the numbers in them (TIFF 6.0, section 2; EXIF 3.0, IFD structure)."""

from dataclasses import dataclass, field
from struct import Struct
from typing import Final, Literal

from core_service.exif.bounds import MAX_NUMBERS

ByteOrder = Literal["little", "big"]
Number = int | float | None
"""A value of a numeric field; `None` is a rational with denominator zero, or a number that JSON does not keep."""

SIZES: Final = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
    129: 1,
}
"""Bytes per value of each field type; 129 is UTF-8 text (EXIF 3.0)."""
_PACKINGS: Final = {
    1: "B",
    3: "H",
    4: "I",
    5: "II",
    6: "b",
    8: "h",
    9: "i",
    10: "ii",
    11: "f",
    12: "d",
    13: "I",
    16: "Q",
    17: "q",
    18: "Q",
}
ASCII, SHORT, UNDEFINED, DOUBLE, UTF8 = 2, 3, 7, 12, 129
TEXT_TYPES: Final = frozenset({ASCII, UTF8})
_RATIONALS: Final = frozenset({5, 10})
_INT64: Final = 2**63


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of a directory, not yet decoded.

    `raw` holds exactly `count` values of type `kind`; `offset` is where they begin in the structure.
    """

    tag: int
    kind: int
    count: int
    order: ByteOrder
    offset: int
    raw: memoryview

    def numbers(self) -> list[Number]:
        """Return the first `MAX_NUMBERS` values as numbers; an empty list when they are text."""
        code = _PACKINGS.get(self.kind)
        if code is None:
            return []
        packing = Struct(("<" if self.order == "little" else ">") + code)
        rows = packing.iter_unpack(self.raw[: packing.size * MAX_NUMBERS])
        if self.kind in _RATIONALS:
            return [_ratio(*row) for row in rows]
        return [_kept(row[0]) for row in rows]


def _ratio(numerator: int, denominator: int) -> Number:
    if denominator == 0:
        return None
    whole, rest = divmod(numerator, denominator)
    return whole if rest == 0 else numerator / denominator


def _kept(value: float) -> Number:
    """Return `value` if JSON and databases keep it: neither NaN nor infinite, and within 64 bit with a sign."""
    return value if abs(value) < _INT64 else None


@dataclass(frozen=True, slots=True)
class Ifd:
    """One image file directory, under the name exiftool gives it."""

    name: str
    order: ByteOrder
    fields: dict[int, Field] = field(default_factory=dict)

    def numbers(self, tag: int) -> list[Number]:
        """Return the numbers of a field, none when it is missing."""
        found = self.fields.get(tag)
        return [] if found is None else found.numbers()
