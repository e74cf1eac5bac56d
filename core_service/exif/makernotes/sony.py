"""Sony's maker notes: the lens by its specification."""

from typing import Any, Final

from core_service.exif.fields import Ifd

_LENS_SPEC: Final = 0xB02A


def sony_facts(ifd: Ifd) -> dict[str, Any]:
    """Return `Lens`, from eight bytes: flags, two focal lengths and two f-numbers in decimal digits, flags."""
    field = ifd.fields.get(_LENS_SPEC)
    digits = bytes(field.raw).hex() if field is not None and len(field.raw) == 8 else ""
    if not digits.isdecimal():
        return {}
    shortest = int(digits[2:6])
    lens = [shortest, int(digits[6:10]) or shortest, int(digits[10:12]) / 10, int(digits[12:14]) / 10]
    return {"Lens": lens} if lens[0] and lens[2] else {}
