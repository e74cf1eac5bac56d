"""What a photo looks like in 64 bits: a hash that re-encoding and resizing change in a few bits only.

The luma of the hotpreview at 32×32, its cosine transform, the 8×8 lowest frequencies, each compared with the median of
all but the mean: the algorithm known as pHash, described in docs/hothash.md.
"""

import math
from operator import mul
from typing import Final

from PIL import Image

_SIDE: Final = 32
_FREQUENCIES: Final = 8
_BASIS: Final = tuple(
    tuple(math.cos(math.pi * frequency * (2 * at + 1) / (2 * _SIDE)) for at in range(_SIDE))
    for frequency in range(_FREQUENCIES)
)


def perceptual_hash(upright: Image.Image) -> str:
    """Return the hash as 16 hexadecimal digits, lowest frequencies first."""
    luma = upright.convert("L").resize((_SIDE, _SIDE), Image.Resampling.BOX).tobytes()
    rows = [luma[start : start + _SIDE] for start in range(0, _SIDE * _SIDE, _SIDE)]
    across = [[sum(map(mul, wave, row)) for row in rows] for wave in _BASIS]
    # Rounded, so that a wall of one colour has no detail instead of the noise of floating-point sums.
    coefficients = [round(sum(map(mul, wave, column)), 3) for wave in _BASIS for column in across]
    ranked = sorted(coefficients[1:])  # the mean brightness says nothing about the picture
    median = ranked[len(ranked) // 2]
    bits = sum(1 << (63 - place) for place, value in enumerate(coefficients) if value > median)
    return f"{bits:016x}"


def distance(one: str, other: str) -> int:
    """Count the bits in which two hashes differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
