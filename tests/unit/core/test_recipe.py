"""Recipe hothash-1: the golden vectors, and the rules that they follow."""

import json
import math
import os
import subprocess
import sys
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core_service.formats.jpeg import open_jpeg
from core_service.golden import FOLDER, cook, expected, failures
from core_service.pipeline import Order, lay_egg
from core_service.previews import cold_pixels, cold_plane, displayed, encode_jpeg, fitted, hot_pixels, hot_plane, turned
from core_service.stages import Stages
from tests.support.core import ROOMY
from tests.support.photos import camera_exif, camera_jpeg, encode, scene
from tests.support.processes import ROOT, clean_environment

sides = st.integers(min_value=4, max_value=60_000)


@pytest.mark.parametrize("name", sorted(expected()))
def test_a_golden_vector_comes_out_as_ever(name: str) -> None:
    assert asdict(cook((FOLDER / name).read_bytes())) == asdict(expected()[name])


def test_there_are_enough_golden_vectors_and_each_is_expected() -> None:
    files = {path.name for path in FOLDER.iterdir() if path.suffix not in {".py", ".json"} and path.is_file()}
    assert files == set(expected())
    assert len(files) >= 40


def test_the_golden_vectors_come_out_the_same_without_simd() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "from core_service.golden import failures; print(failures())"],
        env={**clean_environment(), "JSIMD_FORCENONE": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout.strip() == "[]"


def test_a_vector_that_comes_out_otherwise_is_named_with_the_stage_that_moved(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("golden")
    (folder / "a.png").write_bytes(encode(scene(40, 30), "PNG"))
    stages = asdict(cook((folder / "a.png").read_bytes()))
    (folder / "expected.json").write_text(json.dumps({"a.png": {**stages, "hothash": "0" * 64}}))
    monkeypatch.setattr("core_service.golden.FOLDER", folder)
    monkeypatch.setattr("core_service.golden.EXPECTED", folder / "expected.json")
    assert failures() == ["a.png: the hothash came out otherwise"]


@pytest.mark.parametrize(
    ("long_side", "divisor"),
    [(150, 1), (599, 1), (600, 2), (1199, 2), (1200, 4), (2399, 4), (2400, 8),
     (3839, 8), (3840, 2), (7679, 2), (7680, 4), (15_359, 4), (15_360, 8), (60_000, 8)],
)  # fmt: skip
def test_the_decode_scale_changes_exactly_at_the_thresholds(long_side: int, divisor: int) -> None:
    assert hot_plane(_planes(long_side)) == divisor


def _planes(long_side: int) -> dict[int, int]:
    return {divisor: long_side // divisor for divisor in (8, 4, 2, 1)}


@given(long_side=sides, cold_side=st.integers(150, 8192))
def test_a_coldpreview_shares_the_canonical_plane_whenever_that_is_large_enough(long_side: int, cold_side: int) -> None:
    planes = _planes(long_side)
    hot, cold = hot_plane(planes), cold_plane(planes, cold_side)
    assert planes[cold] >= cold_side or cold == 1
    if long_side >= 3840 and planes[hot] >= cold_side:
        assert cold == hot


@given(width=sides, height=sides, side=st.integers(1, 8192))
def test_a_fitted_size_keeps_the_shape_and_is_never_larger(width: int, height: int, side: int) -> None:
    fit = fitted((width, height), side)
    assert max(fit) == min(max(width, height), side)
    assert min(fit) >= 1
    assert fit == fitted((height, width), side)[::-1]
    if max(width, height) > side:
        exact = min(width, height) * side / max(width, height)
        assert abs(min(fit) - max(exact, 1)) <= 0.5


@given(
    size=st.tuples(st.integers(4, 90), st.integers(4, 90)),
    image_format=st.sampled_from(["PNG", "TIFF", "BMP", "JPEG"]),
    mode=st.sampled_from(["RGB", "L"]),
    cold=st.sampled_from([None, 150, 800]),
    filename=st.sampled_from([None, "a.jpg", "b.png"]),
)
@settings(max_examples=40, deadline=None)
def test_the_hothash_is_a_function_of_the_pixels_alone(
    size: tuple[int, int], image_format: str, mode: str, cold: int | None, filename: str | None
) -> None:
    image = encode(scene(*size).convert(mode), image_format)
    plain = lay_egg(image, Order(), ROOMY, Stages())
    other = lay_egg(image, Order(filename, cold), ROOMY, Stages())
    assert plain.hothash == other.hothash
    assert (plain.width, plain.height) == size
    assert fitted(size, 150) == (plain.hotpreview_width, plain.hotpreview_height)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_upright_whichever_way_the_camera_was_held(orientation: int) -> None:
    upright = scene(140, 100)  # small enough to be taken pixel by pixel
    held = turned(upright, {6: 8, 8: 6}.get(orientation, orientation))
    exif = camera_exif(orientation=orientation).removeprefix(b"Exif\0\0")
    egg = lay_egg(encode(held, "PNG", exif=exif), Order(), ROOMY, Stages())
    assert (egg.width, egg.height) == displayed(held.size, orientation) == upright.size
    assert egg.hothash == lay_egg(encode(upright, "PNG"), Order(), ROOMY, Stages()).hothash


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_changes_nothing(orientation: int) -> None:
    assert turned(scene(20, 10), orientation).size == displayed((20, 10), orientation) == (20, 10)


def test_a_hotpreview_says_nothing_but_its_pixels() -> None:
    pixels = scene(150, 100)
    pixels.info = {"icc_profile": b"ICC", "exif": b"Exif\0\0MM", "comment": b"secret", "dpi": (300, 300), "xmp": b"x"}
    jpeg = encode_jpeg(pixels)
    assert jpeg[:20] == b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    assert not any(marker in jpeg for marker in (b"Exif", b"secret", b"ICC", b"\xff\xe1", b"\xff\xfe"))


def test_hothashes_do_not_depend_on_concurrency_in_one_process() -> None:
    from concurrent.futures import ThreadPoolExecutor

    photos = [camera_jpeg(width=width, height=300, exif=b"") for width in (310, 420, 650, 1300)] * 4
    alone = [lay_egg(photo, Order(), ROOMY, Stages()).hothash for photo in photos]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda photo: lay_egg(photo, Order(), ROOMY, Stages()).hothash, photos)) == alone


def test_the_environment_of_the_tests_lets_simd_be() -> None:
    assert "JSIMD_FORCENONE" not in os.environ


def test_a_small_picture_is_not_enlarged() -> None:
    egg = lay_egg(encode(scene(40, 30), "PNG"), Order(coldpreview_size=8192), ROOMY, Stages())
    assert (egg.hotpreview_width, egg.hotpreview_height) == (egg.coldpreview_width, egg.coldpreview_height) == (40, 30)


def test_alpha_is_laid_over_white() -> None:
    clear = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    with Image.open(FOLDER / "png-rgba.png") as sample:
        assert sample.mode == "RGBA"
    egg = lay_egg(encode(clear, "PNG"), Order(), ROOMY, Stages())
    white = lay_egg(encode(Image.new("RGB", (20, 20), "white"), "PNG"), Order(), ROOMY, Stages())
    assert egg.hothash == white.hothash


def _decibels(preview: Image.Image, whole: Image.Image) -> float:
    """PSNR against the ideal: Lanczos in floating point over every pixel of the full decode."""
    error = 0.0
    for band, full in zip(preview.split(), whole.split(), strict=True):
        ideal = full.convert("F").resize(preview.size, Image.Resampling.LANCZOS).get_flattened_data()
        levels = band.get_flattened_data()
        error += sum((level - wanted) ** 2 for level, wanted in zip(levels, ideal, strict=True)) / len(levels)
    return 10 * math.log10(255**2 * 3 / error)


@pytest.mark.parametrize("side", [2600, 1920, 1000, 600])
def test_a_coldpreview_is_as_good_as_needed(side: int) -> None:
    size = (6000, 4000)
    picture = open_jpeg(camera_jpeg(width=6000, height=4000, quality=95, exif=b""), ROOMY)
    cold = cold_pixels(picture.plane(cold_plane(picture.planes, side)), fitted(size, side), 1)
    assert _decibels(cold, picture.plane(1).image) >= 40


@pytest.mark.parametrize(
    "size", [(6000, 4000), (6001, 4003), (4032, 3024), (2401, 1601), (3839, 2559), (1207, 805), (640, 480), (301, 1999)]
)
def test_a_hotpreview_is_as_good_as_the_full_decode(size: tuple[int, int]) -> None:
    picture = open_jpeg(camera_jpeg(width=size[0], height=size[1], quality=95, exif=b""), ROOMY)
    hot = hot_pixels(picture.plane(hot_plane(picture.planes)), size, 1)
    assert _decibels(hot, picture.plane(1).image) >= 47
