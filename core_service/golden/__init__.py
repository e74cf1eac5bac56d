"""Golden vectors: small images and what recipe hothash-1 makes of them, to the byte, for ever.

They prove an installation (`GET /v1/recipe`) and every change of code or library (the tests). Each vector holds a
digest of the decoded plane, of the hotpreview's pixels and of its JPEG, so that a failure says which stage moved.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from PIL import Image

from core_service.errors import DecoderMissingError
from core_service.exif import read_exif
from core_service.picture import DecodeLimits
from core_service.pipeline import identify, open_picture
from core_service.previews import encode_jpeg, hot_pixels, hot_plane
from shared_schemas.hothash import hothash_of

FOLDER: Final = Path(__file__).parent
EXPECTED: Final = FOLDER / "expected.json"
_LIMITS: Final = DecodeLimits(max_pixels=10_000_000, max_scans=100)


@dataclass(frozen=True, slots=True)
class Cooked:
    """What comes out of each stage of the recipe, as digests."""

    plane: str
    pixels: str
    hothash: str


def expected() -> dict[str, Cooked]:
    """Return what each vector must give, by file name."""
    return {name: Cooked(**stages) for name, stages in json.loads(EXPECTED.read_text()).items()}


def cook(image: bytes) -> Cooked:
    """Make the hotpreview of `image` and take a digest after each stage."""
    image_format = identify(image)
    picture = open_picture(image_format, image, _LIMITS)
    orientation = picture.orientation or read_exif(image, image_format.name).orientation
    plane = picture.plane(hot_plane(picture.planes))
    plane_digest = _digest(plane.image)
    pixels = hot_pixels(plane, picture.size, orientation)
    return Cooked(plane_digest, _digest(pixels), hothash_of(encode_jpeg(pixels)))


def failures() -> list[str]:
    """Cook every vector whose decoder is installed; return those that come out otherwise, as sentences."""
    sentences = []
    for name, wanted in expected().items():
        try:
            cooked = asdict(cook((FOLDER / name).read_bytes()))
        except DecoderMissingError:
            continue
        moved = [stage for stage, digest in asdict(wanted).items() if cooked[stage] != digest]
        if moved:
            sentences.append(f"{name}: the {moved[0]} came out otherwise")
    return sentences


def _digest(image: Image.Image) -> str:
    return hashlib.sha256(f"{image.mode} {image.size} ".encode() + image.tobytes()).hexdigest()
