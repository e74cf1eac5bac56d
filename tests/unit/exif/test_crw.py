"""Canon's CRW, which has no TIFF inside."""

import struct
from datetime import datetime

import pytest

from core_service.exif import read_exif
from tests.support.crw import INNER_HEAP, SHOT_INFO, camera_crw, crw, heap, words


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_crw_tells_what_its_records_say(order: str) -> None:
    reading = read_exif(camera_crw(order), "CRW")
    told = reading.metadata
    assert (told.camera_make, told.camera_model) == ("Canon", "Canon PowerShot S40")
    assert told.taken_at == datetime(2005, 4, 23, 17, 54, 36)  # noqa: DTZ001 — a wall clock
    assert told.focal_length == pytest.approx(7.09375)
    assert (told.f_number, told.exposure_time, told.iso) == (2.8, "1/64", 100)
    assert told.lens_model == "7.09-21.31mm"
    assert reading.orientation == 6


@pytest.mark.parametrize(
    ("word", "f_number"), [(96, 2.8), (96 + 12, 3.2), (96 + 20, 3.6), (96 + 16, 3.4), (-12, 0.9), (0, 1)]
)
def test_thirds_of_a_stop_are_written_as_12_and_20(word: int, f_number: float) -> None:
    told = read_exif(crw({SHOT_INFO: words("<", length=30, i21=word)}), "CRW").metadata
    assert told.f_number == f_number


@pytest.mark.parametrize(
    "data",
    [
        camera_crw()[:14],
        camera_crw()[:40],
        camera_crw()[:-3],
        crw({}),
        crw({SHOT_INFO: b"\0\0\0"}),
        b"II\xff\xff\xff\xffHEAPCCDR",
        b"II\x1a\0\0\0HEAPCCDR".ljust(26, b"\0") + b"\xff" * 8,
        # A heap that contains itself, many times over.
        b"II\x1a\0\0\0HEAPCCDR".ljust(26, b"\0")
        + struct.pack("<H", 60)
        + struct.pack("<HII", INNER_HEAP, 606, 0) * 60
        + bytes(4),
        crw({INNER_HEAP: heap({INNER_HEAP: heap({INNER_HEAP: b""})})}),
    ],
)
def test_a_broken_crw_tells_nothing(data: bytes) -> None:
    reading = read_exif(data, "CRW")
    assert (reading.metadata.camera_make, reading.orientation) == (None, 1)
