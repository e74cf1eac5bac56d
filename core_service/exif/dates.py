"""When the picture was taken: wall clock, offset from UTC, and the tag that says so.

The three are kept apart: the wall clock is what the camera showed, the offset may be unknown, and an instant is only
known with both. Nothing is guessed: an offset that no tag states is derived from GPS time or stays unknown.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from core_service.exif.groups import Groups, as_number
from core_service.exif.notes import Notes

_DATE_TIME: Final = re.compile(
    r"(\d{4})[:\-/. ](\d{1,2})[:\-/. ](\d{1,2})"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?\s*(Z|[+-]\d{1,2}:?\d{2})?)?\s*"
)
_OFFSET: Final = re.compile(r"([+-])(\d{1,2}):?(\d{2})")
_EARLIEST_YEAR: Final = 1800
"""No photograph is older; smaller years are zero dates that some program has calculated with."""
_QUARTER: Final = timedelta(minutes=15)
_FIX_AGE: Final = timedelta(seconds=60)
"""How far the camera's clock and the last GPS fix may be apart when an offset is derived from the two."""
_WIDEST: Final = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Moment:
    """A wall-clock time as it was written, with its offset when it carried one."""

    wall: datetime
    offset: str | None = None
    has_time: bool = True


@dataclass(frozen=True, slots=True)
class Taken:
    """What is known of the time of capture; `source` is group and name in `exif_dict`."""

    wall: datetime
    offset: str | None
    source: str


def parse_moment(text: Any, subseconds: Any = None) -> Moment | None:
    """Read a date as EXIF (`2024:04:27 14:55:20`), XMP (ISO 8601) or IPTC write it; `None` when it is not one."""
    match = _DATE_TIME.fullmatch(text.strip()) if isinstance(text, str) else None
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
    if minutes >= 60 or timedelta(hours=hours, minutes=minutes) > _WIDEST:
        return None
    return f"{match[1]}{hours:02}:{minutes:02}"


def format_offset(offset: timedelta) -> str:
    """Return a multiple of a minute as `+02:00`."""
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


@dataclass(frozen=True, slots=True)
class _Clock:
    """A date tag of EXIF with the tags that complete it."""

    date: str
    subseconds: str
    offset: str


_ORIGINAL: Final = _Clock("EXIF:DateTimeOriginal", "EXIF:SubSecTimeOriginal", "EXIF:OffsetTimeOriginal")
_DIGITIZED: Final = _Clock("EXIF:CreateDate", "EXIF:SubSecTimeDigitized", "EXIF:OffsetTimeDigitized")
_MODIFIED: Final = _Clock("EXIF:ModifyDate", "EXIF:SubSecTime", "EXIF:OffsetTime")
_CLOCKS: Final = (_ORIGINAL, _DIGITIZED, _MODIFIED)
_XMP_DATES: Final = (
    "XMP:exif:DateTimeOriginal",
    "XMP:photoshop:DateCreated",
    "XMP:exif:DateTimeDigitized",
    "XMP:xmp:CreateDate",
)
_GPS_DATE: Final = "GPS:GPSDateStamp"


def read_taken(groups: Groups, notes: Notes) -> Taken | None:
    """Return when the picture was taken, from the first tag that says so.

    DateTimeOriginal, CreateDate (EXIF's DateTimeDigitized), GPS date and time, capture dates of XMP and IPTC, and last
    ModifyDate (EXIF's DateTime), which is when a program last wrote the file.
    """
    taken = _from_clock(_ORIGINAL, groups, notes) or _from_clock(_DIGITIZED, groups, notes)
    if taken is None:
        taken = _from_gps(groups, notes) or _from_xmp(groups, notes) or _from_iptc(groups, notes)
    if taken is None:
        taken = _from_clock(_MODIFIED, groups, notes)
        if taken is not None:
            notes.warn("taken-at-from-modify-date", "Only the time of the last modification is known.")
    return taken


def _from_clock(clock: _Clock, groups: Groups, notes: Notes) -> Taken | None:
    moment = _moment_at(clock.date, groups, notes, groups.get(clock.subseconds))
    if moment is None:
        return None
    offset = moment.offset or _stated_offset(clock, moment.wall, groups)
    if offset is None and clock is not _MODIFIED:
        offset = _derived_offset(moment.wall, groups, notes)
    return Taken(moment.wall, offset, clock.date)


def _moment_at(path: str, groups: Groups, notes: Notes, subseconds: Any = None) -> Moment | None:
    """Return the moment at `path`; a date that is set but makes no sense is warned of."""
    for text in (found.value for found in groups.texts(path)):
        moment = parse_moment(text, subseconds)
        if moment is None and text.strip("0: -/T"):
            notes.warn("date-invalid", f"{path} holds no valid date: {text[:40]!r}.")
        if moment is not None and not moment.has_time:
            notes.warn("taken-at-date-only", f"{path} holds a date without a time; midnight stands for it.")
        return moment
    return None


def _stated_offset(clock: _Clock, wall: datetime, groups: Groups) -> str | None:
    """Return the offset of the clock's own tag, or that of another clock which shows the very same time."""
    for other in (clock, *_CLOCKS):
        offset = parse_offset(groups.get(other.offset))
        if offset is not None and (other is clock or _same_second(wall, groups.get(other.date))):
            return offset
    return _hours_offset(groups.get("EXIF:TimeZoneOffset"))


def _same_second(wall: datetime, text: Any) -> bool:
    moment = parse_moment(text)
    return moment is not None and moment.wall == wall.replace(microsecond=0)


def _hours_offset(value: Any) -> str | None:
    """TimeZoneOffset (TIFF/EP): whole hours of DateTimeOriginal, then perhaps those of ModifyDate."""
    hours = as_number(value)
    if hours is None or abs(hours) > 14 or hours != int(hours):
        return None
    return format_offset(timedelta(hours=hours))


def gps_instant(groups: Groups) -> datetime | None:
    """Return GPS date and time, which are UTC; `None` unless both are there and valid."""
    day = parse_moment(groups.get(_GPS_DATE))
    clock = groups.get("GPS:GPSTimeStamp")
    parts = [as_number(part) for part in clock] if isinstance(clock, list) and len(clock) == 3 else [None]
    if day is None or any(part is None or part < 0 for part in parts):
        return None
    hours, minutes, seconds = (part or 0 for part in parts)
    if hours >= 24 or minutes >= 60 or seconds >= 60:
        return None
    midnight = day.wall.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
    return midnight + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _derived_offset(wall: datetime, groups: Groups, notes: Notes) -> str | None:
    """Return how far the wall clock is from GPS time, when that is what an offset can be: a multiple of 15 minutes."""
    instant = gps_instant(groups)
    if instant is None:
        return None
    apart = wall.replace(tzinfo=UTC) - instant
    offset = round(apart / _QUARTER) * _QUARTER
    if abs(offset) > _WIDEST or abs(apart - offset) > _FIX_AGE:
        return None
    notes.warn("offset-derived-from-gps", "The offset from UTC was derived from GPS time; no tag states it.")
    return format_offset(offset)


def _from_gps(groups: Groups, notes: Notes) -> Taken | None:
    instant = gps_instant(groups)
    if instant is None:
        return None
    notes.warn("taken-at-from-gps", "Only GPS time is known, so the time of day is that of UTC.")
    return Taken(instant.replace(tzinfo=None), "+00:00", _GPS_DATE)


def _from_xmp(groups: Groups, notes: Notes) -> Taken | None:
    for path in _XMP_DATES:
        moment = _moment_at(path, groups, notes)
        if moment is not None:
            return Taken(moment.wall, moment.offset, path)
    return None


def _from_iptc(groups: Groups, notes: Notes) -> Taken | None:
    for kind in ("Created", "Digital"):
        path = "IPTC:DateCreated" if kind == "Created" else "IPTC:DigitalCreationDate"
        time = groups.get("IPTC:TimeCreated" if kind == "Created" else "IPTC:DigitalCreationTime")
        moment = parse_moment(f"{groups.get(path)} {time}") or _moment_at(path, groups, notes)
        if moment is not None:
            return Taken(moment.wall, moment.offset, path)
    return None
