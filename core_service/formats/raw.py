"""RAW, as cameras write it: the camera's own picture when it is large enough, else developed by LibRaw.

Sizes are those of the RAW's visible area, whatever the size of the picture inside.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, Final

from PIL import Image

from core_service.errors import RefusedImageError, TooManyScansError
from core_service.formats.jpeg import JpegPicture, open_jpeg
from core_service.formats.optional import load
from core_service.formats.tiffkind import raw_kind
from core_service.picture import Data, DecodeLimits, MappedFile, Plane, refuse_oversize
from core_service.previews import CANONICAL_SIDE

_SHAPE_TOLERANCE: Final = 0.02
_ORIENTATION_OF_FLIP: Final = {0: 1, 1: 2, 2: 4, 3: 3, 4: 5, 5: 8, 6: 6, 7: 7}
_WHOLE, _HALF = -1, -2  # planes that LibRaw develops; those above zero are the embedded JPEG's


@dataclass(frozen=True, slots=True)
class RawPicture:
    """A RAW file, opened by LibRaw and not yet developed."""

    raw: Any
    size: tuple[int, int]
    orientation: int | None
    embedded: JpegPicture | None

    @property
    def planes(self) -> Mapping[int, int]:
        """The embedded picture's, and what LibRaw can develop beyond those."""
        long_side = max(self.size)
        planes = dict(self.embedded.planes) if self.embedded else {}
        embedded_side = max(planes.values(), default=0)
        if self._can_halve and long_side // 2 > embedded_side:
            planes[_HALF] = long_side // 2
        if long_side > embedded_side and not _nearly(embedded_side, long_side):
            planes[_WHOLE] = long_side
        return planes

    @property
    def _can_halve(self) -> bool:
        try:
            pattern = self.raw.raw_pattern
        except NotImplementedError:  # a filter that rawpy has no name for
            return False
        # A Bayer sensor has every colour in each 2×2; X-Trans and Foveon have not.
        return pattern is not None and pattern.shape == (2, 2)

    def plane(self, scale: int) -> Plane:
        """Decode the embedded picture, or develop."""
        if scale > 0 and self.embedded:
            return self.embedded.plane(scale)
        pixels = self.raw.postprocess(half_size=scale == _HALF, use_camera_wb=True, user_flip=0, output_bps=8)
        image = Image.fromarray(pixels)
        return Plane(image, image.width, image.height)


def open_raw(data: Data, limits: DecodeLimits) -> RawPicture:
    """Read the header and find the picture that the camera itself made of it."""
    raw = _opened(data)
    sizes = raw.sizes
    refuse_oversize((sizes.raw_width, sizes.raw_height), limits)
    orientation = _ORIENTATION_OF_FLIP.get(sizes.flip, 1)
    picture = RawPicture(raw, (sizes.width, sizes.height), orientation, None)
    return replace(picture, embedded=_embedded(raw, picture.size, limits))


def _opened(data: Data) -> Any:
    library = load("rawpy", "rawpy")
    raw = library.RawPy()
    try:
        if isinstance(data, MappedFile):
            raw.open_file(data.path)  # reads what it needs where the upload lies, instead of copying it all
        else:
            raw.open_buffer(BytesIO(data))
    except library.LibRawFileUnsupportedError as error:
        raise RefusedImageError("LibRaw does not know this camera's RAW format.") from error
    return raw


def _embedded(raw: Any, size: tuple[int, int], limits: DecodeLimits) -> JpegPicture | None:
    """Return the largest JPEG inside, if it is the whole picture and large enough to be taken for it."""
    library = load("rawpy", "rawpy")
    try:
        found = raw.extract_thumb()
    except (library.LibRawNoThumbnailError, library.LibRawUnsupportedThumbnailError):
        return None
    if found.format != library.ThumbFormat.JPEG:
        return None
    try:
        jpeg = open_jpeg(found.data, limits)
    except (OSError, SyntaxError, TooManyScansError):
        return None
    (width, height), (raw_width, raw_height) = jpeg.size, size
    same_shape = abs(width * raw_height / (height * raw_width) - 1) <= _SHAPE_TOLERANCE
    enough = max(jpeg.size) >= min(CANONICAL_SIDE, max(size))
    return jpeg if same_shape and enough else None


def _nearly(side: int, whole: int) -> bool:
    """An embedded picture lacks a few rows that the sensor has; developing would add nothing to it."""
    return abs(side - whole) <= _SHAPE_TOLERANCE * whole


def is_raw(kind: str) -> Callable[[Data], bool]:
    """Make the test for one of the RAW formats that look like a TIFF."""
    return lambda data: raw_kind(data) == kind
