"""Dates, times and offsets, as cameras and programs really write them."""

from datetime import datetime
from typing import Any

import pytest

from core_service.exif.dates import parse_moment, parse_offset
from core_service.exif.groups import Groups
from core_service.exif.notes import Notes
from core_service.exif.taken import Taken, read_taken


def taken(longitude: float | None = None, **groups: dict[str, Any]) -> tuple[Taken | None, set[str]]:
    """Return what is known of the time of capture, and the codes of the warnings."""
    notes = Notes()
    return read_taken(Groups(groups), longitude, notes), set(notes.by_code)


def at(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 — a wall clock


GPS_NOON = {"GPSDateStamp": "2024:04:27", "GPSTimeStamp": [12, 55, 20]}


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("2024:04:27 14:55:20", at(2024, 4, 27, 14, 55, 20)),
        ("2024-04-27 14:55:20", at(2024, 4, 27, 14, 55, 20)),
        ("2024/04/27 14:55:20", at(2024, 4, 27, 14, 55, 20)),
        ("2024-04-27T14:55:20", at(2024, 4, 27, 14, 55, 20)),
        ("2024:04:27 14:55", at(2024, 4, 27, 14, 55)),
        ("2024:4:7 4:05:06", at(2024, 4, 7, 4, 5, 6)),
        ("  2024:04:27 14:55:20  ", at(2024, 4, 27, 14, 55, 20)),
        ("2024-04-27T14:55:20.5", at(2024, 4, 27, 14, 55, 20, 500_000)),
        ("2024-04-27T14:55:20.1234567", at(2024, 4, 27, 14, 55, 20, 123_456)),
        ("2024-04-27T14:55:20Z", at(2024, 4, 27, 14, 55, 20)),
        ("2024-04-27", at(2024, 4, 27)),
        ("20240427 14:55:20.5", at(2024, 4, 27, 14, 55, 20, 500_000)),
    ],
)
def test_a_date_is_read_however_it_is_punctuated(text: str, wall: datetime) -> None:
    moment = parse_moment(text)
    assert moment is not None
    assert moment.wall == wall


@pytest.mark.parametrize(
    "text",
    [
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "",
        "2024:13:01 00:00:00",
        "2024:02:30 12:00:00",
        "2024:04:27 24:60:60",
        "2024:04:27 25:00:00",
        "0002:11:30 00:00:00",
        "yesterday",
        "2024",
        "2024:04:27 14:55:20" + " " * 20_000 + "x",
        20240427,
        None,
        ["2024:04:27 14:55:20"],
    ],
)
def test_what_is_no_date_is_none(text: Any) -> None:
    assert parse_moment(text) is None


@pytest.mark.parametrize(
    ("digits", "microseconds"), [("5", 500_000), ("050", 50_000), ("123456", 123_456), (" 07 ", 70_000), (7, 700_000)]
)
def test_sub_seconds_are_decimals_of_the_second(digits: Any, microseconds: int) -> None:
    moment = parse_moment("2024:04:27 14:55:20", digits)
    assert moment is not None
    assert moment.wall.microsecond == microseconds


@pytest.mark.parametrize("digits", ["", "   ", "x", "-5", None, [1], "٣"])
def test_sub_seconds_that_are_no_digits_are_ignored(digits: Any) -> None:
    moment = parse_moment("2024:04:27 14:55:20", digits)
    assert moment is not None
    assert moment.wall == at(2024, 4, 27, 14, 55, 20)


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("+02:00", "+02:00"),
        ("-09:30", "-09:30"),
        ("+0530", "+05:30"),
        ("+2:00", "+02:00"),
        (" Z ", "+00:00"),
        ("+14:00", "+14:00"),
        ("+14:15", None),
        ("+02:60", None),
        ("   :  ", None),
        ("02:00", None),
        ("", None),
        (2, None),
        (None, None),
    ],
)
def test_an_offset_is_read_or_unknown(text: Any, offset: str | None) -> None:
    assert parse_offset(text) == offset


def test_the_capture_date_comes_before_all_others() -> None:
    dates = {"DateTimeOriginal": "2024:04:27 14:55:20", "CreateDate": "2024:04:28 00:00:00"}
    found, warnings = taken(EXIF=dates | {"ModifyDate": "2024:05:01 00:00:00"}, GPS=GPS_NOON)
    assert found is not None
    assert (found.wall, found.source) == (at(2024, 4, 27, 14, 55, 20), "EXIF:DateTimeOriginal")
    assert "taken-at-from-modify-date" not in warnings


def test_a_zero_capture_date_gives_way_to_the_date_of_digitizing_without_a_warning() -> None:
    found, warnings = taken(EXIF={"DateTimeOriginal": "0000:00:00 00:00:00", "CreateDate": "2024:04:28 10:00:00"})
    assert found is not None
    assert (found.wall, found.source) == (at(2024, 4, 28, 10), "EXIF:CreateDate")
    assert warnings == set()


def test_a_date_that_makes_no_sense_is_warned_of() -> None:
    found, warnings = taken(EXIF={"DateTimeOriginal": "2024:02:30 12:00:00"})
    assert found is None
    assert warnings == {"date-invalid"}


def test_gps_time_comes_before_the_time_of_modification_and_is_utc() -> None:
    found, warnings = taken(EXIF={"ModifyDate": "2024:05:01 00:00:00"}, GPS=GPS_NOON)
    assert found is not None
    assert (found.wall, found.offset) == (at(2024, 4, 27, 12, 55, 20), "+00:00")
    assert found.source == "GPS:GPSDateStamp"
    assert warnings == {"taken-at-from-gps"}


def test_the_time_of_modification_is_the_last_resort_and_marked_as_such() -> None:
    found, warnings = taken(EXIF={"ModifyDate": "2024:05:01 10:00:00", "OffsetTime": "+01:00", "SubSecTime": "5"})
    assert found is not None
    assert (found.wall, found.offset) == (at(2024, 5, 1, 10, 0, 0, 500_000), "+01:00")
    assert found.source == "EXIF:ModifyDate"
    assert warnings == {"taken-at-from-modify-date"}


def test_a_capture_date_in_xmp_comes_before_the_time_of_modification() -> None:
    found, _ = taken(
        EXIF={"ModifyDate": "2024:05:01 10:00:00"}, XMP={"photoshop:DateCreated": "1987-06-05T04:03:02+01:00"}
    )
    assert found is not None
    assert (found.wall, found.offset) == (at(1987, 6, 5, 4, 3, 2), "+01:00")
    assert found.source == "XMP:photoshop:DateCreated"


def test_iptc_date_and_time_are_put_together() -> None:
    found, _ = taken(IPTC={"DateCreated": "1987:06:05", "TimeCreated": "04:03:02+01:00"})
    assert found is not None
    assert (found.wall, found.offset, found.source) == (at(1987, 6, 5, 4, 3, 2), "+01:00", "IPTC:DateCreated")


def test_a_date_without_a_time_gives_way_to_a_source_with_one() -> None:
    iptc = {"DateCreated": "2006:10:29", "TimeCreated": "06:27:51-05:00"}
    found, warnings = taken(XMP={"photoshop:DateCreated": "2006-10-29"}, IPTC=iptc)
    assert found is not None
    assert (found.wall, found.source) == (at(2006, 10, 29, 6, 27, 51), "IPTC:DateCreated")
    assert warnings == set()


def test_a_date_without_a_time_is_better_than_the_time_of_modification() -> None:
    found, warnings = taken(EXIF={"ModifyDate": "2024:05:01 10:00:00"}, XMP={"photoshop:DateCreated": "1987-06-05"})
    assert found is not None
    assert (found.wall, found.source) == (at(1987, 6, 5), "XMP:photoshop:DateCreated")
    assert warnings == {"taken-at-date-only"}


ORIGINAL = {"DateTimeOriginal": "2024:04:27 14:55:20"}


@pytest.mark.parametrize(
    ("tags", "offset"),
    [
        ({"OffsetTimeOriginal": "+02:00", "OffsetTime": "+01:00"}, "+02:00"),
        ({"OffsetTime": "+02:00", "ModifyDate": "2024:04:27 14:55:20"}, "+02:00"),
        ({"OffsetTimeDigitized": "+02:00", "CreateDate": "2024:04:27 14:55:20"}, "+02:00"),
        ({"OffsetTime": "+02:00", "ModifyDate": "2024:06:01 00:00:00"}, None),
        ({"OffsetTimeOriginal": "   :  ", "TimeZoneOffset": -5}, "-05:00"),
        ({"TimeZoneOffset": [2, 1]}, "+02:00"),
        ({"TimeZoneOffset": 20}, None),
        ({"OffsetTimeOriginal": "CEST"}, None),
        ({}, None),
    ],
)
def test_an_offset_is_taken_from_a_tag_that_is_about_this_very_time(tags: dict[str, Any], offset: str | None) -> None:
    found, _ = taken(EXIF=ORIGINAL | tags)
    assert found is not None
    assert found.offset == offset


def test_sub_seconds_do_not_hide_that_two_clocks_show_the_same_time() -> None:
    tags = {"SubSecTimeOriginal": "123", "OffsetTime": "+02:00", "ModifyDate": "2024:04:27 14:55:20"}
    found, _ = taken(EXIF=ORIGINAL | tags)
    assert found is not None
    assert (found.offset, found.wall.microsecond) == ("+02:00", 123_000)


@pytest.mark.parametrize(
    ("clock", "offset"),
    [
        ([12, 55, 20], "+02:00"),
        ([12, 54, 50.5], "+02:00"),  # the last fix is half a minute old
        ([9, 10, 20], "+05:45"),
        ([0, 55, 20], "+14:00"),
        ([0, 0, 0], None),  # 14:55 is no multiple of a quarter of an hour
        ([12, 50, 20], None),
        ([23, 55, 20], "-09:00"),
        ([24, 0, 0], None),
        ([12, None, 20], None),
        ([12, 55], None),
        ("12:55:20", "+02:00"),
        ("noon", None),
        ([-1, 55, 20], None),
    ],
)
def test_an_offset_is_derived_from_gps_time_only_where_it_can_be_one(clock: Any, offset: str | None) -> None:
    found, warnings = taken(EXIF=ORIGINAL, GPS={"GPSDateStamp": "2024:04:27", "GPSTimeStamp": clock})
    assert found is not None
    assert found.offset == offset
    assert warnings == ({"offset-derived-from-gps"} if offset else set())


@pytest.mark.parametrize(
    ("longitude", "clock", "offset"),
    [
        (-0.7, [14, 55, 20], "+00:00"),
        (-24.5, [14, 55, 20], "+00:00"),
        (-116.9, [14, 55, 20], None),
        (116.4, [14, 55, 20], None),
        (-116.9, [12, 55, 20], "+02:00"),  # the clock still shows the time at home
    ],
)
def test_gps_time_that_is_a_copy_of_the_camera_s_clock_tells_no_offset(
    longitude: float, clock: list[int], offset: str | None
) -> None:
    found, _ = taken(longitude, EXIF=ORIGINAL, GPS={"GPSDateStamp": "2024:04:27", "GPSTimeStamp": clock})
    assert found is not None
    assert found.offset == offset


def test_an_offset_is_derived_across_midnight() -> None:
    found, _ = taken(
        EXIF={"DateTimeOriginal": "2024:04:28 01:30:00"},
        GPS={"GPSDateStamp": "2024:04:27", "GPSTimeStamp": [23, 30, 0]},
    )
    assert found is not None
    assert found.offset == "+02:00"


def test_no_offset_is_derived_for_a_date_without_a_time() -> None:
    midnight = {"GPSDateStamp": "2024:04:26", "GPSTimeStamp": [22, 0, 0]}
    found, warnings = taken(EXIF={"DateTimeOriginal": "2024:04:27"}, GPS=midnight)
    assert found is not None
    assert (found.source, found.offset) == ("GPS:GPSDateStamp", "+00:00")
    assert warnings == {"taken-at-from-gps"}


def test_no_offset_is_derived_for_the_time_of_modification() -> None:
    found, _ = taken(EXIF={"ModifyDate": "2024:04:27 14:55:20"}, GPS={"GPSTimeStamp": [12, 55, 20]})
    assert found is not None
    assert found.offset is None


def test_nothing_known_is_none() -> None:
    assert taken() == (None, set())
