"""Hotpreview and coldpreview: recipe hothash-1 as constants and functions (in prose: docs/hothash.md).

Every number here, and the exact release of Pillow, is part of the recipe: to change one is to rename every photo.
"""

import io
from collections.abc import Mapping
from typing import Final

from PIL import Image

from core_service.colours import to_srgb, to_working_mode
from core_service.picture import Plane

HOT_SIDE: Final = 150
HOT_SAMPLES: Final = 2
"""A hotpreview is made of a plane at least twice its size ..."""
CANONICAL_SIDE: Final = 1920
"""... and, of a picture at least twice this size, of a plane of at least this size, which coldpreviews share."""
BOX_SIDE: Final = 3 * HOT_SIDE
"""Above this size, whole boxes of pixels are averaged before the filter."""
JPEG_QUALITY: Final = 85
DEFAULT_COLD_SIDE: Final = 1920
MIN_COLD_SIDE, MAX_COLD_SIDE = 150, 8192

_HOT_FILTER: Final = Image.Resampling.LANCZOS
# Two thirds of the time, and better than 40 dB against an ideal filter wherever much is shrunk, which is less of an
# error than the JPEG encoder's own; where little is shrunk it would be more.
_COLD_FILTER, _COLD_FILTER_FOR_LITTLE = Image.Resampling.HAMMING, Image.Resampling.BICUBIC
_LITTLE: Final = 1.5
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def hot_plane(planes: Mapping[int, int]) -> int:
    """Choose the plane for a hotpreview, from the sizes that can be decoded alone: the canonical one, or a smaller."""
    canonical = _smallest(planes, CANONICAL_SIDE)
    return canonical if planes[canonical] < max(planes.values()) else _smallest(planes, HOT_SIDE * HOT_SAMPLES)


def cold_plane(planes: Mapping[int, int], cold_side: int) -> int:
    """Choose the plane for a coldpreview: the hotpreview's own wherever that is large enough."""
    hot = hot_plane(planes)
    return hot if planes[hot] >= max(cold_side, CANONICAL_SIDE) else _smallest(planes, cold_side)


def _smallest(planes: Mapping[int, int], needed: int) -> int:
    enough = [scale for scale, long_side in planes.items() if long_side >= needed]
    return min(enough or planes, key=lambda scale: planes[scale] if enough else -planes[scale])


def fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Shrink `size` until its long side is `side`: integers, half up, at least one pixel, never enlarged."""
    width, height = size
    long_side = max(size)
    if long_side <= side:
        return size
    return _scaled(width, side, long_side), _scaled(height, side, long_side)


def fitted_into(size: tuple[int, int], width: int, height: int) -> tuple[int, int]:
    """Shrink `size` until it fits into `width`×`height`, by the same rules."""
    across = size[0] * height >= size[1] * width  # the width is what has to give
    limit, side = (width, size[0]) if across else (height, size[1])
    if side <= limit:
        return size
    return _scaled(size[0], limit, side), _scaled(size[1], limit, side)


def _scaled(length: int, side: int, long_side: int) -> int:
    return max((2 * length * side + long_side) // (2 * long_side), 1)


def hot_pixels(plane: Plane, size: tuple[int, int], orientation: int) -> Image.Image:
    """Make the hotpreview's pixels of a decoded plane; `size` is the source's, as stored."""
    pixels, reach_x, reach_y = to_working_mode(plane.image), plane.width, plane.height
    box = max(pixels.size) // BOX_SIDE
    if box > 1:
        pixels, reach_x, reach_y = pixels.reduce(box), reach_x / box, reach_y / box
    width, height = fitted(size, HOT_SIDE)
    # Across and down in two calls: one call for both gives other bytes in other releases of Pillow.
    pixels = pixels.resize((width, pixels.height), _HOT_FILTER, box=(0, 0, reach_x, pixels.height))
    pixels = pixels.resize((width, height), _HOT_FILTER, box=(0, 0, width, reach_y))
    return turned(to_srgb(pixels, plane.image.info.get("icc_profile")), orientation)


def cold_pixels(plane: Plane, target: tuple[int, int], orientation: int) -> Image.Image:
    """Make a coldpreview's pixels, of the size `target` before they are turned; no byte of them enters the hothash."""
    pixels = to_working_mode(plane.image)
    if target != pixels.size:
        chosen = _COLD_FILTER if plane.width >= _LITTLE * target[0] else _COLD_FILTER_FOR_LITTLE
        pixels = pixels.resize(target, chosen, box=(0, 0, plane.width, plane.height))
    return turned(to_srgb(pixels, plane.image.info.get("icc_profile")), orientation)


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """Apply EXIF's orientation; a number that it does not know changes nothing."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def displayed(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Return the size after `orientation` is applied."""
    return (size[1], size[0]) if orientation in {5, 6, 7, 8} else size


def encode_jpeg(pixels: Image.Image) -> bytes:
    """Write a baseline JPEG with standard tables, 4:2:0, and nothing in it but the JFIF header."""
    pixels.info = {}  # whatever it holds, an encoder might write
    file = io.BytesIO()
    pixels.save(file, "JPEG", quality=JPEG_QUALITY, subsampling="4:2:0", optimize=False, progressive=False)
    return file.getvalue()


def encode_bmp(pixels: Image.Image) -> bytes:
    """Write the pixels as they are: 24 bits each, rows from the bottom."""
    file = io.BytesIO()
    pixels.convert("RGB").save(file, "BMP")
    return file.getvalue()
