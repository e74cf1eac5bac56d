"""Coordinates and altitude, in all the forms that devices and programs write them."""

from typing import Any

import pytest

from core_service.exif.gps import read_altitude, read_position
from core_service.exif.groups import Groups
from core_service.exif.notes import Notes

OSLO = {"GPSLatitude": [59, 54, 50.04], "GPSLatitudeRef": "N", "GPSLongitude": [10, 45, 7.92], "GPSLongitudeRef": "E"}


def position(**groups: dict[str, Any]) -> tuple[tuple[float, float] | None, set[str]]:
    notes = Notes()
    found = read_position(Groups(groups), notes)
    return found and (round(found.latitude.value, 6), round(found.longitude.value, 6)), set(notes.by_code)


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({}, (59.9139, 10.7522)),
        ({"GPSLatitudeRef": "S", "GPSLongitudeRef": "W"}, (-59.9139, -10.7522)),
        ({"GPSLatitudeRef": "south", "GPSLongitudeRef": " w "}, (-59.9139, -10.7522)),
        ({"GPSLatitude": [59, 54.834], "GPSLongitude": [10, 45.132, 0]}, (59.9139, 10.7522)),
        ({"GPSLatitude": 59.9139, "GPSLongitude": [10.7522]}, (59.9139, 10.7522)),
        ({"GPSLatitude": [59.9139, None, None]}, (59.9139, 10.7522)),
        ({"GPSLatitude": [-59, 54, 50.04]}, (-59.9139, 10.7522)),
        ({"GPSLatitude": [-59, 54, 50.04], "GPSLatitudeRef": "S"}, (-59.9139, 10.7522)),
        ({"GPSLatitude": "59.9139"}, (59.9139, 10.7522)),
        ({"GPSLatitude": "59 54 50.04"}, (59.9139, 10.7522)),
        ({"GPSLatitude": "59,00000,54,00000,50,04000"}, (59.9139, 10.7522)),
        ({"GPSLatitude": [0, 0, 0]}, (0, 10.7522)),
    ],
)
def test_a_place_is_read_in_signed_decimal_degrees(changed: dict[str, Any], place: tuple[float, float]) -> None:
    assert position(GPS=OSLO | changed) == (place, set())


@pytest.mark.parametrize("reference", [None, "", "X", 1, {"bytes": 2}])
def test_without_a_hemisphere_north_and_east_are_assumed_and_said(reference: Any) -> None:
    assert position(GPS=OSLO | {"GPSLatitudeRef": reference}) == ((59.9139, 10.7522), {"gps-reference-missing"})


@pytest.mark.parametrize(
    ("changed", "warnings"),
    [
        ({"GPSLatitude": [0, 0, 0], "GPSLongitude": [0, 0, 0]}, {"gps-zero"}),
        ({"GPSLatitude": [91, 0, 0]}, {"gps-out-of-range"}),
        ({"GPSLongitude": [180, 0, 1]}, {"gps-out-of-range"}),
        ({"GPSLatitude": [None, 54, 50]}, set()),
        ({"GPSLatitude": []}, set()),
        ({"GPSLatitude": "unknown"}, set()),
        ({"GPSLatitude": "1 2 3 4"}, set()),
        ({"GPSLatitude": {"bytes": 24}}, set()),
        ({"GPSLongitude": None}, set()),
    ],
)
def test_a_place_that_cannot_be_true_is_left_out(changed: dict[str, Any], warnings: set[str]) -> None:
    assert position(GPS=OSLO | changed) == (None, warnings)


@pytest.mark.parametrize(
    ("latitude", "longitude", "place"),
    [
        ("59,54.834N", "10,45.132E", (59.9139, 10.7522)),
        ("59,54,50.04S", "10,45,7.92W", (-59.9139, -10.7522)),
        ("-59.9139", "10.7522", (-59.9139, 10.7522)),
    ],
)
def test_a_place_is_read_from_xmp_where_exif_has_none(
    latitude: str, longitude: str, place: tuple[float, float]
) -> None:
    assert position(XMP={"exif:GPSLatitude": latitude, "exif:GPSLongitude": longitude}) == (place, set())


def test_a_place_in_exif_comes_before_one_in_xmp_unless_it_is_zero() -> None:
    xmp = {"exif:GPSLatitude": "1,0N", "exif:GPSLongitude": "2,0E"}
    assert position(GPS=OSLO, XMP=xmp)[0] == (59.9139, 10.7522)
    assert position(GPS=OSLO | {"GPSLatitude": [0], "GPSLongitude": [0]}, XMP=xmp)[0] == (1, 2)


@pytest.mark.parametrize(
    ("tags", "metres"),
    [
        ({"GPSAltitude": 12.5, "GPSAltitudeRef": 0}, 12.5),
        ({"GPSAltitude": 12.5, "GPSAltitudeRef": 1}, -12.5),
        ({"GPSAltitude": 12.5, "GPSAltitudeRef": "1"}, -12.5),
        ({"GPSAltitude": 12.5, "GPSAltitudeRef": 2}, 12.5),
        ({"GPSAltitude": 12.5, "GPSAltitudeRef": 3}, -12.5),
        ({"GPSAltitude": 12.5}, 12.5),
        ({"GPSAltitude": [12.5]}, 12.5),
        ({"GPSAltitude": -12.5, "GPSAltitudeRef": 0}, -12.5),
        ({"GPSAltitude": -12.5, "GPSAltitudeRef": 1}, -12.5),
    ],
)
def test_altitude_is_negative_below_the_sea(tags: dict[str, Any], metres: float) -> None:
    found = read_altitude(Groups({"GPS": tags}))
    assert found is not None
    assert found.value == metres


def test_zero_has_no_sign() -> None:
    altitude = read_altitude(Groups({"GPS": {"GPSAltitude": 0.0, "GPSAltitudeRef": 1}}))
    place = read_position(Groups({"GPS": OSLO | {"GPSLatitude": [0.0, 0, 0], "GPSLatitudeRef": "S"}}), Notes())
    assert altitude is not None
    assert place is not None
    assert (str(altitude.value), str(place.latitude.value)) == ("0.0", "0.0")


@pytest.mark.parametrize("reference", [0, 1])
@pytest.mark.parametrize("altitude", [None, 4_294_967_295, -30_000, "high", [None]])
def test_an_altitude_that_cannot_be_true_is_none(altitude: Any, reference: int) -> None:
    assert read_altitude(Groups({"GPS": {"GPSAltitude": altitude, "GPSAltitudeRef": reference}})) is None


def test_altitude_is_read_from_xmp_where_exif_has_none() -> None:
    found = read_altitude(Groups({"XMP": {"exif:GPSAltitude": "25/2", "exif:GPSAltitudeRef": "1"}}))
    assert found is not None
    assert (found.value, found.path) == (-12.5, "XMP:exif:GPSAltitude")
