"""The formats that Pillow reads by itself. Only the plugin that the content asks for ever sees the file."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    ExifTags,
    GifImagePlugin,
    Image,
    ImageFile,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from core_service.formats.picture import WHOLE, Data, DecodeLimits, as_file


@dataclass(frozen=True, slots=True)
class PillowPicture:
    """A file that one of Pillow's plugins has opened. Of several frames or pages, the first is the picture."""

    image: ImageFile.ImageFile
    orientation: int | None = None
    divisors: tuple[int, ...] = WHOLE

    @property
    def size(self) -> tuple[int, int]:
        """As the header says."""
        return self.image.size

    @property
    def icc_profile(self) -> bytes | None:
        """As embedded."""
        return self.image.info.get("icc_profile")

    def plane(self, divisor: int) -> Image.Image:  # these decoders know no fractions
        """Decode; the second call returns the same pixels."""
        self.image.load()
        return self.image


def _open_with(plugin: Callable[..., ImageFile.ImageFile]) -> Callable[[Data, DecodeLimits], PillowPicture]:
    def open_picture(data: Data, _limits: DecodeLimits) -> PillowPicture:
        return PillowPicture(plugin(as_file(data)))

    return open_picture


open_png = _open_with(PngImagePlugin.PngImageFile)
open_gif = _open_with(GifImagePlugin.GifImageFile)
open_bmp = _open_with(BmpImagePlugin.BmpImageFile)
open_webp = _open_with(WebPImagePlugin.WebPImageFile)


def open_tiff(data: Data, _limits: DecodeLimits) -> PillowPicture:
    """Pillow turns a TIFF upright while decoding, and tells its size as displayed."""
    return PillowPicture(TiffImagePlugin.TiffImageFile(as_file(data)), orientation=1)


def open_avif(data: Data, _limits: DecodeLimits) -> PillowPicture:
    """An AVIF is turned by its container; Pillow tells that turn as EXIF's number and leaves it to us."""
    image = AvifImagePlugin.AvifImageFile(as_file(data))
    turn = image.getexif().get(ExifTags.Base.Orientation, 1) if "exif" in image.info else 1
    return PillowPicture(image, orientation=turn)
