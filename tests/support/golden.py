"""`python -m tests.support.golden`: makes the golden vectors that are not there yet.

It never touches one that is: a vector that changes is another recipe.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict

from PIL import Image, ImageCms

from core_service.golden import EXPECTED, FOLDER, cook
from tests.support.dng import dng
from tests.support.photos import camera_exif, camera_jpeg, encode, packed_jpeg, scene
from tests.support.png import sixteen_bit
from tests.support.profiles import adobe_rgb, cmyk_press, display_p3, grey_gamma


def images() -> Iterator[tuple[str, bytes]]:
    """Yield the file name and content of every vector."""
    yield from _jpegs()
    yield from _jpeg_sizes()
    yield from _pngs()
    yield from _tiffs()
    yield from _others()


def _jpegs() -> Iterator[tuple[str, bytes]]:
    photo = scene(320, 240)
    yield "jpeg-420.jpg", encode(photo, "JPEG", quality=75)
    yield "jpeg-422.jpg", encode(photo, "JPEG", quality=75, subsampling="4:2:2")
    yield "jpeg-444.jpg", encode(photo, "JPEG", quality=75, subsampling="4:4:4")
    yield "jpeg-progressive.jpg", encode(photo, "JPEG", quality=75, progressive=True)
    yield "jpeg-restarts.jpg", encode(photo, "JPEG", quality=75, restart_marker_rows=2)
    yield "jpeg-grey.jpg", encode(photo.convert("L"), "JPEG", quality=75)
    yield "jpeg-grey-profile.jpg", encode(photo.convert("L"), "JPEG", quality=75, icc_profile=grey_gamma())
    yield "jpeg-cmyk.jpg", encode(photo.convert("CMYK"), "JPEG", quality=75)
    yield "jpeg-cmyk-profile.jpg", encode(photo.convert("CMYK"), "JPEG", quality=75, icc_profile=cmyk_press())
    yield "jpeg-display-p3.jpg", encode(photo, "JPEG", quality=75, icc_profile=display_p3())
    yield "jpeg-adobe-rgb.jpg", encode(photo, "JPEG", quality=75, icc_profile=adobe_rgb())
    yield "jpeg-srgb.jpg", encode(photo, "JPEG", quality=75, icc_profile=_srgb())
    yield "jpeg-broken-profile.jpg", encode(photo, "JPEG", quality=75, icc_profile=b"no profile at all")
    yield "jpeg-trailing.jpg", encode(photo, "JPEG", quality=75) + b"and then a film" * 20
    for orientation in range(1, 9):
        exif = camera_exif(orientation=orientation, place=None)
        yield f"jpeg-orientation-{orientation}.jpg", camera_jpeg(width=200, height=140, quality=70, exif=exif)


def _jpeg_sizes() -> Iterator[tuple[str, bytes]]:
    """Sizes on both sides of every threshold of the recipe."""
    for width, height in (
        (4, 4), (149, 7), (150, 150), (151, 149), (299, 31), (300, 200), (599, 61), (600, 60), (601, 60), (899, 50),
        (900, 50), (1200, 44), (2399, 20), (2400, 20), (3839, 16), (3840, 16), (7679, 16), (7680, 16), (15360, 8),
        (15360, 4), (37, 3840),
    ):  # fmt: skip
        yield f"jpeg-{width}x{height}.jpg", encode(scene(width, height), "JPEG", quality=60)


def _pngs() -> Iterator[tuple[str, bytes]]:
    photo = scene(200, 150)
    alpha = photo.copy()
    alpha.putalpha(Image.radial_gradient("L").resize(photo.size))
    yield "png-rgb.png", encode(photo, "PNG")
    yield "png-rgba.png", encode(alpha, "PNG")
    yield "png-grey.png", encode(photo.convert("L"), "PNG")
    yield "png-grey-alpha.png", encode(alpha.convert("LA"), "PNG")
    yield "png-palette.png", encode(photo.quantize(64), "PNG")
    yield "png-palette-transparent.png", encode(photo.quantize(64), "PNG", transparency=3)
    poster = photo.quantize(8).convert("RGB")
    yield "png-rgb-transparent.png", encode(poster, "PNG", transparency=poster.getpixel((10, 10)))
    yield "png-1bit.png", encode(photo.convert("1"), "PNG")
    yield "png-grey-16bit.png", encode(_grey_16(photo), "PNG")
    yield "png-rgb-16bit.png", sixteen_bit(scene(120, 90))
    yield "png-display-p3.png", encode(photo, "PNG", icc_profile=display_p3())
    yield "png-1000x20.png", encode(scene(1000, 20), "PNG")


def _tiffs() -> Iterator[tuple[str, bytes]]:
    photo = scene(120, 90)
    yield "tiff-rgb-lzw.tif", encode(photo, "TIFF", compression="tiff_lzw")
    yield "tiff-rgb-jpeg.tif", encode(photo, "TIFF", compression="jpeg")
    yield "tiff-cmyk.tif", encode(photo.convert("CMYK"), "TIFF", compression="tiff_deflate")
    yield "tiff-grey-16bit.tif", encode(_grey_16(photo), "TIFF")
    yield "tiff-int32.tif", encode(photo.convert("L").convert("I").point(lambda level: level * 200), "TIFF")
    yield "tiff-float.tif", encode(photo.convert("L").convert("F").point(lambda level: level / 255), "TIFF")
    yield "tiff-lab.tif", encode(_lab(photo), "TIFF", compression="tiff_deflate")
    yield "tiff-orientation-6.tif", encode(photo, "TIFF", compression="tiff_deflate", tiffinfo={274: 6})


def _others() -> Iterator[tuple[str, bytes]]:
    photo = scene(200, 150)
    alpha = photo.copy()
    alpha.putalpha(Image.radial_gradient("L").resize(photo.size))
    yield "webp-lossy.webp", encode(photo, "WEBP", quality=70)
    yield "webp-lossless-alpha.webp", encode(alpha, "WEBP", lossless=True)
    yield "gif-palette.gif", encode(photo, "GIF")
    cut_out = photo.copy()
    cut_out.putalpha(alpha.getchannel("A").point(lambda level: 255 * (level > 90)))
    yield "gif-transparent.gif", encode(cut_out, "GIF")
    yield "bmp-rgb.bmp", encode(scene(60, 45), "BMP")
    yield "avif.avif", encode(photo, "AVIF", quality=60)
    yield "heif.heic", encode(photo, "HEIF", quality=60)
    yield (
        "heif-tiles-turned.heic",
        encode(
            photo,
            "HEIF",
            quality=60,
            tile_size=128,
            exif=camera_exif(orientation=6, place=None),
            icc_profile=display_p3(),
        ),
    )
    yield "jxl-lossless-grey.jxl", encode(photo.convert("L"), "JXL", lossless=True)
    yield "jxl-of-a-jpeg.jxl", packed_jpeg(encode(photo, "JPEG", quality=75))
    yield "jpeg-2000-lossless.jp2", encode(scene(120, 90), "JPEG2000", irreversible=False)
    yield "dng-embedded.dng", dng(scene(64, 48), preview=encode(scene(64, 48), "JPEG"), preview_size=(64, 48))


def _grey_16(photo: Image.Image) -> Image.Image:
    grey = photo.convert("L").tobytes()
    return Image.frombytes("I;16", photo.size, bytes(part for level in grey for part in (200, level)))


def _lab(photo: Image.Image) -> Image.Image:
    return ImageCms.profileToProfile(photo, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), 1, "LAB")


def _srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def main() -> None:
    """Write what is missing."""
    known = json.loads(EXPECTED.read_text()) if EXPECTED.exists() else {}
    for name, content in images():
        path = FOLDER / name
        if name not in known and not path.exists():
            path.write_bytes(content)
            known[name] = asdict(cook(content))
    EXPECTED.write_text(json.dumps(dict(sorted(known.items())), indent=1) + "\n")


if __name__ == "__main__":
    main()
