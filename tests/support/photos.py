"""Photographs made by code: like a camera's in detail, size and metadata, the same on every machine.

    camera_jpeg()                                            # 1600×1200, EXIF of a camera in Oslo
    camera_jpeg(width=6000, height=4000, orientation=6, progressive=True)
    encode(scene(400, 300), "PNG")                           # any format that Pillow writes

A scene has detail at every scale, falling off as in nature, with edges and smooth sky between: noise is not a photo.
"""

import functools
import io
import random
from dataclasses import dataclass
from typing import Any, Final

import piexif
import pillow_heif
import pillow_jxl  # makes Pillow write JPEG XL
from PIL import Image, ImageChops, ImageDraw

pillow_heif.register_heif_opener()

_TILE: Final = (1024, 768)
_OCTAVES: Final = ((4, 90), (12, 60), (40, 36), (130, 20), (400, 12), (1024, 7))  # cells across, amplitude


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture was taken: signed decimal degrees and metres."""

    latitude: float
    longitude: float
    altitude: float


OSLO: Final = Place(59.9139, 10.7522, 23.5)


def scene(width: int, height: int, seed: int = 1) -> Image.Image:
    """Paint a landscape; another seed is another place."""
    tile = _tile(seed)
    if width <= _TILE[0] and height <= _TILE[1]:
        return tile.crop((0, 0, width, height)) if min(width, height) > 300 else tile.resize((width, height))
    canvas = Image.new("RGB", (width, height))
    for y in range(0, height, _TILE[1]):
        for x in range(0, width, _TILE[0]):
            canvas.paste(_turned(tile, (x // _TILE[0] + 3 * (y // _TILE[1])) % 4), (x, y))
    return canvas


@functools.lru_cache(maxsize=4)
def _tile(seed: int) -> Image.Image:
    dice = random.Random(seed)  # a painter, not a locksmith
    bands = []
    for tint in (110, 120, 130):
        band = Image.linear_gradient("L").resize(_TILE).point(lambda level, tint=tint: (level + tint) // 2)
        for cells, amplitude in _OCTAVES:
            rows = max(cells * _TILE[1] // _TILE[0], 1)
            cloud = Image.frombytes("L", (cells, rows), dice.randbytes(cells * rows)).resize(
                _TILE, Image.Resampling.BICUBIC
            )
            band = ImageChops.add(band, cloud.point(lambda level, a=amplitude: level * a // 256), 1, -amplitude // 2)
        bands.append(band)
    picture = Image.merge("RGB", bands)
    _add_edges(picture, dice)
    return picture


def _add_edges(picture: Image.Image, dice: random.Random) -> None:
    draw = ImageDraw.Draw(picture)
    for _ in range(60):
        x, y = dice.randrange(_TILE[0]), dice.randrange(_TILE[1])
        colour = (dice.randrange(256), dice.randrange(256), dice.randrange(256))
        size = dice.randrange(4, 60)
        if dice.random() < 0.5:
            draw.rectangle((x, y, x + size, y + size * 2), fill=colour)
        else:
            draw.line((x, y, x + size * 4, y + size), fill=colour, width=1 + size // 20)


def _turned(tile: Image.Image, how: int) -> Image.Image:
    turns = (None, Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.ROTATE_180)
    turn = turns[how]
    return tile if turn is None else tile.transpose(turn)


def camera_exif(
    *,
    orientation: int = 1,
    taken_at: str | None = "2024:04:27 14:55:20",
    offset: str | None = "+02:00",
    place: Place | None = OSLO,
    make: str = "Canon",
    model: str = "Canon EOS R5",
) -> bytes:
    """Write EXIF as a camera does: `Exif\\0\\0` and a TIFF structure."""
    exif: dict[int, Any] = {
        piexif.ExifIFD.ExposureTime: (1, 250),
        piexif.ExifIFD.FNumber: (28, 10),
        piexif.ExifIFD.ISOSpeedRatings: 200,
        piexif.ExifIFD.FocalLength: (35, 1),
        piexif.ExifIFD.LensModel: b"RF24-70mm F2.8 L IS USM",
    }
    if taken_at is not None:
        exif[piexif.ExifIFD.DateTimeOriginal] = taken_at.encode()
        exif[piexif.ExifIFD.SubSecTimeOriginal] = b"42"
    if offset is not None:
        exif[piexif.ExifIFD.OffsetTimeOriginal] = offset.encode()
    zeroth = {
        piexif.ImageIFD.Make: make.encode(),
        piexif.ImageIFD.Model: model.encode(),
        piexif.ImageIFD.Orientation: orientation,
        # A later edit in a photo program: never the time when the picture was taken.
        piexif.ImageIFD.DateTime: b"2025:01:01 00:00:00",
    }
    written: bytes = piexif.dump({"0th": zeroth, "Exif": exif, "GPS": _gps(place) if place else {}})
    return written


def _gps(place: Place) -> dict[int, Any]:
    return {
        piexif.GPSIFD.GPSLatitudeRef: b"N" if place.latitude >= 0 else b"S",
        piexif.GPSIFD.GPSLatitude: _degrees(place.latitude),
        piexif.GPSIFD.GPSLongitudeRef: b"E" if place.longitude >= 0 else b"W",
        piexif.GPSIFD.GPSLongitude: _degrees(place.longitude),
        piexif.GPSIFD.GPSAltitudeRef: 0 if place.altitude >= 0 else 1,
        piexif.GPSIFD.GPSAltitude: (round(abs(place.altitude) * 100), 100),
    }


def _degrees(angle: float) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    ten_thousandths = round(abs(angle) * 3600 * 10_000)
    degrees, rest = divmod(ten_thousandths, 3600 * 10_000)
    minutes, seconds = divmod(rest, 60 * 10_000)
    return (degrees, 1), (minutes, 1), (seconds, 10_000)


def camera_jpeg(
    *,
    width: int = 1600,
    height: int = 1200,
    orientation: int = 1,
    exif: bytes | None = None,
    quality: int = 92,
    progressive: bool = False,
    subsampling: str = "4:2:0",
    seed: int = 1,
) -> bytes:
    """Take a picture of `width`×`height` stored pixels; `exif=b""` leaves the metadata out."""
    if exif is None:
        exif = camera_exif(orientation=orientation)
    return encode(
        scene(width, height, seed),
        "JPEG",
        quality=quality,
        progressive=progressive,
        subsampling=subsampling,
        **({"exif": exif} if exif else {}),
    )


def encode(image: Image.Image, image_format: str, **options: Any) -> bytes:
    """Write `image` in one of Pillow's formats, or as HEIF or JXL."""
    file = io.BytesIO()
    image.save(file, image_format, **options)
    return file.getvalue()


def packed_jpeg(jpeg: bytes) -> bytes:
    """Pack a JPEG into a JPEG XL, from which it can be unpacked to the byte."""
    encoder = pillow_jxl.Encoder(mode="RGB", lossless=False, quality=90, use_container=True, use_original_profile=True)
    packed: bytes = encoder(jpeg, 0, 0, jpeg_encode=True)
    return packed
