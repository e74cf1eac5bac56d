"""Small files of every format and of EXIF, from which the fuzzer sets out."""

from core_service.golden import FOLDER
from tests.support.dng import dng
from tests.support.photos import camera_exif, camera_jpeg, encode, packed_jpeg, scene
from tests.support.profiles import adobe_rgb, cmyk_press


def samples() -> dict[str, bytes]:
    """Return the files by what they are."""
    photo = scene(96, 64)
    exif = camera_exif(orientation=6)
    made = {
        "jpeg exif": camera_jpeg(width=96, height=64),
        "jpeg progressive profile": encode(photo, "JPEG", progressive=True, icc_profile=adobe_rgb()),
        "jpeg cmyk profile": encode(photo.convert("CMYK"), "JPEG", icc_profile=cmyk_press()),
        "png exif": encode(photo, "PNG", exif=exif),
        "png palette": encode(photo.quantize(16), "PNG", transparency=3),
        "webp exif": encode(photo, "WEBP", exif=exif),
        "webp animated": encode(photo, "WEBP", save_all=True, append_images=[photo.rotate(180)]),
        "tiff exif": encode(photo, "TIFF", exif=exif),
        "tiff lzw": encode(photo, "TIFF", compression="tiff_lzw"),
        "tiff jpeg": encode(photo, "TIFF", compression="jpeg"),
        "gif": encode(photo, "GIF"),
        "bmp": encode(photo, "BMP"),
        "avif exif": encode(photo, "AVIF", exif=exif),
        "heif exif": encode(photo, "HEIF", exif=exif),
        "heif tiles": encode(scene(160, 120), "HEIF", tile_size=64),
        "jxl": encode(photo, "JXL", exif=exif),
        "jxl of a jpeg": packed_jpeg(camera_jpeg(width=96, height=64)),
        "jpeg 2000": encode(photo, "JPEG2000"),
        "dng": dng(photo),
        "dng embedded": dng(photo, preview=camera_jpeg(width=96, height=64), preview_size=photo.size),
        "nef": dng(photo, make="NIKON CORPORATION", version=False),
    }
    golden = ("png-grey-16bit.png", "tiff-lab.tif", "tiff-float.tif", "png-rgb-16bit.png")
    return made | {name: (FOLDER / name).read_bytes() for name in golden}
