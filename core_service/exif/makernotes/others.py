"""Facts in the maker notes of Nikon, Sony, Pentax and Casio that take more than reading a value."""

from typing import Any, Final

from core_service.exif.fields import Field, Ifd
from core_service.exif.lens import describe_lens

_NIKON_ISO, _NIKON_LENS_TYPE, _NIKON_LENS = 0x0002, 0x0083, 0x0084
_NIKON_APERTURES: Final = {64: "E", 4: "G", 2: "D"}
"""How the aperture is set, the newest way first: a lens that has one has the older bits set too."""
_NIKON_VIBRATION_REDUCTION: Final = 8
_SONY_LENS_SPEC: Final = 0xB02A
_PENTAX_ISO: Final = 0x0014
_PENTAX_ISO_CODES: Final = dict(
    enumerate((
        50, 64, 80, 100, 125, 160, 200, 250, 320, 400, 500, 640, 800, 1000, 1250, 1600, 2000, 2500, 3200, 4000, 5000,
        6400, 8000, 10_000, 12_800,
    ), start=3)
)  # fmt: skip
_CASIO_ISO, _CASIO_ISO_PLAIN = 0x0014, 0x3014
_CASIO_ISO_CODES: Final = {3: 50, 4: 64, 6: 100, 9: 200}
_LOWEST_PLAIN_ISO: Final = 25
"""Smaller numbers are codes that we do not know."""


def nikon_facts(ifd: Ifd) -> dict[str, Any]:
    """`ISO` is the second of a pair; `LensSpec` is the lens with its kind: `18-70mm f/3.5-4.5 G`."""
    facts: dict[str, Any] = {}
    if iso := [value for value in _numbers(ifd.fields.get(_NIKON_ISO)) if value]:
        facts["ISO"] = iso[-1]
    lens = describe_lens(_numbers(ifd.fields.get(_NIKON_LENS)))
    if lens is not None:
        facts["LensSpec"] = " ".join([lens, *_nikon_letters(_numbers(ifd.fields.get(_NIKON_LENS_TYPE)))])
    return facts


def _nikon_letters(values: list[int | float | None]) -> list[str]:
    kind = int(values[0]) if values and values[0] is not None else 0
    letters = [letter for bit, letter in _NIKON_APERTURES.items() if kind & bit][:1]
    return [*letters, "VR"] if kind & _NIKON_VIBRATION_REDUCTION else letters


def sony_facts(ifd: Ifd) -> dict[str, Any]:
    """`Lens` from eight bytes: flags, two focal lengths and two f-numbers as decimal digits, flags."""
    field = ifd.fields.get(_SONY_LENS_SPEC)
    digits = bytes(field.raw).hex() if field is not None and len(field.raw) == 8 else ""
    if not digits.isdecimal():
        return {}
    shortest = int(digits[2:6])
    lens = [shortest, int(digits[6:10]) or shortest, int(digits[10:12]) / 10, int(digits[12:14]) / 10]
    return {"Lens": lens} if lens[0] and lens[2] else {}


def pentax_facts(ifd: Ifd) -> dict[str, Any]:
    """`ISO` is a code in thirds of a stop, or the number itself."""
    return _iso(ifd, _PENTAX_ISO, _PENTAX_ISO_CODES)


def casio_facts(ifd: Ifd) -> dict[str, Any]:
    """`ISO` is a number in newer models, in older ones that number or a code."""
    return _iso(ifd, _CASIO_ISO_PLAIN, {}) or _iso(ifd, _CASIO_ISO, _CASIO_ISO_CODES)


def _iso(ifd: Ifd, tag: int, codes: dict[int, int]) -> dict[str, Any]:
    value = next(iter(_numbers(ifd.fields.get(tag))), None)
    iso = codes.get(value, value) if isinstance(value, int) else None
    return {"ISO": iso} if iso is not None and iso >= _LOWEST_PLAIN_ISO else {}


def _numbers(field: Field | None) -> list[int | float | None]:
    return [] if field is None else field.numbers()
