"""Nikon's maker notes: sensitivity, and the lens by its specification and kind."""

from typing import Any, Final

from core_service.exif.fields import Ifd
from core_service.exif.lens import describe_lens

_ISO, _LENS_TYPE, _LENS = 0x0002, 0x0083, 0x0084
_APERTURES: Final = {64: "E", 4: "G", 2: "D"}
"""How the aperture is set, the newest way first: a lens that has one has the older bits set too."""
_VIBRATION_REDUCTION: Final = 8


def nikon_facts(ifd: Ifd) -> dict[str, Any]:
    """Return `ISO`, the second of a pair, and `LensSpec`, the lens with its kind: `18-70mm f/3.5-4.5 G`."""
    facts: dict[str, Any] = {}
    if iso := [value for value in ifd.numbers(_ISO) if value]:
        facts["ISO"] = iso[-1]
    lens = describe_lens(ifd.numbers(_LENS))
    if lens is not None:
        kind = next(iter(ifd.numbers(_LENS_TYPE)), None)
        facts["LensSpec"] = " ".join([lens, *_letters(int(kind or 0))])
    return facts


def _letters(kind: int) -> list[str]:
    letters = [letter for bit, letter in _APERTURES.items() if kind & bit][:1]
    return [*letters, "VR"] if kind & _VIBRATION_REDUCTION else letters
