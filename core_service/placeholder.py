"""A blur of some 25 bytes to show while the real preview is on its way: the ThumbHash format, opaque form.

Brightness and two colour differences, each as the lowest frequencies of its cosine transform, four bits a frequency.
"""

import base64
import math
from collections.abc import Sequence
from operator import mul
from typing import Final

from PIL import Image

from core_service.previews import fitted

_SIDE: Final = 16  # the highest frequency has six half waves: finer detail would be thrown away again
_WAVES: Final = 7
_COLOUR_WAVES: Final = 3

Plane = Sequence[Sequence[float]]


def placeholder(upright: Image.Image) -> str:
    """Return the ThumbHash of `upright` in standard base64."""
    small = upright.resize(fitted(upright.size, _SIDE), Image.Resampling.BOX)
    width, height = small.size
    levels = [[level / 255 for level in band.tobytes()] for band in small.split()]
    red, green, blue = levels
    landscape = width > height
    waves = [max(_half_up(_WAVES * side / max(small.size)), 1) for side in small.size]
    brightness = [(r + g + b) / 3 for r, g, b in zip(red, green, blue, strict=True)]
    yellow_blue = [(r + g) / 2 - b for r, g, b in zip(red, green, blue, strict=True)]
    red_green = [r - g for r, g in zip(red, green, strict=True)]
    light = _Channel(brightness, width, height, max(waves[0], 3), max(waves[1], 3))
    yellow = _Channel(yellow_blue, width, height, _COLOUR_WAVES, _COLOUR_WAVES)
    reddish = _Channel(red_green, width, height, _COLOUR_WAVES, _COLOUR_WAVES)
    head = (
        _half_up(63 * light.mean)
        | _half_up(31.5 + 31.5 * yellow.mean) << 6
        | _half_up(31.5 + 31.5 * reddish.mean) << 12
        | _half_up(31 * light.scale) << 18
    )
    tail = (
        (waves[1] if landscape else waves[0])
        | _half_up(63 * yellow.scale) << 3
        | _half_up(63 * reddish.scale) << 9
        | landscape << 15
    )
    nibbles = [nibble for channel in (light, yellow, reddish) for nibble in channel.nibbles]
    pairs = zip(nibbles[::2], [*nibbles[1::2], 0], strict=False)
    packed = head.to_bytes(3, "little") + tail.to_bytes(2, "little") + bytes(low | high << 4 for low, high in pairs)
    return base64.b64encode(packed).decode()


class _Channel:
    """One channel's lowest frequencies: its mean, and the others relative to the strongest."""

    def __init__(self, values: Sequence[float], width: int, height: int, across: int, down: int) -> None:
        rows = [values[start : start + width] for start in range(0, width * height, width)]
        lines = [[sum(map(mul, wave, row)) for row in rows] for wave in _waves(across, width)]
        factors = [
            sum(map(mul, wave, lines[x])) / (width * height)
            for y, wave in enumerate(_waves(down, height))
            for x in range(across)
            if x * down < across * (down - y)
        ]
        self.mean = factors[0]
        self.scale = max(map(abs, factors[1:]))
        self.nibbles = [_half_up(15 * (0.5 + 0.5 * factor / self.scale)) if self.scale else 0 for factor in factors[1:]]


def _waves(count: int, length: int) -> Plane:
    return [[math.cos(math.pi / length * wave * (at + 0.5)) for at in range(length)] for wave in range(count)]


def _half_up(value: float) -> int:
    return int(value + 0.5)
