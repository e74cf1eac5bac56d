"""When the picture was taken: wall clock, offset from UTC, and the tag that says so.

The three are kept apart: the wall clock is what the camera showed, the offset may be unknown, and an instant is only
known with both. Nothing is guessed: an offset that no tag states is derived from GPS time or stays unknown.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from core_service.exif.dates import Moment, format_offset, parse_moment, parse_offset
from core_service.exif.gps_time import GPS_DATE, derived_offset, gps_instant
from core_service.exif.groups import Groups, as_number
from core_service.exif.notes import Notes


@dataclass(frozen=True, slots=True)
class Taken:
    """What is known of the time of capture; `source` is group and name in `exif_dict`."""

    wall: datetime
    offset: str | None
    source: str
    has_time: bool = True


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
_IPTC_DATES: Final = {
    "IPTC:DateCreated": "IPTC:TimeCreated",
    "IPTC:DigitalCreationDate": "IPTC:DigitalCreationTime",
}


def read_taken(groups: Groups, longitude: float | None, notes: Notes) -> Taken | None:
    """Return when the picture was taken, from the first tag that says so. `longitude` is in degrees east, if known.

    DateTimeOriginal, CreateDate (EXIF's DateTimeDigitized), GPS date and time, capture dates of XMP and IPTC, and last
    ModifyDate (EXIF's DateTime), which is when a program last wrote the file. Of the first five, one without a time of
    day only counts when no other has one.
    """
    days: list[Taken] = []
    for taken in _capture_dates(groups, notes):
        if taken.has_time:
            return replace(taken, offset=taken.offset or derived_offset(taken.wall, groups, longitude, notes))
        days.append(taken)
    if days:
        notes.warn("taken-at-date-only", f"{days[0].source} holds a date without a time; midnight stands for it.")
        return days[0]
    modified = _from_clock(_MODIFIED, groups, notes)
    if modified is not None:
        notes.warn("taken-at-from-modify-date", "Only the time of the last modification is known.")
    return modified


def _capture_dates(groups: Groups, notes: Notes) -> Iterator[Taken]:
    for clock in (_ORIGINAL, _DIGITIZED):
        if (taken := _from_clock(clock, groups, notes)) is not None:
            yield taken
    if (taken := _from_gps(groups, notes)) is not None:
        yield taken
    for path in _XMP_DATES:
        if (moment := _moment_at(path, groups, notes)) is not None:
            yield Taken(moment.wall, moment.offset, path, moment.has_time)
    for date_path, time_path in _IPTC_DATES.items():
        if (moment := _iptc_moment(date_path, time_path, groups, notes)) is not None:
            yield Taken(moment.wall, moment.offset, date_path, moment.has_time)


def _from_clock(clock: _Clock, groups: Groups, notes: Notes) -> Taken | None:
    moment = _moment_at(clock.date, groups, notes, groups.get(clock.subseconds))
    if moment is None:
        return None
    offset = moment.offset or _stated_offset(clock, moment.wall, groups)
    return Taken(moment.wall, offset, clock.date, moment.has_time)


def _moment_at(path: str, groups: Groups, notes: Notes, subseconds: Any = None) -> Moment | None:
    """Return the moment at `path`; a date that is set but makes no sense is warned of."""
    for text in (found.value for found in groups.texts(path)):
        moment = parse_moment(text, subseconds)
        if moment is None and text.strip("0: -/T"):
            notes.warn("date-invalid", f"{path} holds no valid date: {text[:40]!r}.")
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


def _from_gps(groups: Groups, notes: Notes) -> Taken | None:
    instant = gps_instant(groups)
    if instant is None:
        return None
    notes.warn("taken-at-from-gps", "Only GPS time is known, so the time of day is that of UTC.")
    return Taken(instant.replace(tzinfo=None), "+00:00", GPS_DATE)


def _iptc_moment(date_path: str, time_path: str, groups: Groups, notes: Notes) -> Moment | None:
    """IPTC keeps date and time in two datasets, the time with its offset."""
    return parse_moment(f"{groups.get(date_path)} {groups.get(time_path)}") or _moment_at(date_path, groups, notes)
