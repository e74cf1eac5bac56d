"""Where the picture was taken: signed decimal degrees and metres above sea level."""

import re
from dataclasses import dataclass
from typing import Any, Final

from core_service.exif.groups import Found, Groups, as_number
from core_service.exif.notes import Notes

_XMP_COORDINATE: Final = re.compile(r"([\d.,]{1,40})\s*([NSEW])")


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
    """Degrees, minutes, seconds and a hemisphere (EXIF 3.0, 4.6.6, GPSLatitude)."""
    degrees = _sum_sexagesimal(groups.get(f"GPS:GPS{axis}"))
    if degrees is None:
        return None
    reference = groups.get(f"GPS:GPS{axis}Ref")
    hemisphere = reference.strip()[:1].upper() if isinstance(reference, str) else ""
    if hemisphere in {"S", "W"}:
        return -abs(degrees)
    if hemisphere not in {"N", "E"}:
        notes.warn("gps-reference-missing", f"GPS{axis}Ref is missing; north and east were assumed.")
    return degrees


def _sum_sexagesimal(value: Any) -> float | None:
    """Add up degrees, minutes and seconds; parts after the first may be missing or undefined."""
    parts = [as_number(part) for part in (value if isinstance(value, list) else [value])][:3]
    if not parts or parts[0] is None:
        return None
    minutes, seconds = ([part or 0 for part in parts[1:]] + [0, 0])[:2]
    size = abs(parts[0]) + abs(minutes) / 60 + abs(seconds) / 3600
    return -size if parts[0] < 0 else size


def _xmp_degrees(axis: str, groups: Groups) -> float | None:
    """`59,54.82N` or `59,54,49N` (XMP part 2, 2.6, GPSCoordinate); some programs write decimal degrees."""
    value = groups.get(f"XMP:exif:GPS{axis}")
    match = _XMP_COORDINATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return as_number(value)
    degrees = _sum_sexagesimal(match[1].split(","))
    return -degrees if degrees is not None and match[2] in "SW" else degrees


def read_altitude(groups: Groups) -> Found[float] | None:
    """Return metres above sea level.

    GPSAltitudeRef 1 and 3 say below (3: below the ellipsoid, EXIF 3.0); it should be a byte, but is also seen as text.
    """
    for altitude in groups.numbers("GPS:GPSAltitude", "XMP:exif:GPSAltitude"):
        below = as_number(groups.get(f"{altitude.path}Ref")) in {1, 3}
        if -20_000 <= altitude.value <= 1_000_000:
            return Found(-abs(altitude.value), altitude.path) if below else altitude
    return None
