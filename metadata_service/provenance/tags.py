"""The tags that say when, where, with what and how large, in the order in which core_service believes them.

The order is that of docs/exif.md; a test lays real eggs and compares.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

CAPTURE_DATES: Final = (
    "EXIF:DateTimeOriginal",
    "EXIF:CreateDate",
    "GPS:GPSDateStamp",
    "XMP:exif:DateTimeOriginal",
    "XMP:photoshop:DateCreated",
    "XMP:exif:DateTimeDigitized",
    "XMP:xmp:CreateDate",
    "IPTC:DateCreated",
    "IPTC:DigitalCreationDate",
)
MODIFIED: Final = "EXIF:ModifyDate"
OFFSETS: Final = (
    "EXIF:OffsetTimeOriginal",
    "EXIF:OffsetTimeDigitized",
    "EXIF:OffsetTime",
    "EXIF:TimeZoneOffset",
)
MAKES: Final = ("EXIF:Make", "XMP:tiff:Make")
MODELS: Final = ("EXIF:Model", "EXIF:UniqueCameraModel", "XMP:tiff:Model")
LENSES: Final = (
    "EXIF:LensModel",
    "MakerNotes:LensModel",
    "XMP:exifEX:LensModel",
    "MakerNotes:LensType",
    "XMP:aux:Lens",
)
WIDTHS: Final = ("EXIF:ExifImageWidth", "EXIF:ImageWidth")
HEIGHTS: Final = {"EXIF:ExifImageWidth": "EXIF:ExifImageHeight", "EXIF:ImageWidth": "EXIF:ImageHeight"}
ORIENTATION: Final = "EXIF:Orientation"
_TIMES: Final = {
    "GPS:GPSDateStamp": "GPS:GPSTimeStamp",
    "IPTC:DateCreated": "IPTC:TimeCreated",
    "IPTC:DigitalCreationDate": "IPTC:DigitalCreationTime",
}
_DATE: Final = re.compile(
    r"(\d{4})[:\-/. ]?(\d{1,2})[:\-/. ]?(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*\S*)?\s*"
)
_MOST_SHOWN: Final = 200


def tag_at(exif_dict: Mapping[str, Any], path: str) -> Any:
    """The raw value at group and name; None when there is none."""
    group, _, name = path.partition(":")
    tags = exif_dict.get(group)
    return tags.get(name) if isinstance(tags, dict) else None


def date_at(exif_dict: Mapping[str, Any], path: str) -> Any:
    """A date tag's raw value, with the time that stands beside it for tags of the day alone."""
    day = tag_at(exif_dict, path)
    clock = tag_at(exif_dict, _TIMES[path]) if path in _TIMES else None
    return day if clock is None or day is None else [day, clock]


def understood(raw: Any) -> str | None:
    """A date in ISO 8601, to the second; None when it makes no sense."""
    text = " ".join(map(_clock, raw)) if isinstance(raw, list) else raw
    match = _DATE.fullmatch(text.strip()) if isinstance(text, str) and len(text) <= _MOST_SHOWN else None
    if match is None:
        return None
    try:
        return datetime(*(int(part or 0) for part in match.groups())).isoformat()  # type: ignore[arg-type] # noqa: DTZ001
    except ValueError:
        return None


def _clock(part: Any) -> str:
    """GPS keeps hours, minutes and seconds apart."""
    if isinstance(part, list) and len(part) == 3 and all(isinstance(number, int | float) for number in part):
        return f"{int(part[0]):02}:{int(part[1]):02}:{int(part[2]):02}"
    return str(part)


def degrees(raw: Any, hemisphere: Any) -> float | None:
    """Degrees, minutes and seconds as signed degrees; None for what is no angle."""
    if not (isinstance(raw, list) and 1 <= len(raw) <= 3 and all(isinstance(part, int | float) for part in raw)):
        return None
    angle: float = sum(part / 60**power for power, part in enumerate(raw))
    return round(-angle if str(hemisphere).strip().upper()[:1] in {"S", "W"} else angle, 7)
