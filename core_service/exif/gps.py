"""Where the picture was taken: signed decimal degrees and metres above sea level."""

import re
from dataclasses import dataclass
from typing import Any, Final

from core_service.exif.groups import Found, Groups, as_number
from core_service.exif.notes import Notes

_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_LONGEST_COORDINATE: Final = 60


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees north and degrees east."""

    latitude: Found[float]
    longitude: Found[float]


def read_position(groups: Groups, notes: Notes) -> Position | None:
    """Return the position from EXIF, else from XMP; `None` when there is none, or none that can be true."""
    exif = _exif_degrees("Latitude", groups, notes), _exif_degrees("Longitude", groups, notes)
    xmp = _xmp_degrees("Latitude", groups), _xmp_degrees("Longitude", groups)
    for source, (latitude, longitude) in {"GPS:GPS": exif, "XMP:exif:GPS": xmp}.items():
        if latitude is None or longitude is None:
            continue
        if abs(latitude) > 90 or abs(longitude) > 180:
            notes.warn("gps-out-of-range", f"{source}Latitude holds no place on Earth and was left out.")
        elif latitude == longitude == 0:
            notes.warn("gps-zero", f"{source}Latitude holds 0, 0: written where the place is unknown, so left out.")
        else:
            return Position(Found(latitude, f"{source}Latitude"), Found(longitude, f"{source}Longitude"))
    return None


def _exif_degrees(axis: str, groups: Groups, notes: Notes) -> float | None:
    """Degrees, minutes, seconds and a hemisphere (EXIF 3.0, GPSLatitude)."""
    value = groups.get(f"GPS:GPS{axis}")
    degrees = _text_degrees(value) if isinstance(value, str) else _sum_sexagesimal(value)
    if degrees is None:
        return None
    reference = groups.get(f"GPS:GPS{axis}Ref")
    hemisphere = reference.strip()[:1].upper() if isinstance(reference, str) else ""
    if hemisphere in {"S", "W"}:
        return _negative(degrees)
    if hemisphere not in {"N", "E"}:
        notes.warn("gps-reference-missing", f"GPS{axis}Ref is missing; north and east were assumed.")
    return degrees


def _xmp_degrees(axis: str, groups: Groups) -> float | None:
    """`59,54.82N` or `59,54,49N` (XMP part 2, GPSCoordinate); some programs write signed decimal degrees."""
    value = groups.get(f"XMP:exif:GPS{axis}")
    return _text_degrees(value) if isinstance(value, str) else None


def _sum_sexagesimal(value: Any) -> float | None:
    """Add up degrees, minutes and seconds; parts after the first may be missing or undefined."""
    parts = [as_number(part) for part in (value if isinstance(value, list) else [value])][:3]
    if not parts or parts[0] is None:
        return None
    minutes, seconds = ([part or 0 for part in parts[1:]] + [0, 0])[:2]
    size = abs(parts[0]) + abs(minutes) / 60 + abs(seconds) / 3600
    return _negative(size) if parts[0] < 0 else size


def _text_degrees(text: str) -> float | None:
    """Read degrees, minutes and seconds from text; six whole numbers are three with decimal commas."""
    numbers: list[str] = _NUMBER.findall(text[:_LONGEST_COORDINATE])
    if len(numbers) == 6:
        numbers = [".".join(pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
    degrees = _sum_sexagesimal(numbers) if len(numbers) <= 3 else None
    return _negative(degrees) if degrees is not None and text.rstrip()[-1:] in {"S", "W"} else degrees


def read_altitude(groups: Groups) -> Found[float] | None:
    """Return metres above sea level.

    GPSAltitudeRef 1 and 3 say below (3: below the ellipsoid, EXIF 3.0); it should be a byte, but is also seen as text.
    """
    for altitude in groups.numbers("GPS:GPSAltitude", "XMP:exif:GPSAltitude"):
        below = as_number(groups.get(f"{altitude.path}Ref")) in {1, 3}
        metres = _negative(altitude.value) if below else altitude.value
        if -20_000 <= metres <= 1_000_000:
            return Found(metres, altitude.path)
    return None


def _negative(size: float) -> float:
    """Return minus `size`, but never minus zero."""
    return 0 - abs(size)
