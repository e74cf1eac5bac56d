"""`python -m benchmarks.core_likeness`: how far the perceptual hashes of copies, and of different photos, are apart."""

import io
import itertools
import statistics
from collections.abc import Callable
from typing import Final

from PIL import Image, ImageEnhance

from core_service.perceptual import distance
from core_service.picture import DecodeLimits
from core_service.pipeline import Order, lay_egg
from core_service.stages import Stages
from tests.support.photos import encode, scene

PHOTOS: Final = 40
COPIES: Final[dict[str, Callable[[Image.Image], bytes]]] = {
    "JPEG quality 75": lambda photo: encode(photo, "JPEG", quality=75),
    "JPEG quality 30": lambda photo: encode(photo, "JPEG", quality=30),
    "WebP quality 60": lambda photo: encode(photo, "WEBP", quality=60),
    "half the size": lambda photo: encode(photo.resize((600, 450), Image.Resampling.BICUBIC), "JPEG"),
    "a tenth of the size": lambda photo: encode(photo.resize((120, 90), Image.Resampling.BICUBIC), "JPEG"),
    "20 % brighter": lambda photo: encode(ImageEnhance.Brightness(photo).enhance(1.2), "JPEG"),
    "contrast × 0.7": lambda photo: encode(ImageEnhance.Contrast(photo).enhance(0.7), "JPEG"),
    "grey": lambda photo: encode(photo.convert("L"), "JPEG"),
    "3 % cropped": lambda photo: encode(photo.crop((18, 14, 1182, 886)), "JPEG"),
}


def _hash(image: bytes) -> str:
    egg = lay_egg(image, Order(), DecodeLimits(max_pixels=10**8, max_scans=100), Stages())
    assert egg.perceptual_hash is not None
    return egg.perceptual_hash


def _row(name: str, distances: list[int]) -> str:
    within = sum(d <= 6 for d in distances) / len(distances)
    ranked = sorted(distances)
    return (
        f"| {name} | {ranked[0]} | {statistics.median(ranked):.0f} | {ranked[int(len(ranked) * 0.95)]} | {ranked[-1]} "
        f"| {within:.1%} |"
    )


def main() -> None:
    """Print the table."""
    photos = [scene(1200, 900, seed) for seed in range(1, PHOTOS + 1)]
    originals = [_hash(encode(photo, "JPEG", quality=95)) for photo in photos]
    print("| Copy | least | median | 95 % | most | ≤ 6 |\n|---|---|---|---|---|---|")
    for name, copy in COPIES.items():
        copies = [_hash(copy(Image.open(io.BytesIO(encode(photo, "JPEG", quality=95))))) for photo in photos]
        print(_row(name, [distance(*pair) for pair in zip(originals, copies, strict=True)]))
    print(_row("another photo", [distance(*pair) for pair in itertools.combinations(originals, 2)]))


if __name__ == "__main__":
    main()
