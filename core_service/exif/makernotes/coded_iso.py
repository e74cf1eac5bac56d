"""The sensitivity in the maker notes of Pentax and Casio, who write a number or a code for it."""

from typing import Any, Final

from core_service.exif.fields import Ifd

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


def pentax_facts(ifd: Ifd) -> dict[str, Any]:
    """Return `ISO`, a code in thirds of a stop, or the number itself."""
    return _iso(ifd, _PENTAX_ISO, _PENTAX_ISO_CODES)


def casio_facts(ifd: Ifd) -> dict[str, Any]:
    """Return `ISO`, a number in newer models, in older ones that number or a code."""
    return _iso(ifd, _CASIO_ISO_PLAIN, {}) or _iso(ifd, _CASIO_ISO, _CASIO_ISO_CODES)


def _iso(ifd: Ifd, tag: int, codes: dict[int, int]) -> dict[str, Any]:
    value = next(iter(ifd.numbers(tag)), None)
    iso = codes.get(value, value) if isinstance(value, int) else None
    return {"ISO": iso} if iso is not None and iso >= _LOWEST_PLAIN_ISO else {}
