"""HEIF and HEIC, as phones write them: read by libheif, which assembles and turns the picture itself."""

from typing import Any, Final

from core_service.formats.boxes import brands, refuse_if_cut_off
from core_service.formats.optional import load
from core_service.picture import Data, DecodeLimits, WholePicture, as_file

_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}


def is_heif(data: Data) -> bool:
    """Tell HEIF by the brands of the file; one that is AVIF too has been recognised before."""
    return not _BRANDS.isdisjoint(brands(data))


def open_heif(data: Data, _limits: DecodeLimits) -> WholePicture:
    """Read the boxes of the primary image; its rotation and mirroring are the decoder's work."""
    refuse_if_cut_off(data, "HEIF")
    library: Any = load("pillow_heif", "pillow-heif")
    library.options.DECODE_THREADS = 1  # one image, one core
    library.options.THUMBNAILS = library.options.DEPTH_IMAGES = library.options.AUX_IMAGES = False
    file = library.open_heif(as_file(data), convert_hdr_to_8bit=True)
    primary = file[file.primary_index]
    return WholePicture(primary.size, 1, primary.to_pillow)
