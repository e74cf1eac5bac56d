"""The egg proves itself, old eggs hatch, and nothing unsafe gets in."""

import base64
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared_schemas.json_safe import MAX_DEPTH, JsonObject
from shared_schemas.photoegg import EggRefusedError, HothashDiffersError, PhotoEgg, hatch
from shared_schemas.preview import HOTPREVIEW_LIMITS, UnacceptablePreviewError, check_preview
from tests.support.eggs import egg, jpeg

_LATER_FIELDS = ("primary_filename", "file_sha256", "perceptual_hash", "recipe", "image_format", "file_size_bytes")


def test_an_egg_hatches_into_its_very_previews() -> None:
    cold = jpeg(3, size=(900, 600))
    hatched = hatch(PhotoEgg.model_validate(egg(2, coldpreview=cold)))
    assert (hatched.hotpreview.jpeg, hatched.hotpreview.width, hatched.hotpreview.height) == (jpeg(2), 150, 100)
    assert hatched.coldpreview is not None
    assert (hatched.coldpreview.jpeg, hatched.coldpreview.width) == (cold, 900)


def test_an_old_egg_without_the_later_fields_hatches_too() -> None:
    old = {name: value for name, value in egg(1).items() if name not in _LATER_FIELDS}
    old["metadata"] = {"taken_at": "2024-01-15T14:30:00", "camera_make": "Canon"}
    read = PhotoEgg.model_validate(old)
    assert hatch(read).hotpreview.width == 150
    assert read.metadata.camera_make == "Canon"


def test_a_data_url_and_line_breaks_are_tolerated() -> None:
    plain = base64.b64encode(jpeg(1)).decode()
    for spelled in (
        f"data:image/jpeg;base64,{plain}",
        "\n".join(plain[at : at + 76] for at in range(0, len(plain), 76)),
    ):
        assert hatch(PhotoEgg.model_validate(egg(1, hotpreview_base64=spelled))).hotpreview.jpeg == jpeg(1)


def test_one_changed_bit_of_the_hotpreview_is_noticed() -> None:
    changed = bytearray(jpeg(1))
    changed[-20] ^= 1
    with pytest.raises(HothashDiffersError):
        hatch(PhotoEgg.model_validate(egg(1, hotpreview_base64=base64.b64encode(changed).decode())))


def test_flat_spellings_fill_metadata_that_is_missing_and_yield_to_metadata_that_is_there() -> None:
    flat = egg(1, taken_at="2020-02-02T02:02:02", camera_make="Nikon", iso=100)
    assert PhotoEgg.model_validate(flat).metadata.camera_make == "Canon"
    del flat["metadata"]
    read = PhotoEgg.model_validate(flat).metadata
    assert (read.camera_make, read.iso, str(read.taken_at)) == ("Nikon", 100, "2020-02-02 02:02:02")


def test_a_time_with_an_offset_keeps_its_wall_clock_and_its_offset_apart() -> None:
    read = PhotoEgg.model_validate(egg(1, metadata={"taken_at": "2024-05-01T23:30:00+05:30", "taken_at_offset": None}))
    assert read.metadata.taken_at is not None
    assert read.metadata.taken_at.isoformat() == "2024-05-01T23:30:00"
    assert read.metadata.taken_at_offset == "+05:30"
    assert read.metadata.model_dump()["taken_at"] == "2024-05-01T23:30:00"


@pytest.mark.parametrize(
    "changes",
    [
        {"hothash": "a" * 63},
        {"hothash": "A" * 64},
        {"width": 0},
        {"unknown": 1},
        {"metadata": {"iso": -1}},
        {"metadata": {"f_number": math.nan}},
        {"metadata": {"gps_longitude": 181}},
        {"exif_dict": {"a": math.inf}},
        {"exif_dict": {"a\0": 1}},
        {"perceptual_hash": "xyz"},
    ],
)
def test_an_egg_with_an_impossible_field_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PhotoEgg.model_validate(egg(1, **changes))


def test_nesting_is_bounded() -> None:
    nested: dict[str, Any] = {}
    for _ in range(MAX_DEPTH + 1):
        nested = {"a": nested}
    check = TypeAdapter(JsonObject).validate_python
    check(nested["a"])
    with pytest.raises(ValidationError, match="nested deeper"):
        check(nested)


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (b"", "not a JPEG"),
        (b"\x89PNG\r\n\x1a\n", "not a JPEG"),
        (b"\xff\xd8\xff\xd9", "no picture"),
        (b"\xff\xd8", "cut off"),
        (b"\xff\xd8\xff\xe0\x00\x01", "cut off"),
        (b"\xff\xd8\x00\x00", "not a well-formed"),
        (jpeg(1)[:-2], "cut off"),
        (jpeg(1) + b"\0", "something follows"),
        (jpeg(1, comment=b"hello"), "metadata"),
        (jpeg(1, exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"), "metadata"),
        (jpeg(1, icc_profile=b"not even a profile"), "metadata"),
        (jpeg(1, size=(600, 10)), "512 a side"),
    ],
)
def test_only_a_plain_jpeg_within_limits_is_a_preview(picture: bytes, why: str) -> None:
    with pytest.raises(UnacceptablePreviewError, match=why):
        check_preview(picture, HOTPREVIEW_LIMITS)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_blocks": 2}])
def test_every_way_to_write_a_plain_jpeg_is_a_preview(options: dict[str, Any]) -> None:
    preview = check_preview(jpeg(1, **options), HOTPREVIEW_LIMITS)
    assert (preview.width, preview.height) == (150, 100)


@given(st.binary(max_size=400) | st.binary(max_size=60).map(lambda noise: jpeg(1)[:200] + noise + jpeg(1)[200:]))
def test_no_bytes_make_the_check_fail_in_another_way(noise: bytes) -> None:
    try:
        check_preview(noise, HOTPREVIEW_LIMITS)
    except UnacceptablePreviewError:
        return


def test_an_egg_that_is_refused_names_the_field() -> None:
    with pytest.raises(EggRefusedError) as refused:
        hatch(PhotoEgg.model_validate(egg(1, coldpreview_base64="!!!")))
    assert refused.value.field == "coldpreview_base64"
