"""Any pixels to 8-bit sRGB: steps 3 and 6 of recipe hothash-1 (docs/hothash.md).

`to_working_mode` leaves L, RGB or CMYK, which can be resized; `to_srgb` makes the small result RGB by its profile.
"""

import functools
import io
import sys
from collections.abc import Callable
from typing import Final, cast

from PIL import Image, ImageCms

_WHITE: Final = (255, 255, 255)
_RESIZABLE: Final = frozenset({"L", "RGB", "CMYK"})
_SPACES: Final = {"L": "GRAY", "RGB": "RGB ", "CMYK": "CMYK"}
_INTENT: Final = ImageCms.Intent.RELATIVE_COLORIMETRIC
# LittleCMS's default for 8 bit: fixed-point arithmetic, the same to the byte in releases 2.16 to 2.19. The exact way
# (NOOPTIMIZE) is floating point, which may differ between processors, and costs twenty times as much.
_DEFAULT: Final = ImageCms.Flags.NONE


def to_working_mode(image: Image.Image) -> Image.Image:
    """Convert any mode to L, RGB or CMYK of 8 bit: alpha over white, more than 8 bit by its high bits."""
    if has_alpha(image):
        return _over_white(image.convert("RGBA"))
    if image.mode in _RESIZABLE:
        return image
    convert = _BY_MODE.get(image.mode)
    return convert(image) if convert else image.convert("RGB")


def has_alpha(image: Image.Image) -> bool:
    """Tell whether some pixels may let the background through."""
    return image.mode in {"RGBA", "RGBa", "LA", "PA"} or "transparency" in image.info


def _over_white(image: Image.Image) -> Image.Image:
    canvas = Image.new("RGB", image.size, _WHITE)
    canvas.paste(image, mask=image.getchannel("A"))
    return canvas


def _high_byte(image: Image.Image) -> Image.Image:
    big_endian = image.mode == "I;16B" or (image.mode == "I;16N" and sys.byteorder == "big")
    return Image.frombytes("L", image.size, image.tobytes()[0 if big_endian else 1 :: 2])


def _by_range(image: Image.Image) -> Image.Image:
    """32-bit and floating-point grey do not say what white is: the least of 1, 2^8, 2^16, 2^32 that holds them all."""
    brightest = cast("tuple[float, float]", image.getextrema())[1]  # one band, so one pair
    if image.mode == "F" and brightest <= 1:
        scale = 255.0
    else:
        scale = 1.0 if brightest < 2**8 else 2.0**-8 if brightest < 2**16 else 2.0**-24
    return image.convert("F").point(lambda level: level * scale).convert("L")


def _from_lab(image: Image.Image) -> Image.Image:
    transform = ImageCms.buildTransform(ImageCms.createProfile("LAB"), _srgb(), "LAB", "RGB", _INTENT, _DEFAULT)
    return _applied(transform, image)


_BY_MODE: Final[dict[str, Callable[[Image.Image], Image.Image]]] = {
    "1": lambda image: image.convert("L"),
    "I;16": _high_byte,
    "I;16L": _high_byte,
    "I;16B": _high_byte,
    "I;16N": _high_byte,
    "I": _by_range,
    "F": _by_range,
    "LAB": _from_lab,
}


def to_srgb(image: Image.Image, icc_profile: bytes | None) -> Image.Image:
    """Convert L, RGB or CMYK to RGB by the profile that came with it; without a usable one it is taken as sRGB."""
    if icc_profile:
        transform = _transform(icc_profile, image.mode)
        if transform is None and image.mode == "L":  # a grey picture in a colour profile
            image = image.convert("RGB")
            transform = _transform(icc_profile, "RGB")
        if transform is not None:
            return _applied(transform, image)
    return image.convert("RGB")


@functools.lru_cache(maxsize=16)
def _transform(icc_profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Build the way to sRGB, or return None when there is none or none is needed."""
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc_profile))
        if profile.profile.xcolor_space != _SPACES[mode] or "sRGB" in (profile.profile.profile_description or ""):
            return None
        return ImageCms.buildTransform(profile, _srgb(), mode, "RGB", _INTENT, _DEFAULT)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None  # a broken profile makes the colours approximate, not the photo unreadable


@functools.cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _applied(transform: ImageCms.ImageCmsTransform, image: Image.Image) -> Image.Image:
    return transform.apply(image)
