"""Every format, in every kind of pixels that it can hold, becomes an egg that looks like the photo."""

import base64
import io
import struct
import subprocess
import sys
from collections.abc import Callable

import pillow_heif
import pytest
from PIL import Image, ImageChops, ImageStat

from core_service.colours import to_working_mode
from core_service.formats import FORMATS, recognise
from core_service.pipeline import Order, lay_egg
from core_service.previews import turned
from core_service.stages import Stages
from shared_schemas.photoegg import PhotoEgg
from tests.support.core import ROOMY
from tests.support.dng import dng
from tests.support.photos import camera_exif, camera_jpeg, encode, packed_jpeg, scene
from tests.support.png import sixteen_bit
from tests.support.processes import ROOT, clean_environment
from tests.support.profiles import adobe_rgb, cmyk_press, display_p3, grey_gamma

PHOTO = scene(640, 480)
GREY = PHOTO.convert("L")


def _lay(image: bytes, cold_side: int | None = None) -> PhotoEgg:
    return lay_egg(image, Order("photo", cold_side), ROOMY, Stages())


def _hot(egg: PhotoEgg) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(egg.hotpreview_base64)))


def _difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference a channel, in levels of 255."""
    assert one.size == other.size
    bands = ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean
    return sum(bands) / len(bands)


def _looks_like(photo: Image.Image, egg: PhotoEgg, tolerance: float = 6) -> bool:
    wanted = photo.convert("RGB").resize(_hot(egg).size, Image.Resampling.LANCZOS)
    return _difference(_hot(egg), wanted) < tolerance


def _sixteen(image: Image.Image) -> Image.Image:
    return Image.frombytes("I;16", image.size, bytes(part for level in image.tobytes() for part in (77, level)))


def _tiff_16(order: str, *, white_is_zero: bool = False) -> bytes:
    """A TIFF of 16-bit grey as scanners write it: in either byte order, and some with white as zero."""
    levels = GREY.point(lambda level: 255 - level).tobytes() if white_is_zero else GREY.tobytes()
    pixels = bytes(part for level in levels for part in ((level, 77) if order == ">" else (77, level)))
    tags = {256: GREY.width, 257: GREY.height, 258: 16, 259: 1, 262: int(not white_is_zero), 277: 1, 278: GREY.height}
    entries = {tag: struct.pack(order + "HHIHxx", tag, 3, 1, value) for tag, value in tags.items()}
    entries[273] = struct.pack(order + "HHII", 273, 4, 1, 8)
    entries[279] = struct.pack(order + "HHII", 279, 4, 1, len(pixels))
    directory = b"".join(entry for _, entry in sorted(entries.items()))
    head = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(order + "I", 8 + len(pixels))
    return head + pixels + struct.pack(order + "H", len(entries)) + directory + b"\0\0\0\0"


def _deep_heif() -> bytes:
    """A HEIF of 10 bit a channel, as phones write HDR."""
    pixels = bytes(part for level in PHOTO.tobytes() for part in (77, level))
    file = io.BytesIO()
    pillow_heif.from_bytes(mode="RGB;16", size=PHOTO.size, data=pixels).save(file, quality=90)
    return file.getvalue()


def _second_of_two() -> bytes:
    """A HEIF whose primary image is not its first."""
    images = pillow_heif.from_pillow(scene(100, 80, seed=2))
    images.add_from_pillow(PHOTO)
    file = io.BytesIO()
    images.save(file, quality=90, primary_index=1)
    return file.getvalue()


RGB: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: encode(PHOTO, "JPEG", quality=92),
    "JPEG progressive": lambda: encode(PHOTO, "JPEG", quality=92, progressive=True),
    "JPEG 4:4:4": lambda: encode(PHOTO, "JPEG", quality=92, subsampling="4:4:4"),
    "JPEG CMYK": lambda: encode(PHOTO.convert("CMYK"), "JPEG", quality=92),
    "JPEG MPO": lambda: encode(PHOTO, "MPO", quality=92, save_all=True, append_images=[GREY.convert("RGB")]),
    "PNG": lambda: encode(PHOTO, "PNG"),
    "PNG opaque alpha": lambda: encode(PHOTO.convert("RGBA"), "PNG"),
    "PNG palette": lambda: encode(PHOTO.quantize(256), "PNG"),
    "PNG 16 bit": lambda: sixteen_bit(PHOTO),
    "PNG animated": lambda: encode(PHOTO, "PNG", save_all=True, append_images=[GREY.convert("RGB")]),
    "WEBP": lambda: encode(PHOTO, "WEBP", quality=90),
    "WEBP lossless": lambda: encode(PHOTO, "WEBP", lossless=True),
    "WEBP alpha": lambda: encode(PHOTO.convert("RGBA"), "WEBP", quality=90),
    "WEBP animated": lambda: encode(PHOTO, "WEBP", save_all=True, append_images=[GREY.convert("RGB")], lossless=True),
    "AVIF": lambda: encode(PHOTO, "AVIF", quality=90),
    "AVIF sequence": lambda: encode(PHOTO, "AVIF", quality=90, save_all=True, append_images=[scene(640, 480, 2)]),
    "AVIF alpha": lambda: encode(PHOTO.convert("RGBA"), "AVIF", quality=90),
    "HEIF": lambda: encode(PHOTO, "HEIF", quality=90),
    "HEIF of tiles": lambda: encode(PHOTO, "HEIF", quality=90, tile_size=256),
    "HEIF 10 bit": _deep_heif,
    "HEIF second of two": _second_of_two,
    "HEIF alpha": lambda: encode(PHOTO.convert("RGBA"), "HEIF", quality=90),
    "JXL": lambda: encode(PHOTO, "JXL", quality=90),
    "JXL lossless alpha": lambda: encode(PHOTO.convert("RGBA"), "JXL", lossless=True, effort=1),
    "JXL of a JPEG": lambda: packed_jpeg(encode(PHOTO, "JPEG", quality=92)),
    "JPEG2000": lambda: encode(PHOTO, "JPEG2000", quality_mode="dB", quality_layers=[42]),
    "JPEG2000 lossless": lambda: encode(PHOTO, "JPEG2000", irreversible=False),
    "TIFF": lambda: encode(PHOTO, "TIFF"),
    "TIFF LZW": lambda: encode(PHOTO, "TIFF", compression="tiff_lzw"),
    "TIFF deflate": lambda: encode(PHOTO, "TIFF", compression="tiff_adobe_deflate"),
    "TIFF JPEG": lambda: encode(PHOTO, "TIFF", compression="jpeg", quality=92),
    "TIFF palette": lambda: encode(PHOTO.quantize(256), "TIFF"),
    "TIFF CMYK": lambda: encode(PHOTO.convert("CMYK"), "TIFF"),
    "TIFF pages": lambda: encode(PHOTO, "TIFF", save_all=True, append_images=[GREY]),
    "TIFF big": lambda: encode(PHOTO, "TIFF", big_tiff=True),
    "GIF": lambda: encode(PHOTO, "GIF"),
    "GIF animated": lambda: encode(PHOTO, "GIF", save_all=True, append_images=[GREY]),
    "BMP": lambda: encode(PHOTO, "BMP"),
    "DNG with the camera's picture": lambda: dng(PHOTO, preview=encode(PHOTO, "JPEG"), preview_size=PHOTO.size),
}
MONOCHROME: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: encode(GREY, "JPEG", quality=92),
    "PNG": lambda: encode(GREY, "PNG"),
    "PNG grey alpha": lambda: encode(GREY.convert("LA"), "PNG"),
    "PNG 16 bit": lambda: encode(_sixteen(GREY), "PNG"),
    "TIFF": lambda: encode(GREY, "TIFF"),
    "TIFF 16 bit": lambda: encode(_sixteen(GREY), "TIFF"),
    "TIFF 16 bit of a Mac": lambda: _tiff_16(">"),
    "TIFF 16 bit, white is zero": lambda: _tiff_16("<", white_is_zero=True),
    "TIFF 32 bit": lambda: encode(GREY.convert("I").point(lambda level: level * 257), "TIFF"),
    "TIFF floating point": lambda: encode(GREY.convert("F").point(lambda level: level / 255), "TIFF"),
    "WEBP": lambda: encode(GREY, "WEBP", quality=90),
    "AVIF": lambda: encode(GREY, "AVIF", quality=90),
    "HEIF": lambda: encode(GREY, "HEIF", quality=90),
    "JXL": lambda: encode(GREY, "JXL", quality=90),
    "JPEG2000": lambda: encode(GREY, "JPEG2000"),
    "GIF": lambda: encode(GREY, "GIF"),
    "BMP": lambda: encode(GREY, "BMP"),
}


@pytest.mark.parametrize("kind", RGB)
def test_a_colour_photo_looks_like_itself(kind: str) -> None:
    egg = _lay(RGB[kind](), 320)
    assert egg.image_format == kind.split(maxsplit=1)[0]
    assert (egg.width, egg.height, egg.coldpreview_width) == (640, 480, 320)
    assert _looks_like(PHOTO, egg)


@pytest.mark.parametrize("kind", MONOCHROME)
def test_a_grey_photo_looks_like_itself(kind: str) -> None:
    egg = _lay(MONOCHROME[kind]())
    assert egg.image_format == kind.split(maxsplit=1)[0]
    assert _looks_like(GREY, egg)


@pytest.mark.parametrize(
    ("mode", "stored"), [("I;16", (77, 200)), ("I;16L", (77, 200)), ("I;16B", (200, 77)), ("I;16N", (77, 200))]
)
def test_sixteen_bits_of_either_byte_order_keep_their_high_byte(mode: str, stored: tuple[int, int]) -> None:
    if mode == "I;16N" and sys.byteorder == "big":
        stored = (200, 77)
    image = Image.frombytes(mode, (8, 4), bytes(stored) * 32)
    assert to_working_mode(image).tobytes() == bytes([200]) * 32


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "HSV", "LAB", "I", "F"]
)
def test_every_mode_that_decoders_make_becomes_one_that_can_be_resized(mode: str) -> None:
    assert to_working_mode(Image.new(mode, (8, 4))).mode in {"L", "RGB", "CMYK"}


def test_every_format_of_the_registry_is_tried_here_or_is_raw() -> None:
    tried = {kind.split()[0] for kind in RGB}
    assert tried >= {known.name for known in FORMATS if known.package != "rawpy"}


@pytest.mark.parametrize(
    ("image_format", "options", "profile", "mode"),
    [
        ("JPEG", {}, display_p3, "RGB"),
        ("JPEG", {}, adobe_rgb, "RGB"),
        ("JPEG", {}, cmyk_press, "CMYK"),
        ("JPEG", {}, grey_gamma, "L"),
        ("PNG", {}, display_p3, "RGB"),
        ("WEBP", {"lossless": True}, display_p3, "RGB"),
        ("TIFF", {}, adobe_rgb, "RGB"),
        ("AVIF", {"quality": 90}, display_p3, "RGB"),
        ("HEIF", {"quality": 90}, display_p3, "RGB"),
    ],
)
def test_a_colour_profile_is_honoured(
    image_format: str, options: dict[str, object], profile: Callable[[], bytes], mode: str
) -> None:
    photo = PHOTO.convert(mode)
    plain, tagged = (
        _lay(encode(photo, image_format, **options)),
        _lay(encode(photo, image_format, icc_profile=profile(), **options)),
    )
    assert plain.hothash != tagged.hothash
    assert 0.5 < _difference(_hot(plain), _hot(tagged)) < 100


def test_display_p3_becomes_the_srgb_colours_it_stands_for() -> None:
    """P3 (180, 90, 60) is sRGB (190, 86, 52), within rounding; worked out by hand from the two primaries."""
    patch = Image.new("RGB", (60, 40), (180, 90, 60))
    red, green, blue = ImageStat.Stat(_hot(_lay(encode(patch, "PNG", icc_profile=display_p3())))).mean
    assert (red, green, blue) == (pytest.approx(190, abs=3), pytest.approx(86, abs=3), pytest.approx(52, abs=4))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_a_photo_is_turned_exactly_once(image_format: str, orientation: int) -> None:
    exif = camera_exif(orientation=orientation, place=None)
    options = {"tiffinfo": {274: orientation}} if image_format == "TIFF" else {"exif": exif}
    egg = _lay(encode(PHOTO, image_format, **options))
    upright = turned(PHOTO, orientation)
    assert (egg.width, egg.height) == upright.size
    assert _looks_like(upright, egg, tolerance=9)


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_raw_photo_is_turned_exactly_once(orientation: int) -> None:
    for preview in (b"", encode(PHOTO, "JPEG")):
        egg = _lay(dng(PHOTO, preview=preview, preview_size=PHOTO.size, orientation=orientation))
        upright = turned(PHOTO, orientation)
        assert (egg.width, egg.height) == upright.size
        assert _looks_like(upright, egg, tolerance=40)  # developing brightens


def test_a_jpeg_packed_into_jpeg_xl_keeps_its_hothash() -> None:
    jpeg = camera_jpeg(width=640, height=480, orientation=6)
    plain, packed = _lay(jpeg), _lay(packed_jpeg(jpeg))
    assert (packed.image_format, packed.hothash) == ("JXL", plain.hothash)
    assert (packed.width, packed.height) == (480, 640)


def test_raw_takes_the_cameras_own_picture_when_it_is_large_enough() -> None:
    jpeg = encode(scene(640, 480, seed=2), "JPEG", quality=92)  # another picture, to tell the two apart
    assert _looks_like(scene(640, 480, seed=2), _lay(dng(PHOTO, preview=jpeg, preview_size=(640, 480))))


@pytest.mark.parametrize("size", [(160, 120), (640, 360)])
def test_raw_is_developed_when_the_picture_inside_is_small_or_of_another_shape(size: tuple[int, int]) -> None:
    jpeg = encode(scene(640, 480, seed=2).resize(size), "JPEG")
    egg = _lay(dng(PHOTO, preview=jpeg, preview_size=size), 8192)
    assert _looks_like(PHOTO, egg, tolerance=40)
    assert (egg.width, egg.height) == (egg.coldpreview_width, egg.coldpreview_height) == (640, 480)


@pytest.mark.parametrize(
    ("make", "name"),
    [("NIKON CORPORATION", "NEF"), ("SONY", "ARW"), ("PENTAX", "PEF"), ("SAMSUNG", "SRW"), ("Hasselblad", "3FR"),
     ("Nobody", "RAW")],
)  # fmt: skip
def test_a_makers_raw_is_told_from_a_tiff_by_what_its_pixels_are(make: str, name: str) -> None:
    assert recognise(dng(scene(64, 48), make=make, version=False)).name == name
    of_a_program = encode(scene(64, 48), "TIFF", tiffinfo={271: make})
    assert recognise(of_a_program).name == "TIFF"


@pytest.mark.parametrize(
    ("beginning", "name"),
    [
        (b"II*\0\x10\0\0\0CR\x02\0", "CR2"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "CR3"),
        (b"FUJIFILMCCD-RAW 0201", "RAF"),
        (b"IIRO\x08\0\0\0", "ORF"),
        (b"IIRS\x08\0\0\0", "ORF"),
        (b"IIU\0\x08\0\0\0", "RW2"),
        (b"\0MRM\0\0", "MRW"),
        (b"FOVb\0\0", "X3F"),
        (b"II\x1a\0\0\0HEAPCCDR", "CRW"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "AVIF"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIF"),
        (b"\xff\x4f\xff\x51", "JPEG2000"),
        (b"\xff\x0a\x00", "JXL"),
    ],
)
def test_a_format_is_recognised_by_its_first_bytes(beginning: bytes, name: str) -> None:
    assert recognise(beginning + bytes(64)).name == name


@pytest.mark.parametrize(
    ("package", "image"),
    [
        ("pillow_heif", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
        ("pillow_jxl", b"\xff\x0a" + bytes(100)),
        ("rawpy", b"IIRO" + bytes(100)),
    ],
)
def test_a_missing_decoder_is_said_in_words_and_breaks_nothing_else(package: str, image: bytes) -> None:
    program = f"""
import sys
sys.modules[{package!r}] = None
from core_service.errors import DecoderMissingError
from core_service.colours import to_working_mode
from core_service.formats import FORMATS
from core_service.golden import failures
from core_service.picture import DecodeLimits
missing = [known for known in FORMATS if not known.available]
assert {{known.package for known in missing}} == {{{package!r}}}, missing
try:
    missing[0].open({image!r}, DecodeLimits(10**6, 10))
except DecoderMissingError as error:
    assert missing[0].distribution in error.detail
    assert failures() == []
    print("said so")
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], env=clean_environment(), cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ended.stdout == "said so\n"


def test_the_document_names_every_format_of_the_registry() -> None:
    rows = (ROOT / "docs" / "formats.md").read_text().split("\n|")
    named = {name.strip() for row in rows for name in row.split("|")[0].split(",")}
    assert {known.name for known in FORMATS} <= named
