"""Which lens took the picture."""

import re
from typing import Any, Final

from core_service.exif.groups import Found, Groups, as_number

_NAMES: Final = (
    "EXIF:LensModel",
    "MakerNotes:LensModel",
    "XMP:exifEX:LensModel",
    "XMP:aux:Lens",
    "MakerNotes:LensType",
    "MakerNotes:LensSpec",
)
_RANGES: Final = (
    "EXIF:LensInfo",
    "XMP:exifEX:LensSpecification",
    "XMP:aux:LensInfo",
    "EXIF:DNGLensInfo",
    "MakerNotes:Lens",
)
_NAMELESS: Final = re.compile(r"[\W_0]*|0\.0 ?mm f/0\.0|unknown.*|n/a|none", re.IGNORECASE)
"""What bodies write for a lens that does not tell its name."""


def read_lens(groups: Groups) -> Found[str] | None:
    """Return the lens: a name, else what its specification says."""
    for name in groups.texts(*_NAMES):
        if _NAMELESS.fullmatch(name.value) is None:
            return name
    for path in _RANGES:
        described = describe_lens(groups.get(path))
        if described is not None:
            return Found(described, path)
    return None


def describe_lens(specification: Any) -> str | None:
    """Return `24-70mm f/2.8` from shortest and longest focal length and the smallest f-number at each.

    EXIF 3.0, LensSpecification; an unknown f-number is 0/0.
    """
    if isinstance(specification, str):
        specification = specification.split()
    if not isinstance(specification, list) or len(specification) < 2:
        return None
    shortest, longest, *apertures = [as_number(part) or 0 for part in specification[:4]]
    if shortest <= 0 or longest < shortest:
        return None
    lens = f"{_span(shortest, longest)}mm"
    known = [aperture for aperture in apertures if aperture > 0]
    return f"{lens} f/{_span(known[0], known[-1])}" if known else lens


def _span(first: float, last: float) -> str:
    shown = [f"{round(value, 2):g}" for value in (first, last)]
    return "-".join(dict.fromkeys(shown))
