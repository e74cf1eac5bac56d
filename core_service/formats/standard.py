"""The formats that Pillow reads by itself. Only the plugin that the content asks for ever sees the file.

Of several frames or pages, the first is the picture.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    ExifTags,
    GifImagePlugin,
    Image,
    ImageFile,
    Jpeg2KImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from core_service.errors import RefusedImageError
from core_service.formats.boxes import brands, refuse_if_cut_off
from core_service.formats.tiffkind import most_pieces
from core_service.picture import Data, DecodeLimits, WholePicture, as_file

_PHOTOMETRIC, _WHITE_IS_ZERO = 262, 0
_COMPLEMENT: Final = bytes(range(255, -1, -1))
_MAX_PIECES: Final = 200_000  # a strip for each row of three planes of the tallest scan; Pillow would list millions


def _picture(image: ImageFile.ImageFile, orientation: int | None = None) -> WholePicture:
    def decode() -> Image.Image:
        image.load()  # does nothing the second time
        return image

    return WholePicture(image.size, orientation, decode)


def _open_with(plugin: Callable[..., ImageFile.ImageFile]) -> Callable[[Data, DecodeLimits], WholePicture]:
    def open_picture(data: Data, _limits: DecodeLimits) -> WholePicture:
        return _picture(plugin(as_file(data)))

    return open_picture


open_png = _open_with(PngImagePlugin.PngImageFile)
open_gif = _open_with(GifImagePlugin.GifImageFile)
open_bmp = _open_with(BmpImagePlugin.BmpImageFile)
open_jpeg_2000 = _open_with(Jpeg2KImagePlugin.Jpeg2KImageFile)
open_webp = _open_with(WebPImagePlugin.WebPImageFile)


def open_tiff(data: Data, _limits: DecodeLimits) -> WholePicture:
    """Pillow turns a TIFF upright while decoding, and tells its size as displayed."""
    if (pieces := most_pieces(data)) > _MAX_PIECES:
        raise RefusedImageError(f"The TIFF is cut into {pieces} pieces; at most {_MAX_PIECES} are put together.")
    image = TiffImagePlugin.TiffImageFile(as_file(data))
    picture = _picture(image, orientation=1)
    if image.mode.startswith("I;16") and image.tag_v2.get(_PHOTOMETRIC) == _WHITE_IS_ZERO:
        return replace(picture, decode=lambda: _negative(picture.decode()))  # Pillow turns those of 8 bit only
    return picture


def _negative(image: Image.Image) -> Image.Image:
    """Invert 16-bit grey: the complement of a number is that of each of its bytes."""
    return Image.frombytes(image.mode, image.size, image.tobytes().translate(_COMPLEMENT))


def open_avif(data: Data, _limits: DecodeLimits) -> WholePicture:
    """An AVIF is turned by its container; Pillow tells that turn as EXIF's number and leaves it to us."""
    refuse_if_cut_off(data, "AVIF")
    image = AvifImagePlugin.AvifImageFile(as_file(data))
    turn = image.getexif().get(ExifTags.Base.Orientation, 1) if "exif" in image.info else 1
    return _picture(image, turn)


def is_avif(data: Data) -> bool:
    """Tell AVIF by the brands of the file."""
    return not brands(data).isdisjoint({b"avif", b"avis"})
