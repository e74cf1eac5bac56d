"""Exposure time, f-number, sensitivity, focal length and lens."""

from typing import Any

import pytest

from core_service.exif.exposure import (
    format_seconds,
    read_exposure_time,
    read_f_number,
    read_focal_length,
    read_iso,
)
from core_service.exif.groups import Found, Groups
from core_service.exif.lens import describe_lens, read_lens


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.004, "1/250"),
        (10 / 2500, "1/250"),
        (0.000125, "1/8000"),
        (1 / 3, "0.3"),
        (0.25, "1/4"),
        (0.250001, "1/4"),
        (0.3, "0.3"),
        (0.5, "0.5"),
        (0.625, "0.6"),
        (1, "1"),
        (2.5, "2.5"),
        (30, "30"),
        (1200, "1200"),
    ],
)
def test_an_exposure_time_is_written_as_photographers_do(seconds: float, text: str) -> None:
    assert format_seconds(seconds) == text


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ({"ExposureTime": 0.004, "ShutterSpeedValue": 1}, Found("1/250", "EXIF:ExposureTime")),
        ({"ShutterSpeedValue": 8}, Found("1/256", "EXIF:ShutterSpeedValue")),
        ({"ExposureTime": 0, "ShutterSpeedValue": -2}, Found("4", "EXIF:ShutterSpeedValue")),
        ({"ExposureTime": "1/60"}, Found("1/60", "EXIF:ExposureTime")),
        ({"ExposureTime": None}, None),
        ({"ExposureTime": -1}, None),
        ({"ExposureTime": 5e-324}, None),
        ({"ExposureTime": 4_294_967_295}, None),
        ({"ShutterSpeedValue": 4000}, None),
        ({"ShutterSpeedValue": -4000}, None),
    ],
)
def test_exposure_time_comes_from_the_first_tag_that_makes_sense(
    tags: dict[str, Any], found: Found[str] | None
) -> None:
    assert read_exposure_time(Groups({"EXIF": tags})) == found


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ({"FNumber": 2.8, "ApertureValue": 8}, Found(2.8, "EXIF:FNumber")),
        ({"ApertureValue": 3}, Found(2.8, "EXIF:ApertureValue")),
        ({"FNumber": 0, "ApertureValue": 4}, Found(4, "EXIF:ApertureValue")),
        ({"FNumber": None}, None),
        ({"FNumber": 0}, None),
        ({"ApertureValue": 10_000}, None),
    ],
)
def test_f_number_comes_from_the_first_tag_that_makes_sense(tags: dict[str, Any], found: Found[float] | None) -> None:
    assert read_f_number(Groups({"EXIF": tags})) == found


@pytest.mark.parametrize(
    ("groups", "found"),
    [
        ({"EXIF": {"ISO": 400, "ISOSpeed": 800}}, Found(400, "EXIF:ISO")),
        ({"EXIF": {"ISO": [200, 0]}}, Found(200, "EXIF:ISO")),
        ({"EXIF": {"ISO": 65535, "ISOSpeed": 102_400}}, Found(102_400, "EXIF:ISOSpeed")),
        (
            {"EXIF": {"ISO": 65535, "RecommendedExposureIndex": 128_000}},
            Found(128_000, "EXIF:RecommendedExposureIndex"),
        ),
        (
            {"EXIF": {"ISO": 65535, "StandardOutputSensitivity": 80_000}},
            Found(80_000, "EXIF:StandardOutputSensitivity"),
        ),
        ({"EXIF": {"ISO": 65535}}, Found(65535, "EXIF:ISO")),
        ({"EXIF": {"ISO": 0, "RecommendedExposureIndex": 100}}, Found(100, "EXIF:RecommendedExposureIndex")),
        ({"EXIF": {"ISO": "800"}}, Found(800, "EXIF:ISO")),
        ({"EXIF": {"ISO": None}, "XMP": {"exif:ISOSpeedRatings": ["320"]}}, Found(320, "XMP:exif:ISOSpeedRatings")),
        ({"MakerNotes": {"ISO": 100}, "EXIF": {"ExposureIndex": 200}}, Found(100, "MakerNotes:ISO")),
        ({"EXIF": {"ExposureIndex": 200}}, Found(200, "EXIF:ExposureIndex")),
        ({"EXIF": {"ISO": 4_294_967_295}}, None),
        ({"EXIF": {"ISO": 2**31 - 0.6}}, None),
        ({"EXIF": {"ISO": -100}}, None),
        ({"EXIF": {"ISO": {"bytes": 4}}}, None),
    ],
)
def test_sensitivity_comes_from_every_tag_that_holds_one(groups: dict[str, Any], found: Found[int] | None) -> None:
    assert read_iso(Groups(groups)) == found


@pytest.mark.parametrize(
    ("length", "found"),
    [(50, 50), (7.4, 7.4), ("28/10", 2.8), ([35, 1], 35), (0, None), (None, None), (4_294_967_295, None)],
)
def test_focal_length_is_millimetres_or_none(length: Any, found: float | None) -> None:
    read = read_focal_length(Groups({"EXIF": {"FocalLength": length}}))
    assert (read and read.value) == found


@pytest.mark.parametrize(
    ("specification", "lens"),
    [
        ([24, 70, 2.8, 2.8], "24-70mm f/2.8"),
        ([18, 55, 3.5, 5.6], "18-55mm f/3.5-5.6"),
        ([50, 50, 1.4, 1.4], "50mm f/1.4"),
        ([4.25, 4.25, 1.8, 1.8], "4.25mm f/1.8"),
        ([24, 70, None, None], "24-70mm"),
        ([24, 70, 0, 0], "24-70mm"),
        ([24, 70], "24-70mm"),
        ("240/10 700/10 28/10 28/10", "24-70mm f/2.8"),
        ([0, 0, 0, 0], None),
        ([None, None, None, None], None),
        ([70, 24, 2.8, 2.8], None),
        ([50], None),
        (50, None),
        (None, None),
    ],
)
def test_a_specification_is_told_as_photographers_do(specification: Any, lens: str | None) -> None:
    assert describe_lens(specification) == lens


@pytest.mark.parametrize(
    ("groups", "found"),
    [
        ({"EXIF": {"LensModel": "EF 50mm", "LensInfo": [1, 2]}}, Found("EF 50mm", "EXIF:LensModel")),
        ({"EXIF": {"LensModel": "----", "LensInfo": [24, 70]}}, Found("24-70mm", "EXIF:LensInfo")),
        ({"EXIF": {"LensModel": "0.0 mm f/0.0"}}, None),
        ({"EXIF": {"LensModel": "Unknown (-1)"}}, None),
        ({"EXIF": {"LensModel": "   "}}, None),
        ({"EXIF": {"LensInfo": [24, 70]}, "MakerNotes": {"LensModel": "EF24-70mm f/2.8L USM"}},
         Found("EF24-70mm f/2.8L USM", "MakerNotes:LensModel")),
        ({"MakerNotes": {"LensType": "LUMIX G 20/F1.7"}}, Found("LUMIX G 20/F1.7", "MakerNotes:LensType")),
        ({"MakerNotes": {"LensType": [4, 252]}}, None),
        ({"MakerNotes": {"LensType": 51, "Lens": [18, 55]}}, Found("18-55mm", "MakerNotes:Lens")),
        ({"XMP": {"aux:Lens": "10-20mm f/4-5.6"}}, Found("10-20mm f/4-5.6", "XMP:aux:Lens")),
        ({}, None),
    ],
)  # fmt: skip
def test_the_lens_is_a_name_before_it_is_a_specification(groups: dict[str, Any], found: Found[str] | None) -> None:
    assert read_lens(Groups(groups)) == found
