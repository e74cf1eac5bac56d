"""What `GET /v1/recipe` tells: the recipe behind the hothash, and with which libraries it is cooked here."""

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from PIL import features
from pydantic import BaseModel, Field

from core_service.previews import BOX_SIDE, CANONICAL_SIDE, HOT_SAMPLES, HOT_SIDE, JPEG_QUALITY
from shared_schemas.versions import RECIPE

_PACKAGES: Final = ("pillow", "pillow-heif", "pillow-jxl-plugin", "rawpy")
_INSIDE_PILLOW: Final = ("libjpeg_turbo", "littlecms2", "webp", "avif", "libtiff", "zlib")


class RecipeDescription(BaseModel):
    """The recipe's name, its numbers and the libraries."""

    recipe: str = Field(default=RECIPE, description="The prose is docs/hothash.md.")
    hotpreview_side: int = HOT_SIDE
    samples_per_pixel: int = HOT_SAMPLES
    canonical_side: int = CANONICAL_SIDE
    box_side: int = BOX_SIDE
    jpeg_quality: int = JPEG_QUALITY
    libraries: dict[str, str] = Field(examples=[{"pillow": "13.0.0"}])
    reproduces: bool = Field(description="Whether every golden vector comes out as it should here.")
    failures: list[str] = Field(description="The golden vectors that do not, and the stage that moved.")


def describe_recipe(failures: list[str]) -> RecipeDescription:
    """Describe the recipe as this installation cooks it."""
    versions = {
        "python": platform.python_version(),
        **{name: _installed(name) for name in _PACKAGES},
        **{name: features.version(name) for name in _INSIDE_PILLOW},
    }
    return RecipeDescription(
        libraries={name: found for name, found in versions.items() if found},
        reproduces=not failures,
        failures=failures,
    )


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
