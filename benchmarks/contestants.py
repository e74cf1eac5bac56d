"""`python -m benchmarks.contestants NAME`: one way of making previews, in a process of its own.

Reads paths from standard input, one a line; makes the previews of each and prints the CPU milliseconds that it took.
"""

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PIL import Image, JpegImagePlugin

from core_service.picture import DecodeLimits
from core_service.pipeline import Order, lay_egg
from core_service.stages import Stages

_LIMITS: Final = DecodeLimits(max_pixels=250_000_000, max_scans=100)
_FILTER: Final = Image.Resampling.LANCZOS


def floor(image: bytes) -> None:
    """Decode a JPEG to grey at an eighth: nearly nothing but reading its entropy code, which nobody can avoid."""
    picture = JpegImagePlugin.JpegImageFile(io.BytesIO(image))
    picture.draft("L", (picture.width // 8, picture.height // 8))
    picture.decodermaxblock = 1 << 20
    picture.load()


def hot(image: bytes) -> None:
    """Our whole pipeline without a coldpreview: previews, metadata, digests."""
    lay_egg(image, Order("photo.jpg"), _LIMITS, Stages())


def cold(image: bytes) -> None:
    """Our whole pipeline with a coldpreview of 1920."""
    lay_egg(image, Order("photo.jpg", 1920), _LIMITS, Stages())


def naive_hot(image: bytes) -> None:
    """What one writes first: decode all, copy, thumbnail."""
    _naive(image, (150,))


def naive_cold(image: bytes) -> None:
    """The same with a coldpreview."""
    _naive(image, (150, 1920))


def _naive(image: bytes, sides: tuple[int, ...]) -> None:
    picture = Image.open(io.BytesIO(image)).convert("RGB")
    for side in sides:
        preview = picture.copy()
        preview.thumbnail((side, side), _FILTER)
        preview.save(io.BytesIO(), "JPEG", quality=85)


def vips_hot(image: bytes) -> None:
    """libvips through pyvips."""
    _vips(image, (150,))


def vips_cold(image: bytes) -> None:
    """The same with a coldpreview: a second decode."""
    _vips(image, (150, 1920))


def _vips(image: bytes, sides: tuple[int, ...]) -> None:
    import pyvips  # noqa: PLC0415  # only this contestant needs it

    for side in sides:
        pyvips.Image.thumbnail_buffer(image, side, height=side).jpegsave_buffer(Q=85)


CONTESTANTS: Final[dict[str, Callable[[bytes], Any]]] = {
    made.__name__: made for made in (floor, hot, cold, naive_hot, naive_cold, vips_hot, vips_cold)
}


def main() -> None:
    """Work for whoever writes to our standard input."""
    contestant = CONTESTANTS[sys.argv[1]]
    for line in sys.stdin:
        image = Path(line.strip()).read_bytes()
        started = time.process_time()
        contestant(image)
        print((time.process_time() - started) * 1000, flush=True)


if __name__ == "__main__":
    main()
