"""The time that GPS tells: UTC, from which the offset of the camera's clock can be derived."""

from datetime import UTC, datetime, timedelta
from typing import Final

from core_service.exif.dates import WIDEST_OFFSET, format_offset, parse_moment
from core_service.exif.groups import Groups, as_number
from core_service.exif.notes import Notes

GPS_DATE: Final = "GPS:GPSDateStamp"
_QUARTER: Final = timedelta(minutes=15)
_FIX_AGE: Final = timedelta(seconds=60)
"""How far the camera's clock and the last GPS fix may be apart when an offset is derived from the two."""
_FAR_FROM_GREENWICH: Final = 45
"""Degrees of longitude beyond which nobody's clock shows UTC: there, GPS time equal to the camera's is a copy of it."""


def gps_instant(groups: Groups) -> datetime | None:
    """Return GPS date and time, which are UTC; `None` unless both are there and valid."""
    day = parse_moment(groups.get(GPS_DATE))
    clock = groups.get("GPS:GPSTimeStamp")
    if isinstance(clock, str):  # three rationals by the book, but also seen as text
        clock = clock.split(":")
    parts = [as_number(part) for part in clock] if isinstance(clock, list) and len(clock) == 3 else [None]
    if day is None or any(part is None or part < 0 for part in parts):
        return None
    hours, minutes, seconds = (part or 0 for part in parts)
    if hours >= 24 or minutes >= 60 or seconds >= 60:
        return None
    midnight = day.wall.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
    return midnight + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def derived_offset(wall: datetime, groups: Groups, longitude: float | None, notes: Notes) -> str | None:
    """Return how far the wall clock is from GPS time, when that is what an offset can be: a multiple of 15 minutes."""
    instant = gps_instant(groups)
    if instant is None:
        return None
    apart = wall.replace(tzinfo=UTC) - instant
    offset = round(apart / _QUARTER) * _QUARTER
    if abs(offset) > WIDEST_OFFSET or abs(apart - offset) > _FIX_AGE:
        return None
    if not offset and abs(longitude or 0) > _FAR_FROM_GREENWICH:
        return None
    notes.warn("offset-derived-from-gps", "The offset from UTC was derived from GPS time; no tag states it.")
    return format_offset(offset)
