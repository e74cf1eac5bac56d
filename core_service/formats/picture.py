"""What every format's reader hands over: a picture whose header is read and whose pixels are not."""

import io
import mmap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final, Protocol, cast

from PIL import Image

Data = bytes | mmap.mmap
"""A whole file in memory."""

WHOLE: Final = (1,)


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """What one image may ask of the machine before it is refused."""

    max_pixels: int
    max_scans: int


class Picture(Protocol):
    """An image file that has been opened and not yet decoded."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as stored, before `orientation` is applied."""

    @property
    def orientation(self) -> int | None:
        """What is left to apply (EXIF's 1…8); None where only EXIF can tell."""

    @property
    def icc_profile(self) -> bytes | None:
        """The colour profile of the pixels."""

    @property
    def divisors(self) -> Sequence[int]:
        """The fractions of the size that can be decoded: 8 means an eighth of each side."""

    def plane(self, divisor: int) -> Image.Image:
        """Decode at one of `divisors`. A decoder's error is raised as it comes; there is no partial picture."""


def as_file(data: Data) -> BinaryIO:
    """View `data` as a file at its beginning, without copying it."""
    if isinstance(data, bytes):
        return io.BytesIO(data)
    data.seek(0)
    return cast("BinaryIO", data)  # an mmap has all of a file that decoders use
