"""What it costs to read the metadata of a camera's JPEG: ours, piexif and Pillow in one run.

    python -m benchmarks.exif

CPU time, the three in turn, medians. The JPEG is like a camera's: some 50 tags, GPS, a maker note of 20 KB and XMP.
Only ours reads the XMP and the maker note, and answers metadata and JSON; the others hand over raw values.
"""

import io
import os
import struct
import time
from collections.abc import Callable
from statistics import median
from typing import Any, Final

import piexif
from PIL import ExifTags, Image

from core_service.exif import read_exif

ROUNDS: Final = 200


def camera_jpeg() -> bytes:
    """Build the JPEG from nothing: a real header, and noise where the picture would be."""
    zeroth: dict[int, Any] = {
        piexif.ImageIFD.Make: b"NIKON CORPORATION",
        piexif.ImageIFD.Model: b"NIKON Z 6_2",
        piexif.ImageIFD.Orientation: 6,
        piexif.ImageIFD.DateTime: b"2024:04:27 14:55:20",
        piexif.ImageIFD.Software: b"Ver.01.60",
    }
    exif: dict[int, Any] = {
        piexif.ExifIFD.DateTimeOriginal: b"2024:04:27 14:55:20",
        piexif.ExifIFD.OffsetTimeOriginal: b"+02:00",
        piexif.ExifIFD.ExposureTime: (1, 250),
        piexif.ExifIFD.FNumber: (28, 10),
        piexif.ExifIFD.ISOSpeedRatings: 400,
        piexif.ExifIFD.FocalLength: (50, 1),
        piexif.ExifIFD.LensModel: b"NIKKOR Z 50mm f/1.8 S",
        piexif.ExifIFD.MakerNote: b"Nikon\0\2\x11\0\0II*\0\x08\0\0\0\0\0" + os.urandom(20_000),
    }
    exif |= {
        tag: 1 for tag, about in piexif.TAGS["Exif"].items() if about["type"] == piexif.TYPES.Short and tag not in exif
    }
    gps = {1: b"N", 2: ((59, 1), (54, 1), (5004, 100)), 3: b"E", 4: ((10, 1), (45, 1), (792, 100)), 6: (47, 2)}
    exif_block = piexif.dump({"0th": zeroth, "Exif": exif, "GPS": gps, "1st": {}, "thumbnail": None})
    words = "".join(f"<rdf:li>word {number}</rdf:li>" for number in range(20))
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        f'xmp:Rating="4"><dc:subject><rdf:Bag>{words}</rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode() + b" " * 2000
    picture = io.BytesIO()
    Image.frombytes("RGB", (2400, 1600), os.urandom(2400 * 1600 * 3)).save(picture, "JPEG", quality=92)
    segments = _segment(exif_block) + _segment(b"http://ns.adobe.com/xap/1.0/\0" + xmp)
    return b"\xff\xd8" + segments + picture.getvalue()[2:]


def _segment(body: bytes) -> bytes:
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def with_pillow(jpeg: bytes) -> None:
    """All that Pillow reads, through its three doors."""
    with Image.open(io.BytesIO(jpeg)) as image:
        exif = image.getexif()
        for directory in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
            dict(exif.get_ifd(directory))


def main() -> None:
    """Print the table."""
    jpeg = camera_jpeg()
    readers: dict[str, Callable[[bytes], object]] = {
        "read_exif": lambda data: read_exif(data, "JPEG"),
        "piexif.load": piexif.load,
        "Pillow getexif": with_pillow,
    }
    spent: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(ROUNDS):
        for name, reader in readers.items():
            started = time.process_time_ns()
            reader(jpeg)
            spent[name].append((time.process_time_ns() - started) / 1e6)
    print(f"JPEG of {len(jpeg) / 1e6:.1f} MB, {ROUNDS} rounds, CPU ms per file")
    print(f"{'':16}{'median':>8}{'worst':>8}")
    for name, times in spent.items():
        print(f"{name:16}{median(times):8.3f}{max(times):8.3f}")


if __name__ == "__main__":
    main()
