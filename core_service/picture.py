"""What every format's reader hands over: a picture whose header is read and whose pixels are not."""

import io
import mmap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Protocol, cast

from PIL import Image

from core_service.errors import TooManyPixelsError


class MappedFile(mmap.mmap):
    """An upload where it lies; `path` is its name for libraries that open files themselves."""

    path: str


Data = bytes | MappedFile
"""A whole image file in memory."""


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """What one image may ask of the machine before it is refused."""

    max_pixels: int
    max_scans: int


@dataclass(frozen=True, slots=True)
class Plane:
    """Decoded pixels, and how far the picture reaches into them: a decoder of fractions rounds its last pixel up."""

    image: Image.Image
    width: float
    height: float


class Picture(Protocol):
    """An image file that has been opened and not yet decoded."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as stored, before `orientation` is applied."""

    @property
    def orientation(self) -> int | None:
        """What is left to apply (EXIF's 1…8); None where only EXIF can tell."""

    @property
    def planes(self) -> Mapping[int, int]:
        """What can be decoded: the long side in pixels by the number that `plane` takes."""

    def plane(self, scale: int) -> Plane:
        """Decode one of `planes`; its colour profile is in its `info`.

        A decoder's error is raised as it comes; there is no partial picture.
        """


@dataclass(frozen=True, slots=True)
class WholePicture:
    """A picture of a format that is decoded whole or not at all."""

    size: tuple[int, int]
    orientation: int | None
    decode: Callable[[], Image.Image]

    @property
    def planes(self) -> Mapping[int, int]:
        """The one there is."""
        return {1: max(self.size)}

    def plane(self, scale: int) -> Plane:  # there is one
        """Decode."""
        image = self.decode()
        return Plane(image, image.width, image.height)


def as_file(data: Data) -> BinaryIO:
    """View `data` as a file at its beginning, without copying it."""
    if isinstance(data, bytes):
        return io.BytesIO(data)
    data.seek(0)
    return cast("BinaryIO", data)  # an mmap has all of a file that decoders use


def refuse_oversize(size: tuple[int, int], limits: DecodeLimits) -> None:
    """Raise when the header promises more pixels than are decoded."""
    width, height = size
    if width * height > limits.max_pixels:
        raise TooManyPixelsError(
            f"The image is {width}×{height} = {width * height} pixels; at most {limits.max_pixels} are decoded."
        )
