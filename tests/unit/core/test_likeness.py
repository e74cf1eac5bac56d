"""What is told of a photo's looks: the perceptual hash and the placeholder."""

import base64
import io
import math

import pytest
from PIL import Image, ImageEnhance

from core_service.perceptual import distance, perceptual_hash
from core_service.pipeline import Order, lay_egg
from core_service.placeholder import placeholder
from core_service.stages import Stages
from tests.support.core import ROOMY
from tests.support.photos import camera_jpeg, encode, scene


def _hash(image: bytes) -> str:
    told = lay_egg(image, Order(), ROOMY, Stages()).perceptual_hash
    assert told is not None
    return told


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_copy_is_at_most_six_bits_away(seed: int) -> None:
    photo = scene(1600, 1200, seed)
    original = _hash(encode(photo, "JPEG", quality=95))
    copies = {
        "saved poorly": encode(photo, "JPEG", quality=40),
        "as WebP": encode(photo, "WEBP", quality=60),
        "half the size": encode(photo.resize((800, 600)), "JPEG"),
        "an eighth of the size": encode(photo.resize((200, 150)), "PNG"),
        "brighter": encode(ImageEnhance.Brightness(photo).enhance(1.1), "JPEG"),
        "less contrast": encode(ImageEnhance.Contrast(photo).enhance(0.8), "JPEG"),
    }
    assert {name: d for name, copy in copies.items() if (d := distance(original, _hash(copy))) > 6} == {}


def test_the_hashes_and_blurs_kept_by_every_library_stay_what_they_are() -> None:
    photo = scene(150, 100)
    assert perceptual_hash(photo) == "8665267359c8d877"
    assert placeholder(photo) == "nwcOFYR3eIeAd4eIiHiIh0xgpWr7"


def test_other_photos_are_far_away() -> None:
    hashes = [perceptual_hash(scene(400, 300, seed)) for seed in range(1, 13)]
    nearest = min(distance(one, other) for at, one in enumerate(hashes) for other in hashes[:at])
    assert nearest > 12


def test_a_photo_without_any_detail_has_a_hash_without_any_either() -> None:
    assert perceptual_hash(Image.new("RGB", (150, 100), "grey")) == "8" + "0" * 15


def _rendered(text: str, side: int = 32) -> tuple[bool, list[float]]:
    """Read a ThumbHash as its documentation says; give its shape and its brightness, `side` × `side`."""
    packed = base64.b64decode(text)
    head, tail = int.from_bytes(packed[:3], "little"), int.from_bytes(packed[3:5], "little")
    landscape = bool(tail >> 15)
    across, down = max(3, 7 if landscape else tail & 7), max(3, tail & 7 if landscape else 7)
    nibbles = [nibble for byte in packed[5:] for nibble in (byte & 15, byte >> 4)]
    places = [(x, y) for y in range(down) for x in range(across) if x * down < across * (down - y) and (x or y)]
    scale = (head >> 18 & 31) / 31
    picture = []
    for row in range(side):
        for column in range(side):
            light = (head & 63) / 63
            for (x, y), nibble in zip(places, nibbles, strict=False):
                wave = math.cos(math.pi * (column + 0.5) * x / side) * math.cos(math.pi * (row + 0.5) * y / side)
                light += (nibble / 7.5 - 1) * scale * wave * (2 if x and y else 2 if x or y else 1)
            picture.append(light)
    return landscape, picture


@pytest.mark.parametrize(("size", "landscape"), [((150, 100), True), ((100, 150), False)])
def test_the_placeholder_paints_the_photo_as_a_blur(size: tuple[int, int], landscape: bool) -> None:
    photo = scene(900, 900).resize(size)
    wide, blur = _rendered(placeholder(photo))
    assert wide is landscape
    wanted = [sum(pixel) / 765 for pixel in photo.resize((32, 32), Image.Resampling.BOX).get_flattened_data()]
    mean_blur, mean_wanted = sum(blur) / len(blur), sum(wanted) / len(wanted)
    both = sum((b - mean_blur) * (w - mean_wanted) for b, w in zip(blur, wanted, strict=True))
    alone = math.dist(blur, [mean_blur] * len(blur)) * math.dist(wanted, [mean_wanted] * len(wanted))
    assert both / alone > 0.8
    assert mean_blur == pytest.approx(mean_wanted, abs=0.02)


@pytest.mark.parametrize("size", [(4, 4), (150, 1), (1, 150), (150, 113), (16, 16)])
def test_every_size_has_a_placeholder_of_some_25_bytes(size: tuple[int, int]) -> None:
    assert 5 <= len(base64.b64decode(placeholder(scene(300, 300).resize(size)))) <= 35


def test_a_camera_jpeg_gets_both() -> None:
    egg = lay_egg(camera_jpeg(), Order(), ROOMY, Stages())
    assert egg.perceptual_hash
    assert egg.placeholder
    with Image.open(io.BytesIO(base64.b64decode(egg.hotpreview_base64))) as hot:
        assert distance(egg.perceptual_hash, perceptual_hash(hot.convert("RGB"))) <= 4
