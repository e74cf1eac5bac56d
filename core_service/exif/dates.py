"""Dates, times and offsets from UTC, as EXIF, XMP and IPTC write them."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

_DATE_TIME: Final = re.compile(
    r"(\d{4})[:\-/. ]?(\d{1,2})[:\-/. ]?(\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?\s*(Z|[+-]\d{1,2}:?\d{2})?)?\s*"
)
_LONGEST: Final = 64
_OFFSET: Final = re.compile(r"([+-])(\d{1,2}):?(\d{2})")
_EARLIEST_YEAR: Final = 1800
"""No photograph is older; smaller years are zero dates that some program has calculated with."""
WIDEST_OFFSET: Final = timedelta(hours=14)
"""No place on Earth is further from UTC."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A wall-clock time as it was written, with its offset when it carried one."""

    wall: datetime
    offset: str | None
    has_time: bool


def parse_moment(text: Any, subseconds: Any = None) -> Moment | None:
    """Read a date as EXIF (`2024:04:27 14:55:20`), XMP (ISO 8601) or IPTC write it; `None` when it is not one."""
    match = _DATE_TIME.fullmatch(text.strip()) if isinstance(text, str) and len(text) <= _LONGEST else None
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    micro = _microseconds(subseconds) or _microseconds(fraction)
    try:
        wall = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), micro)  # noqa: DTZ001 — a wall clock has no zone
    except ValueError:
        return None
    return Moment(wall, parse_offset(zone), has_time=hour is not None) if int(year) >= _EARLIEST_YEAR else None


def _microseconds(digits: Any) -> int:
    """Sub-second digits are the decimals of the second: `5` is half a second, `050` a twentieth."""
    text = str(digits).strip() if isinstance(digits, str | int) else ""
    return int(text[:6].ljust(6, "0")) if text.isascii() and text.isdigit() else 0


def parse_offset(text: Any) -> str | None:
    """Return an offset as `+02:00`; `None` when the text is no offset between -14:00 and +14:00."""
    if not isinstance(text, str):
        return None
    if text.strip() == "Z":
        return "+00:00"
    match = _OFFSET.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes = int(match[2]), int(match[3])
    if minutes >= 60 or timedelta(hours=hours, minutes=minutes) > WIDEST_OFFSET:
        return None
    return f"{match[1]}{hours:02}:{minutes:02}"


def format_offset(offset: timedelta) -> str:
    """Return a multiple of a minute as `+02:00`."""
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
