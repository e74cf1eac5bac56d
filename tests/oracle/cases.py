"""The files that exiftool and we are asked about: what is written into which kind of file.

A case is written by exiftool itself (`tags`), or made by hand where exiftool would not write such a thing (`content`).
Where we differ from exiftool on purpose, `ours` says what we answer instead, and the case's name says why.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from tests.support.crw import camera_crw
from tests.support.makernotes import NOTES
from tests.support.tiff import (
    DATE_TIME_ORIGINAL,
    EXPOSURE_TIME,
    F_NUMBER,
    FOCAL_LENGTH,
    ISO,
    LENS_INFO,
    LENS_MODEL,
    MAKE,
    MODEL,
    MODIFY_DATE,
    ORIENTATION,
    Value,
    byte,
    double,
    exif_jpeg,
    long,
    rational,
    short,
    signed_rational,
    text,
    tiff,
)

KINDS: Final = ("jpg", "png", "webp", "tif", "avif", "heic", "jp2", "jxl", "dng", "nef", "arw", "pef")
CAMERA: Final = {
    "EXIF:Make": "NIKON CORPORATION",
    "EXIF:Model": "NIKON Z 6_2",
    "EXIF:LensModel": "NIKKOR Z 24-70mm f/4 S",
    "EXIF:LensInfo": "24 70 4 4",
    "EXIF:FocalLength": "35.5",
    "EXIF:FNumber": "5.6",
    "EXIF:ISO": "640",
    "EXIF:ExposureTime": "1/320",
    "EXIF:DateTimeOriginal": "2024:04:27 14:55:20",
    "EXIF:CreateDate": "2024:04:27 14:55:21",
    "EXIF:ModifyDate": "2024:05:01 08:00:00",
    "EXIF:SubSecTimeOriginal": "07",
    "EXIF:OffsetTimeOriginal": "+02:00",
    "EXIF:Orientation#": "6",
    "EXIF:GPSLatitude": "59.9139",
    "EXIF:GPSLatitudeRef": "N",
    "EXIF:GPSLongitude": "10.7522",
    "EXIF:GPSLongitudeRef": "E",
    "EXIF:GPSAltitude": "23.5",
    "EXIF:GPSAltitudeRef#": "0",
    "XMP:Rating": "4",
    "XMP:City": "Tromsø",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One file; `order` is the byte order that exiftool writes EXIF in."""

    name: str
    kind: str = "jpg"
    tags: dict[str, str] = field(default_factory=dict)
    order: str = "II"
    content: bytes | None = None
    ours: dict[str, Any] = field(default_factory=dict)


def all_cases() -> Iterator[Case]:
    """Every case, each with a name of its own."""
    yield from _kinds()
    for number, case in enumerate(itertools.chain(_exposures(), _times(), _places(), _texts(), _by_hand())):
        yield Case(f"{number:03} {case.name}", case.kind, case.tags, case.order, case.content, case.ours)


def _kinds() -> Iterator[Case]:
    for kind, order in itertools.product(KINDS, ("II", "MM")):
        yield Case(f"camera {order}", kind, CAMERA, order)
    for kind in (*KINDS, "gif"):
        yield Case("xmp only", kind, {"XMP-dc:Title": "Fjord", "XMP-dc:Subject": "sea", "XMP-xmp:Rating": "3"})
    for orientation, kind in itertools.product(range(1, 9), ("jpg", "tif", "png", "webp")):
        yield Case(f"orientation {orientation}", kind, {"EXIF:Orientation#": str(orientation)})


def _each(name: str, tag: str, values: str | list[str], **ours: Any) -> Iterator[Case]:
    """One case per value (blanks part them in a text), in alternating byte order."""
    listed = values.split() if isinstance(values, str) else values
    for value, order in zip(listed, itertools.cycle(("II", "MM"))):
        yield Case(f"{name} {value}", "jpg", {tag: value}, order, ours=ours)


def _exposures() -> Iterator[Case]:
    times = "1/8000 1/4000 1/1250 1/250 1/60 1/15 1/8 1/4 1/3 0.3 0.4 1/2 0.5 0.6 0.77 1 1.3 2.5 15 30 61.5 1200"
    yield from _each("exposure time", "EXIF:ExposureTime", times)
    yield from _each("exposure time without meaning", "EXIF:ExposureTime", "inf undef 0", exposure_time=None)
    yield from _each("f-number", "EXIF:FNumber", "0.95 1.2 1.4 1.8 2 2.8 3.5 4.5 5.6 6.3 11 22 64")
    yield from _each("f-number without meaning", "EXIF:FNumber", "inf undef 0", f_number=None)
    yield from _each("focal length", "EXIF:FocalLength", "1.54 4.25 6.86 23 50 85.5 200 600 1200")
    yield from _each("focal length of a lens that does not tell", "EXIF:FocalLength", "0", focal_length=None)
    yield from _each("iso", "EXIF:ISO", "25 50 64 100 125 200 640 1600 6400 25600 51200 65534")
    yield from _each("iso without meaning", "EXIF:ISO", "0", iso=None)
    for tag in ("ISOSpeed", "RecommendedExposureIndex", "StandardOutputSensitivity"):
        overflow = {"EXIF:ISO": "65535", f"EXIF:{tag}": "102400"}
        yield Case(f"iso overflow, true value in {tag}", "jpg", overflow, ours={"iso": 102_400})
    lenses = ["RF24-70mm F2.8 L IS USM", "FE 35mm F1.8", "iPhone 15 Pro back camera 6.86mm f/1.78"]
    yield from _each("lens", "EXIF:LensModel", lenses)
    told = {"24 70 2.8 2.8": "24-70mm f/2.8", "18 55 3.5 5.6": "18-55mm f/3.5-5.6", "50 50 1.4 1.4": "50mm f/1.4"}
    for specification, lens in told.items():
        yield Case(f"lens told by {specification}", "jpg", {"EXIF:LensInfo": specification}, ours={"lens_model": lens})
    yield Case("lens told by XMP", "jpg", {"XMP-aux:Lens": "10-20mm"}, ours={"lens_model": "10-20mm"})


def _times() -> Iterator[Case]:
    days = ["1965:01:02 03:04:05", "1999:12:31 23:59:59", "2000:02:29 12:00:00", "2039:07:08 09:10:11"]
    yield from _each("taken at", "EXIF:DateTimeOriginal", days)
    yield from _each("digitized at", "EXIF:CreateDate", days)
    taken = {"EXIF:DateTimeOriginal": "2024:04:27 14:55:20"}
    for offset in ("+02:00", "-09:30", "+00:00", "-00:00", "+05:45", "+14:00", "-12:00"):
        yield Case(f"offset {offset}", "jpg", taken | {"EXIF:OffsetTimeOriginal": offset})
    for digits in ("0", "5", "50", "05", "123", "000123", "999999", "123456789"):
        yield Case(f"sub-seconds {digits}", "jpg", taken | {"EXIF:SubSecTimeOriginal": digits})
    for stamp, derived in (("12:55:20", "+02:00"), ("12:55:31", "+02:00"), ("09:10:20", "+05:45"), ("12:50:00", None)):
        gps = {"EXIF:GPSDateStamp": "2024:04:27", "EXIF:GPSTimeStamp": stamp}
        yield Case(f"offset derived from GPS at {stamp}", "jpg", taken | gps, ours={"taken_at_offset": derived})
    gps = {"EXIF:GPSDateStamp": "2024:04:27", "EXIF:GPSTimeStamp": "12:55:20.5"}
    modified = {"EXIF:ModifyDate": "2025:01:01 00:00:01"}
    utc = {"taken_at": "2024:04:27 12:55:20.5", "taken_at_offset": "+00:00"}
    yield Case("only GPS time", "jpg", gps | modified, ours=utc)
    yield Case("only the time of modification", "jpg", modified, ours={"taken_at": "2025:01:01 00:00:01"})
    for date in ("0000:00:00 00:00:00", "2024:02:30 10:00:00", "2024:04:27 24:60:60", "    :  :     :  :  "):
        for order in "<>":
            dates = tiff(exif={DATE_TIME_ORIGINAL: text(date)}, order=order)
            yield Case(f"no date {date}", content=exif_jpeg(dates), ours={"taken_at": None})
    yield Case("taken at, XMP", "jpg", {"XMP-exif:DateTimeOriginal": "2024:04:27 14:55:20.5+02:00"})
    created = {"taken_at": "1987:06:05 04:03:02", "taken_at_offset": "-05:00"}
    yield Case("created, XMP", "png", {"XMP-photoshop:DateCreated": "1987:06:05 04:03:02-05:00"}, ours=created)
    iptc = {"IPTC:DateCreated": "1987:06:05", "IPTC:TimeCreated": "04:03:02-05:00"}
    yield Case("created, IPTC", "jpg", iptc, ours=created)


def _places() -> Iterator[Case]:
    latitudes = ("0.000001", "12.5", "33.8567844", "59.9139", "89.999999", "90")
    longitudes = ("0", "0.5", "70.6482684", "151.2152967", "179.999999", "180")
    points = zip(latitudes, longitudes, strict=True)
    for (latitude, longitude), (north, east) in itertools.product(points, itertools.product("NS", "EW")):
        place = {"Latitude": latitude, "LatitudeRef": north, "Longitude": longitude, "LongitudeRef": east}
        tags = {f"EXIF:GPS{tag}": value for tag, value in place.items()}
        yield Case(f"place {latitude}{north} {longitude}{east}", "jpg", tags)
    for metres, below in itertools.product(("0", "0.1", "23.5", "430.5", "8848.86"), ("0", "1")):
        altitude = {"EXIF:GPSAltitude": metres, "EXIF:GPSAltitudeRef#": below}
        yield Case(f"altitude {metres} {'below' if below == '1' else 'above'}", "jpg", altitude)
    zero = {"EXIF:GPSLatitude": "0", "EXIF:GPSLatitudeRef": "N", "EXIF:GPSLongitude": "0", "EXIF:GPSLongitudeRef": "E"}
    unknown = {"gps_latitude": None, "gps_longitude": None}
    yield Case("place 0, 0, which means unknown", "jpg", zero, ours=unknown)
    for latitude, longitude in (("59.9139", "10.7522"), ("-33.8567844", "-70.6482684")):
        place = {"XMP-exif:GPSLatitude": latitude, "XMP-exif:GPSLongitude": longitude}
        yield Case(f"place {latitude} {longitude}, XMP", "jpg", place)


def _texts() -> Iterator[Case]:
    for kind in ("jpg", "png", "webp", "tif", "avif", "jp2", "jxl", "gif"):
        yield Case("XMP words", kind, _XMP_WORDS, ours={"lens_model": "10-20mm"})
    makes = ["Canon", "NIKON CORPORATION", "Åse Ødegård", "写真機", "  padded  ", "Apple", "x" * 250]
    yield from _each("make", "EXIF:Make", makes)
    yield from _each("model", "EXIF:Model", ["Canon EOS R5", "DSC-RX100M7", "iPhone 15 Pro", "Größe"])
    for words in ("plain", "Grüße aus Köln", "写真の説明"):
        tags = {"EXIF:UserComment": words, "EXIF:XPTitle": words, "EXIF:ImageDescription": words}
        iptc = {"IPTC:Caption-Abstract": words, "IPTC:Keywords": words, "IPTC:CodedCharacterSet": "UTF8"}
        yield Case(f"words {words}", "jpg", tags | iptc)
        yield Case(f"words {words}", "tif", tags | iptc, "MM")


_XMP_WORDS: Final = {
    "XMP-dc:Title": "Fjord",
    "XMP-dc:Title-de": "Förde",
    "XMP-dc:Description": "Blå & <grønn>",
    "XMP-dc:Creator": "Kari",
    "XMP-dc:Subject": "sea",
    "XMP-dc:Rights": "© Kari",
    "XMP-xmp:Label": "Red",
    "XMP-xmp:Rating": "-1",
    "XMP-photoshop:Headline": "写真の説明",
    "XMP-photoshop:Country": "Norge",
    "XMP-xmpRights:UsageTerms": "none",
    "XMP-iptcCore:Location": "Tromsø",
    "XMP-aux:Lens": "10-20mm",
    "XMP-exifEX:LensModel": "10-20mm",
    "XMP-tiff:Make": "Canon",
    "XMP-exif:FNumber": "2.8",
    "XMP-lr:HierarchicalSubject": "sea|fjord",
}


def _by_hand() -> Iterator[Case]:
    """Types and shapes that exiftool reads but does not write."""
    for order in "<>":
        for name, (tags, ours) in _ODD_TAGS.items():
            yield Case(f"{name} {order}", content=exif_jpeg(tiff(exif=tags, order=order)), ours=ours)
        for name, (tags, ours) in _ODD_PLACES.items():
            place = {1: text("S"), 3: text("W")} | tags
            yield Case(f"{name} {order}", content=exif_jpeg(tiff(gps=place, order=order)), ours=ours)
    bare = tiff({MAKE: text("Make"), MODEL: text("Model"), ORIENTATION: long(8), MODIFY_DATE: text("")})
    yield Case("everything in the first directory", content=exif_jpeg(bare))
    for order in "<>":
        told = {"f_number": 2.8, "lens_model": "7.09-21.31mm", "orientation": 6}
        yield Case(f"Canon's heap of records {order}", "crw", content=camera_crw(order), ours=told)
    for name, (structure, _) in NOTES.items():
        yield Case(f"maker note of {name}", content=exif_jpeg(structure), ours=_OF_NOTES.get(name, {}))


_Odd = dict[str, tuple[dict[int, Value], dict[str, Any]]]
_ODD_TAGS: Final[_Odd] = {
    "iso as LONG": ({ISO: long(800)}, {}),
    "iso twice": ({ISO: short(320, 0)}, {}),
    "iso as ASCII": ({ISO: text("200")}, {}),
    "iso as RATIONAL": ({ISO: rational((400, 1))}, {}),
    "f-number as SRATIONAL": ({F_NUMBER: signed_rational((28, 10))}, {}),
    "f-number as DOUBLE": ({F_NUMBER: double(2.8)}, {}),
    "focal length as SHORT": ({FOCAL_LENGTH: short(85)}, {}),
    "exposure time as SRATIONAL": ({EXPOSURE_TIME: signed_rational((1, 125))}, {}),
    "exposure time not reduced": ({EXPOSURE_TIME: rational((10, 2500))}, {}),
    "exposure time in nanoseconds": ({EXPOSURE_TIME: rational((16_666_667, 1_000_000_000))}, {}),
    "lens with padding": ({LENS_MODEL: text(b"EF50mm f/1.8 STM" + bytes(7))}, {}),
    "lens without a name": ({LENS_MODEL: text("----"), LENS_INFO: rational((24, 1), (70, 1), (4, 1), (4, 1))},
                            {"lens_model": "24-70mm f/4"}),
    "date with other signs": ({DATE_TIME_ORIGINAL: text("2024-04-27T14:55:20")}, {}),
    "date without seconds": ({DATE_TIME_ORIGINAL: text("2024:04:27 14:55")}, {}),
}  # fmt: skip
_ODD_PLACES: Final[_Odd] = {
    "degrees only": ({2: rational((599139, 10000)), 4: rational((107522, 10000))}, {}),
    "degrees and minutes": ({2: rational((59, 1), (54834, 1000)), 4: rational((10, 1), (45132, 1000))}, {}),
    "degrees as DOUBLE": ({2: double(59, 54, 50.04), 4: double(10, 45, 7.92)}, {}),
    "seconds undefined, which are none": (
        {2: rational((59, 1), (54, 1), (0, 0)), 4: rational((10, 1), (45, 1), (0, 0))},
        {"gps_latitude": -59.9, "gps_longitude": -10.75}),
    "altitude reference as ASCII": ({5: text("1"), 6: rational((5, 1))}, {}),
    "altitude above the ellipsoid": ({5: byte(2), 6: rational((5, 1))}, {"gps_altitude": 5}),
}  # fmt: skip
_OF_NOTES: Final[dict[str, dict[str, Any]]] = {
    "Canon, focal range": {"lens_model": "18-55mm"},
    "Canon, focal units": {"lens_model": "5.8-58mm"},
    "Nikon": {"lens_model": "18-55mm f/3.5-5.6 G VR"},
    "Nikon without VR": {"lens_model": "50mm f/1.4 D"},
    "Nikon of an electromagnetic aperture": {"lens_model": "24-70mm f/2.8 E VR"},
    "Panasonic": {"lens_model": "LUMIX G 20/F1.7"},
    "Leica": {"lens_model": "SUMMILUX 25"},
    "Sony": {"lens_model": "18-70mm f/3.5-5.6"},
    "Sony, prime": {"lens_model": "50mm f/1.4"},
    "Pentax, a code we do not know": {"iso": None},
    "Canon, absurd ISO": {"iso": None},
}
"""exiftool calls these lenses by other names than LensModel (Composite:Lens, LensSpec, LensType)."""
