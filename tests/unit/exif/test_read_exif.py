"""What `read_exif` answers: metadata, the tags in their groups, the plain keys, orientation and warnings."""

import hashlib
import json
from datetime import datetime

import pytest

from core_service.exif import read_exif
from core_service.exif.bounds import MAX_DIGESTED_BYTES, MAX_OUTPUT_BYTES, MAX_TEXT_BYTES
from shared_schemas.photoegg import PhotoMetadata
from tests.support.containers import WITH_IPTC, XMP, XMP_SEGMENT
from tests.support.tiff import (
    DATE_TIME_ORIGINAL,
    EXPOSURE_TIME,
    F_NUMBER,
    FOCAL_LENGTH,
    ISO,
    LENS_MODEL,
    MAKE,
    MAKER_NOTE,
    MODEL,
    OFFSET_TIME_ORIGINAL,
    ORIENTATION,
    SUB_SEC_TIME_ORIGINAL,
    USER_COMMENT,
    Value,
    app1,
    byte,
    exif_jpeg,
    jpeg,
    long,
    rational,
    short,
    signed_short,
    text,
    tiff,
    undefined,
)


def camera(order: str = "<") -> bytes:
    return tiff(
        {MAKE: text("NIKON CORPORATION"), MODEL: text("NIKON Z 6_2"), ORIENTATION: short(6)},
        exif={
            EXPOSURE_TIME: rational((10, 2500)),
            F_NUMBER: rational((28, 10)),
            ISO: short(400),
            DATE_TIME_ORIGINAL: text("2024:04:27 14:55:20"),
            SUB_SEC_TIME_ORIGINAL: text("07"),
            OFFSET_TIME_ORIGINAL: text("+02:00"),
            FOCAL_LENGTH: rational((500, 10)),
            LENS_MODEL: text("NIKKOR Z 50mm f/1.8 S"),
        },
        gps={
            1: text("S"),
            2: rational((33, 1), (51, 1), (30, 1)),
            3: text("W"),
            4: rational((70, 1), (30, 1), (0, 1)),
            5: byte(1),
            6: rational((25, 2)),
        },
        order=order,
    )


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_camera_file_tells_everything(order: str) -> None:
    reading = read_exif(exif_jpeg(camera(order)), "JPEG")
    assert reading.metadata == PhotoMetadata(
        taken_at=datetime(2024, 4, 27, 14, 55, 20, 70_000),  # noqa: DTZ001 — a wall clock
        taken_at_offset="+02:00",
        taken_at_source="EXIF:DateTimeOriginal",
        camera_make="NIKON CORPORATION",
        camera_model="NIKON Z 6_2",
        lens_model="NIKKOR Z 50mm f/1.8 S",
        focal_length=50,
        f_number=2.8,
        iso=400,
        exposure_time="1/250",
        gps_latitude=-(33 + 51 / 60 + 30 / 3600),
        gps_longitude=-70.5,
        gps_altitude=-12.5,
    )
    assert reading.orientation == 6
    assert reading.warnings == []


def test_every_tag_is_told_under_its_group_and_name() -> None:
    groups = read_exif(camera(), "TIFF").exif_dict
    assert groups["EXIF"]["ExposureTime"] == 0.004
    assert groups["EXIF"]["SubSecTimeOriginal"] == "07"
    assert groups["GPS"]["GPSLatitude"] == [33, 51, 30]


def test_the_source_of_each_piece_of_metadata_is_named() -> None:
    exif_dict = read_exif(
        jpeg(app1(b"Exif\0\0" + tiff({MAKE: text("Canon")})), app1(XMP_SEGMENT + XMP)), "JPEG"
    ).exif_dict
    assert exif_dict["sources"] == {"camera_make": "EXIF:Make"}
    for path in read_exif(camera(), "TIFF").exif_dict["sources"].values():
        group, _, name = path.partition(":")
        assert name in read_exif(camera(), "TIFF").exif_dict[group]


def test_existing_clients_find_the_plain_keys_they_read() -> None:
    exif_dict = read_exif(camera(), "TIFF").exif_dict
    plain = {name: value for name, value in exif_dict.items() if not isinstance(value, dict)}
    assert plain == {
        "taken_at": "2024-04-27T14:55:20.070000",
        "taken_at_offset": "+02:00",
        "taken_at_source": "EXIF:DateTimeOriginal",
        "camera_make": "NIKON CORPORATION",
        "camera_model": "NIKON Z 6_2",
        "lens_model": "NIKKOR Z 50mm f/1.8 S",
        "focal_length": 50.0,
        "f_number": 2.8,
        "aperture": 2.8,
        "iso": 400,
        "exposure_time": "1/250",
        "shutter_speed": "1/250",
        "gps_latitude": pytest.approx(-33.858333),
        "gps_longitude": -70.5,
        "gps_altitude": -12.5,
    }


def test_what_a_person_wrote_is_found_wherever_it_stands() -> None:
    tags = {0x9C9B: byte(*"Tittel".encode("utf-16-le")), 0x9C9E: byte(*"sea; boat;sea".encode("utf-16-le"))}
    exif_dict = read_exif(
        tiff(tags | {0x010E: text("A boat"), 0x013B: text("Kari"), 0x4746: short(4)}), "TIFF"
    ).exif_dict
    assert {name: exif_dict[name] for name in ("title", "description", "creator", "keywords", "rating")} == {
        "title": "Tittel",
        "description": "A boat",
        "creator": "Kari",
        "keywords": ["sea", "boat"],
        "rating": 4,
    }


@pytest.mark.parametrize(
    ("value", "rating"), [(short(0), 0), (short(5), 5), (short(6), None), (short(99), None), (signed_short(-1), -1)]
)
def test_a_rating_is_stars_or_rejected(value: Value, rating: int | None) -> None:
    assert read_exif(tiff({0x4746: value}), "TIFF").exif_dict.get("rating") == rating


@pytest.mark.parametrize(
    ("value", "orientation"),
    [
        (short(1), 1),
        (short(8), 8),
        (long(3), 3),
        (byte(6), 6),
        (short(6, 1), 6),
        (short(0), 1),
        (short(9), 1),
        (text("6"), 1),
        (rational((6, 1)), 6),
        (rational((6, 0)), 1),
    ],
)
def test_orientation_is_one_to_eight_whatever_the_file_says(value: Value, orientation: int) -> None:
    assert read_exif(tiff({ORIENTATION: value}), "TIFF").orientation == orientation


def test_the_orientation_of_a_thumbnail_is_not_that_of_the_picture() -> None:
    assert read_exif(tiff({MAKE: text("x")}, ifd1={ORIENTATION: short(6)}), "TIFF").orientation == 1


def test_the_exif_directory_is_believed_before_the_first_one() -> None:
    both = tiff(
        {DATE_TIME_ORIGINAL: text("2020:01:01 00:00:00")}, exif={DATE_TIME_ORIGINAL: text("2024:04:27 14:55:20")}
    )
    assert read_exif(both, "TIFF").exif_dict["EXIF"]["DateTimeOriginal"] == "2024:04:27 14:55:20"


def test_binary_is_told_as_length_and_digest() -> None:
    note = bytes(range(256)) * 4
    assert read_exif(tiff(exif={MAKER_NOTE: undefined(note)}), "TIFF").exif_dict["EXIF"]["MakerNote"] == {
        "bytes": 1024,
        "sha256": hashlib.sha256(note).hexdigest(),
    }


def test_long_arrays_are_told_as_length_and_digest() -> None:
    told = read_exif(tiff({0x0111: long(*range(100))}), "TIFF").exif_dict["EXIF"]["StripOffsets"]
    assert told["bytes"] == 400


def test_a_zero_denominator_is_null() -> None:
    tags = read_exif(
        tiff(exif={EXPOSURE_TIME: rational((1, 0)), 0xA432: rational((24, 1), (70, 1), (0, 0), (0, 0))}), "TIFF"
    )
    assert tags.exif_dict["EXIF"]["ExposureTime"] is None
    assert tags.exif_dict["EXIF"]["LensInfo"] == [24, 70, None, None]
    assert (tags.metadata.exposure_time, tags.metadata.lens_model) == (None, "24-70mm")


def test_a_tag_without_a_name_is_told_by_its_number() -> None:
    assert read_exif(tiff({0xBEEF: short(7)}), "TIFF").exif_dict["EXIF"]["0xbeef"] == 7


@pytest.mark.parametrize(
    ("raw", "comment"),
    [
        (b"ASCII\0\0\0" + b"A boat\0\0", "A boat"),
        (b"UNICODE\0" + "Grüße".encode("utf-16-le"), "Grüße"),
    ],
)
def test_a_user_comment_is_text(raw: bytes, comment: str) -> None:
    assert read_exif(tiff(exif={USER_COMMENT: undefined(raw)}), "TIFF").exif_dict["EXIF"]["UserComment"] == comment


def test_text_that_cannot_be_read_is_left_out_with_a_warning() -> None:
    reading = read_exif(tiff({MAKE: text("写真機株式会社".encode("shift_jis"))}), "TIFF")
    assert reading.metadata.camera_make is None
    assert reading.exif_dict["EXIF"]["Make"]["bytes"] == 15
    assert [warning.code for warning in reading.warnings] == ["text-unreadable"]


def test_of_text_that_is_nearly_all_ascii_the_readable_part_is_told_with_a_warning() -> None:
    reading = read_exif(tiff({MODEL: text("File written by Adobe Photoshop® 4.0".encode("mac-roman"))}), "TIFF")
    assert reading.metadata.camera_model == "File written by Adobe Photoshop 4.0"
    assert [warning.code for warning in reading.warnings] == ["text-unreadable"]


def test_photographer_and_editor_are_both_told() -> None:
    assert read_exif(tiff({0x8298: text("Kari\0Ola")}), "TIFF").exif_dict["EXIF"]["Copyright"] == "Kari; Ola"
    assert read_exif(tiff({0x8298: text(" \0Ola")}), "TIFF").exif_dict["EXIF"]["Copyright"] == "Ola"


def test_text_of_exif_3_is_utf8() -> None:
    name = "Åse Ødegård"
    value = Value(129, len(name.encode()) + 1, f"{len(name.encode()) + 1}s", (name.encode() + b"\0",))
    assert read_exif(tiff(exif={0xA437: value}), "TIFF").exif_dict["EXIF"]["Photographer"] == name


def test_an_overlong_name_is_cut_to_what_the_contract_allows() -> None:
    assert read_exif(tiff({MAKE: text("x" * 1000)}), "TIFF").metadata.camera_make == "x" * 255


def test_a_long_text_is_told_as_length_and_digest() -> None:
    assert (
        read_exif(tiff({MAKE: text("x" * MAX_TEXT_BYTES)}), "TIFF").exif_dict["EXIF"]["Make"]["bytes"] > MAX_TEXT_BYTES
    )


def test_the_answer_stays_small_whatever_the_file_holds() -> None:
    texts = {0xE000 + number: text("x" * 10_000) for number in range(200)}
    assert len(json.dumps(read_exif(tiff(texts), "TIFF").exif_dict)) < MAX_OUTPUT_BYTES + 200 * 150


def test_only_so_many_bytes_are_digested() -> None:
    exif_dict = read_exif(
        tiff({0xE000: undefined(bytes(MAX_DIGESTED_BYTES + 1)), 0xE001: undefined(bytes(9))}), "TIFF"
    ).exif_dict
    assert exif_dict["EXIF"]["0xe000"] == {"bytes": MAX_DIGESTED_BYTES + 1}
    assert "sha256" in exif_dict["EXIF"]["0xe001"]


def test_where_exif_is_silent_iptc_and_xmp_speak() -> None:
    assert read_exif(WITH_IPTC["JPEG"], "JPEG").exif_dict == {"IPTC": {"City": "Oslo"}}


def test_a_file_without_metadata_has_none() -> None:
    reading = read_exif(jpeg(), "JPEG")
    assert (reading.metadata, reading.exif_dict, reading.orientation) == (PhotoMetadata(), {}, 1)
