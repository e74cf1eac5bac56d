"""Sample photos, painted: hills under different skies, with the EXIF that a camera on a walk would have written."""

import io
import itertools
import random
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter
from PIL.ExifTags import GPS, IFD, Base

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Light:
    """A time of day: the colours of the sky above, of the sky at the horizon, of the nearest hills, and of the sun."""

    above: Colour
    horizon: Colour
    hills: Colour
    sun: Colour


DAWN: Final = Light((92, 118, 168), (252, 205, 168), (44, 58, 84), (255, 240, 214))
DAY: Final = Light((58, 128, 196), (206, 228, 238), (30, 84, 66), (255, 252, 236))
DUSK: Final = Light((62, 42, 98), (246, 132, 92), (40, 22, 52), (255, 214, 140))
NIGHT: Final = Light((8, 12, 34), (50, 68, 112), (6, 10, 20), (238, 240, 250))
FOG: Final = Light((158, 170, 176), (226, 228, 224), (62, 78, 80), (248, 246, 238))


@dataclass(frozen=True)
class Shot:
    """One sample: what was seen, and what the camera noted."""

    filename: str
    light: Light
    taken_at: str
    offset: str
    place: tuple[float, float]
    size: tuple[int, int] = (2400, 1600)
    exposure: float = 1 / 250
    iso: int = 100


SHOTS: Final = [
    Shot("IMG_2041.jpg", DAWN, "2024:06:21 04:12:09", "+02:00", (61.6367, 8.3125), exposure=1 / 60, iso=200),
    Shot("IMG_2044.jpg", DAWN, "2024:06:21 04:31:40", "+02:00", (61.6371, 8.3160), size=(1600, 2400)),
    Shot("IMG_2057.jpg", DAY, "2024:06:21 11:05:27", "+02:00", (61.6410, 8.3302), exposure=1 / 800),
    Shot("IMG_2063.jpg", DAY, "2024:06:21 13:48:02", "+02:00", (61.6432, 8.3391), size=(2400, 1350)),
    Shot("IMG_2080.jpg", DUSK, "2024:06:21 22:19:55", "+02:00", (61.6409, 8.3277), exposure=1 / 30, iso=400),
    Shot("IMG_2088.jpg", NIGHT, "2024:06:22 00:47:13", "+02:00", (61.6405, 8.3270), exposure=8.0, iso=1600),
    Shot("IMG_2312.jpg", FOG, "2024:10:05 09:22:31", "+01:00", (57.2736, -6.2155), exposure=1 / 125),
    Shot("IMG_2319.jpg", DUSK, "2024:10:05 18:36:48", "+01:00", (57.2741, -6.2139), size=(2400, 1350)),
    Shot("IMG_2467.jpg", DAY, "2025:01:14 15:02:16", "-03:00", (-50.9423, -73.4068), size=(1600, 2400)),
    Shot("IMG_2471.jpg", NIGHT, "2025:01:14 23:58:59", "-03:00", (-50.9420, -73.4071), exposure=15.0, iso=3200),
]


def take(shot: Shot) -> bytes:
    """Paint the shot and return it as the JPEG file of a camera; the same bytes every time."""
    file = io.BytesIO()
    _paint(shot).save(file, "JPEG", quality=90, exif=_exif(shot))
    return file.getvalue()


def _paint(shot: Shot) -> Image.Image:
    width, height = shot.size
    dice = random.Random(shot.filename)  # noqa: S311  # a painter, not a locksmith
    picture = _sky(shot, dice)
    layers = 6
    for layer in range(layers):
        depth = layer / (layers - 1)
        crest = height * (0.42 + 0.48 * depth**1.2)
        ridge = _ridge(dice, width, height * (0.10 + 0.05 * depth))
        hills = Image.new("L", shot.size)
        ImageDraw.Draw(hills).polygon([(0, height), *((x, crest - y) for x, y in ridge), (width, height)], fill=255)
        # The farther the hills, the more air lies before them.
        colour = _mix(shot.light.horizon, shot.light.hills, 0.25 + 0.75 * depth)
        picture.paste(colour, mask=hills.filter(ImageFilter.GaussianBlur(1.5)))
    return ImageChops.overlay(picture, _grain(dice, shot))


def _grain(dice: random.Random, shot: Shot) -> Image.Image:
    width, height = shot.size
    amplitude = 0.06 + shot.iso / 40_000
    noise = Image.frombytes("L", shot.size, dice.randbytes(width * height))
    return noise.point(lambda level: 128 + (level - 128) * amplitude).convert("RGB")


def _sky(shot: Shot, dice: random.Random) -> Image.Image:
    width, height = shot.size
    light = shot.light
    gradient = Image.linear_gradient("L").resize((width, height * 2)).crop((0, 0, width, height))
    downwards = gradient.point(lambda level: min(level * 3, 255))
    sky = Image.composite(
        Image.new("RGB", shot.size, light.horizon), Image.new("RGB", shot.size, light.above), downwards
    )
    if light is NIGHT:
        pen = ImageDraw.Draw(sky)
        for _ in range(400):
            x, y, size = dice.uniform(0, width), dice.uniform(0, height / 2), dice.uniform(0.5, 2.2)
            pen.ellipse((x, y, x + size, y + size), fill=_mix(light.above, light.sun, dice.uniform(0.3, 1)))
    x, y, radius = dice.uniform(0.2, 0.8) * width, dice.uniform(0.16, 0.32) * height, height * 0.035
    for blur, size in ((height * 0.06, 2.2), (2, 1.0)):  # a glow, and the disc in it
        disc = Image.new("L", shot.size)
        box = (x - radius * size, y - radius * size, x + radius * size, y + radius * size)
        ImageDraw.Draw(disc).ellipse(box, fill=255)
        sky.paste(light.sun, mask=disc.filter(ImageFilter.GaussianBlur(blur)))
    return sky


def _ridge(dice: random.Random, width: int, rise: float) -> list[tuple[float, float]]:
    """Break a line in two again and again, moving each middle up or down by less each time."""
    heights = [dice.uniform(-rise, rise), dice.uniform(-rise, rise)]
    while len(heights) < 400:
        middles = [(a + b) / 2 + dice.uniform(-rise, rise) for a, b in itertools.pairwise(heights)]
        heights = [height for pair in zip(heights, [*middles, 0.0], strict=True) for height in pair][:-1]
        rise *= 0.52
    return [(width * index / (len(heights) - 1), height) for index, height in enumerate(heights)]


def _mix(a: Colour, b: Colour, share: float) -> Colour:
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


def _exif(shot: Shot) -> Image.Exif:
    exif = Image.Exif()
    exif[Base.Make] = "ImaLink"
    exif[Base.Model] = "ImaLink Sampler"
    latitude, longitude = shot.place
    exif.get_ifd(IFD.Exif).update(
        {
            Base.DateTimeOriginal: shot.taken_at,
            Base.OffsetTimeOriginal: shot.offset,
            Base.ExposureTime: shot.exposure,
            Base.FNumber: 8.0,
            Base.ISOSpeedRatings: shot.iso,
            Base.FocalLength: 35.0,
        }
    )
    exif.get_ifd(IFD.GPSInfo).update(
        {
            GPS.GPSLatitudeRef: "N" if latitude >= 0 else "S",
            GPS.GPSLatitude: _degrees(latitude),
            GPS.GPSLongitudeRef: "E" if longitude >= 0 else "W",
            GPS.GPSLongitude: _degrees(longitude),
        }
    )
    return exif


def _degrees(angle: float) -> tuple[float, float, float]:
    minutes, seconds = divmod(abs(angle) * 3600, 60)
    degrees, minutes = divmod(minutes, 60)
    return degrees, minutes, round(seconds, 3)
