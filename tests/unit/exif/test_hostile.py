"""Whatever the bytes: an answer, JSON-safe, small, and soon."""

import json
import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core_service.exif import ExifReading, read_exif
from core_service.exif.bounds import MAX_BLOCK_BYTES, MAX_OUTPUT_BYTES
from shared_schemas.json_safe import safe_json
from tests.support.containers import (
    EXTENDED_SEGMENT,
    JXL_SIGNATURE,
    WITH_EXIF,
    WITH_IPTC,
    WITH_XMP,
    XMP,
    XMP_SEGMENT,
    box,
    chunk,
    png,
)
from tests.support.crw import camera_crw
from tests.support.makernotes import NOTES
from tests.support.tiff import MAKE, Value, app1, exif_jpeg, jpeg, pack_directory, short, text, tiff, undefined

SAMPLES = [
    camera_crw(),
    *WITH_EXIF.values(),
    *WITH_XMP.values(),
    *WITH_IPTC.values(),
    *(exif_jpeg(structure) for structure, _ in NOTES.values()),
]
FORMATS = st.sampled_from(["EXIF", "JPEG", "HEIF", "no such format"])
PATIENCE = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SECONDS = 2.0
"""CPU time that no file may take, however hostile and busy the machine; a camera file takes less than a millisecond."""
MEMORY = 100_000_000
"""Bytes beside the file itself that no file may take."""


def check(data: bytes, image_format: str = "EXIF") -> ExifReading:
    """Read, and hold the answer to everything that is promised of it."""
    started = time.process_time()
    reading = read_exif(data, image_format)
    assert time.process_time() - started < SECONDS
    safe_json(reading.exif_dict)
    assert len(json.dumps(reading.exif_dict, allow_nan=False)) < 4 * MAX_OUTPUT_BYTES
    assert reading.orientation in range(1, 9)
    assert len(reading.warnings) < 20
    return reading


@PATIENCE
@given(st.sampled_from(SAMPLES), st.binary(max_size=300), FORMATS)
def test_any_bytes_behind_a_known_beginning(sample: bytes, rest: bytes, image_format: str) -> None:
    check(sample[:16] + rest, image_format)


@PATIENCE
@given(st.binary(max_size=500), FORMATS)
def test_any_bytes_at_all(data: bytes, image_format: str) -> None:
    check(data, image_format)


@settings(PATIENCE, max_examples=1500)
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4)), max_size=12),
    st.floats(0.1, 1),
    FORMATS,
)
def test_any_file_damaged_in_any_way(
    sample: bytes, damages: list[tuple[float, bytes]], kept: float, image_format: str
) -> None:
    data = bytearray(sample)
    for place, wrong in damages:
        at = int(place * len(data))
        data[at : at + len(wrong)] = wrong
    check(bytes(data[: int(kept * len(data))]), image_format)


NUMBERS = st.one_of(
    st.integers(0, 40), st.integers(0, 0xFFFFFFFF), st.sampled_from([0x7FFFFFFF, 0x80000000, 0xFFFFFFFF])
)
TAGS = st.one_of(
    st.integers(0, 0xFFFF),
    st.sampled_from(
        [0x8769, 0x8825, 0xA005, 0x014A, 0x927C, 0x9286, 0x9003, 0x9291, 0x8827, 0x829A, 0xA432, 1, 2, 5, 6, 7]
    ),
)
ENTRIES = st.lists(st.tuples(TAGS, st.integers(0, 20), NUMBERS, NUMBERS), min_size=1, max_size=20)


@settings(PATIENCE, max_examples=800)
@given(ENTRIES, ENTRIES, st.binary(max_size=200), st.sampled_from("<>"))
@example([(0x0110, 16, 1, 8)], [(1, 1, 1, 1)], b"", "<")  # a number beyond 64 bit with a sign
def test_any_directory(
    first: list[tuple[int, int, int, int]], second: list[tuple[int, int, int, int]], rest: bytes, order: str
) -> None:
    at = 8 + 2 + 12 * (len(first) + 2) + 4
    pointers = [(0x8769, 4, 1, at), (0x8825, 4, 1, at)]
    body = b""
    for entries in (first + pointers, second):
        body += struct.pack(order + "H", len(entries))
        body += b"".join(struct.pack(order + "HHII", *entry) for entry in entries) + bytes(4)
    check({"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "I", 8) + body + rest)


def many_small_bombs() -> bytes:
    bomb = b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(XMP + bytes(MAX_BLOCK_BYTES - 1000))
    return png(*[chunk(b"iTXt", bomb)] * 2000)


def many_brotli_bombs() -> bytes:
    return JXL_SIGNATURE + box(b"brob", b"xml " + brotli.compress(bytes(MAX_BLOCK_BYTES - 1000), quality=1)) * 2000


def many_identifiers() -> bytes:
    main = app1(XMP_SEGMENT + b"<a/>" + b" " * 60_000)
    return jpeg(main, *[app1(EXTENDED_SEGMENT + f"{number:032}".encode() + bytes(8)) for number in range(30_000)])


def overlapping_items() -> bytes:
    """100 items of 4 MiB each, all in the same place."""
    size = MAX_BLOCK_BYTES
    entries = b"".join(box(b"infe", b"\2\0\0\0" + struct.pack(">HH", item, 0) + b"Exif\0") for item in range(100))
    places = b"".join(struct.pack(">HHHIIII", item, 0, 2, 0, size // 2, 0, size // 2) for item in range(100))
    meta = box(b"iinf", bytes(4) + struct.pack(">H", 100) + entries)
    meta += box(b"iloc", bytes(4) + b"\x44\0" + struct.pack(">H", 100) + places)
    return box(b"ftyp", b"heic") + box(b"meta", bytes(4) + meta) + bytes(size)


def items_of_nothing() -> bytes:
    """65,535 items of 65,535 extents each, which take no bytes to say."""
    return box(b"ftyp", b"heic") + box(b"meta", bytes(4) + box(b"iloc", bytes(6) + b"\xff" * 300_000))


def boxes_in_boxes() -> bytes:
    canon = box(b"uuid", bytes.fromhex("85c0b687820f11e08111f4ce462b6a48") + box(b"free", b"") * 3000)
    return box(b"ftyp", b"crx ") + box(b"moov", canon * 300) * 3


def tags_that_share_one_value() -> bytes:
    """1000 texts of 15 kB and 1000 blobs of 15 MB, all in the same place."""
    entries = [(0xD000 + number, 2, 15_000, 40_000) for number in range(1000)]
    entries += [(0xE000 + number, 7, 15_000_000, 40_000) for number in range(1000)]
    rows = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return (b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + rows).ljust(40_000, b"\0") + b"x" * 15_000_000


def packets_of_elements() -> bytes:
    return png(
        *[chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP.replace(b"<rdf:D", b"<a/>" * 500_000 + b"<rdf:D"))] * 8
    )


def names_of_a_megabyte() -> bytes:
    long = b"n" * 1_000_000
    packet = XMP.replace(b"photoshop:City", b"photoshop:" + long)
    nested = XMP.replace(b"/></rdf:RDF", b"><a><rdf:Description b" + long + b'="1"/></a></rdf:Description></rdf:RDF')
    texts = [
        chunk(b"tEXt", long + b"\0Title"),
        *(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + x) for x in (packet, nested)),
    ]
    return png(*texts)


def directory_of_65535_entries() -> bytes:
    return b"II*\0\x08\0\0\0\xff\xff" + struct.pack("<HHII", MAKE, 3, 1, 1) * 65_535


def count_of_four_billion() -> bytes:
    return tiff({MAKE: Value(3, 0xFFFFFFFF, "I", (8,))})


def directories_without_end() -> bytes:
    places = range(8, 180_000, 18)
    return b"II*\0\x08\0\0\0" + b"".join(
        pack_directory({0x8769: short(8)}, place, next_ifd=place + 18) for place in places
    )


def date_behind_thousands_of_blanks() -> bytes:
    return tiff({0x9003: text("2024:01:01 00:00" + " " * 16_000 + "x")})


def number_of_thousands_of_digits() -> bytes:
    return tiff({0x829A: text("1" * 16_000), 0x8827: text("9" * 5000)})


def five_million_fill_bytes() -> bytes:
    return b"\xff\xd8" + b"\xff" * 5_000_000


def five_million_datasets() -> bytes:
    return tiff({0x83BB: undefined(b"\x1c\x02\x05\0\0" * 5_000_000)})


def million_comments() -> bytes:
    return jpeg(b"\xff\xfe\x00\x05abc" * 1_000_000)


def thousand_long_texts() -> bytes:
    return png(*[chunk(b"tEXt", b"Title%d\0" % number + b"\xe9 " * 8000) for number in range(1000)])


@pytest.mark.parametrize(
    "hostile",
    [
        boxes_in_boxes,
        count_of_four_billion,
        date_behind_thousands_of_blanks,
        directories_without_end,
        directory_of_65535_entries,
        five_million_datasets,
        five_million_fill_bytes,
        items_of_nothing,
        many_brotli_bombs,
        many_identifiers,
        many_small_bombs,
        million_comments,
        names_of_a_megabyte,
        number_of_thousands_of_digits,
        overlapping_items,
        packets_of_elements,
        tags_that_share_one_value,
        thousand_long_texts,
    ],
)
def test_a_hostile_file_costs_little(hostile: Callable[[], bytes]) -> None:
    data = hostile()
    check(data)
    tracemalloc.start()
    try:
        read_exif(data, "EXIF")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MEMORY
