"""Where each kind of file keeps its metadata."""

import itertools
import struct
import zlib

import brotli
import pytest

from core_service.exif import read_exif
from core_service.exif.bounds import MAX_BLOCK_BYTES, MAX_TEXT_BYTES, MAX_TEXTS
from tests.support.containers import (
    EXIF,
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
    resources,
    webp,
)
from tests.support.tiff import (
    DATE_TIME_ORIGINAL,
    ISO,
    LENS_MODEL,
    MAKE,
    MAKER_NOTE,
    ORIENTATION,
    app1,
    exif_jpeg,
    jpeg,
    long,
    pack_directory,
    short,
    text,
    tiff,
    undefined,
)


@pytest.mark.parametrize("name", WITH_EXIF)
def test_exif_is_found_in(name: str) -> None:
    reading = read_exif(WITH_EXIF[name], name.partition(" ")[0])
    assert (reading.metadata.camera_make, reading.metadata.iso) == ("Nikon", 400)
    assert reading.orientation == (1 if name.startswith(("HEIF", "AVIF", "JXL")) else 6)
    assert reading.warnings == []


@pytest.mark.parametrize("prefix", [b"", b"Exif\0\0", app1(b"Exif\0\0" + EXIF)[:10]])
def test_a_raw_exif_blob_is_read_with_and_without_what_stood_around_it(prefix: bytes) -> None:
    reading = read_exif(prefix + EXIF, "EXIF")
    assert (reading.metadata.camera_make, reading.orientation) == ("Nikon", 6)


def test_a_whole_file_sent_as_a_raw_blob_is_read_too() -> None:
    assert read_exif(exif_jpeg(EXIF), "EXIF").metadata.iso == 400


def test_the_content_decides_and_not_the_name_of_the_format() -> None:
    assert read_exif(WITH_EXIF["PNG"], "JPEG").metadata.iso == 400


@pytest.mark.parametrize("name", WITH_XMP)
def test_xmp_is_found_in(name: str) -> None:
    assert read_exif(WITH_XMP[name], name.partition(" ")[0]).exif_dict["XMP"] == {"photoshop:City": "Oslo"}


@pytest.mark.parametrize("name", WITH_IPTC)
def test_iptc_is_found_in(name: str) -> None:
    assert read_exif(WITH_IPTC[name], name.partition(" ")[0]).exif_dict["IPTC"] == {"City": "Oslo"}


def test_exif_longer_than_a_segment_is_put_together() -> None:
    structure = tiff({MAKE: text("Nikon"), 0x9999: undefined(bytes(70_000)), 0xFFFE: text("Z9 at the very end")})
    segments = [app1(b"Exif\0\0" + structure[at : at + 65_000]) for at in range(0, len(structure), 65_000)]
    assert read_exif(jpeg(*segments), "JPEG").exif_dict["EXIF"]["0xfffe"] == "Z9 at the very end"


def test_extended_xmp_is_put_together_whatever_the_order() -> None:
    guid = b"0123456789ABCDEF0123456789ABCDEF"
    main = XMP.replace(
        b"photoshop:City",
        b'xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="' + guid + b'" photoshop:City',
    )
    rest = XMP.replace(b"photoshop:City", b"photoshop:Country").replace(b"Oslo", b"Norway")
    parts = [(at, rest[at : at + 100]) for at in range(0, len(rest), 100)]
    segments = [
        app1(EXTENDED_SEGMENT + guid + struct.pack(">II", len(rest), at) + part) for at, part in reversed(parts)
    ]
    stale = app1(EXTENDED_SEGMENT + b"F" * 32 + struct.pack(">II", len(XMP), 0) + XMP.replace(b"City", b"State"))
    found = read_exif(jpeg(app1(XMP_SEGMENT + main), stale, *segments), "JPEG").exif_dict["XMP"]
    assert found == {"xmpNote:HasExtendedXMP": guid.decode(), "photoshop:City": "Oslo", "photoshop:Country": "Norway"}


def test_cr3_keeps_every_directory_in_a_box_of_its_own() -> None:
    canon = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
    directories = (
        box(b"CMT1", tiff({MAKE: text("Canon"), ORIENTATION: short(8)}))
        + box(b"CMT2", tiff({ISO: short(800), DATE_TIME_ORIGINAL: text("2024:04:27 14:55:20")}))
        + box(b"CMT3", tiff({0x0095: text("RF50mm F1.2 L USM")}))
        + box(b"CMT4", tiff({1: text("N")}))
    )
    reading = read_exif(box(b"ftyp", b"crx ") + box(b"moov", box(b"uuid", canon + directories)), "CR3")
    assert (reading.metadata.camera_make, reading.metadata.iso, reading.orientation) == ("Canon", 800, 8)
    assert reading.metadata.taken_at_source == "EXIF:DateTimeOriginal"
    assert reading.metadata.lens_model == "RF50mm F1.2 L USM"
    assert reading.exif_dict["GPS"] == {"GPSLatitudeRef": "N"}


def test_rw2_is_read_from_its_own_tags_and_from_the_jpeg_inside() -> None:
    note = b"Panasonic\0\0\0"
    with_note = tiff({MAKE: text("Panasonic")}, exif={MAKER_NOTE: undefined(note)})
    at = with_note.index(note) + len(note)
    directory = pack_directory({0x0051: text("LUMIX G 20/F1.7")}, at)
    inside = exif_jpeg(tiff({MAKE: text("Panasonic")}, exif={MAKER_NOTE: undefined(note + directory)}))
    raw = tiff(
        {0x0017: short(200), 0x002E: undefined(inside), MAKE: text("Panasonic"), ORIENTATION: long(3)}, magic=0x0055
    )
    reading = read_exif(raw, "RW2")
    assert (reading.metadata.iso, reading.orientation) == (200, 3)
    assert reading.metadata.lens_model == "LUMIX G 20/F1.7"


def test_a_copy_in_photoshops_resources_adds_nothing_to_the_original() -> None:
    copy = tiff({MAKE: text("Canon"), ORIENTATION: short(8)})
    both = jpeg(resources((0x0422, copy)), app1(b"Exif\0\0" + tiff({MAKE: text("Nikon")})))
    reading = read_exif(both, "JPEG")
    assert (reading.metadata.camera_make, reading.orientation) == ("Nikon", 1)


def heif_of_pieces(pieces: list[bytes], *, item: int = 7) -> bytes:
    """A HEIF whose only item lies in `pieces`, numbered in 32 bit, with an index, and places counted from a base."""
    infe = box(b"infe", b"\3\0\0\0" + struct.pack(">IH", item, 0) + b"Exif\0")
    iinf = box(b"iinf", b"\1\0\0\0" + struct.pack(">I", 1) + infe)

    def meta(base: int) -> bytes:
        places, at = b"", 0
        for index, piece in enumerate(pieces):
            places += struct.pack(">HII", index, at, len(piece))
            at += len(piece) + 3
        head = struct.pack(">IIHHQH", 1, item, 0, 0, base, len(pieces))
        return box(b"meta", bytes(4) + iinf + box(b"iloc", b"\2\0\0\0\x44\x82" + head + places))

    start = 12 + len(meta(0)) + 8
    return box(b"ftyp", b"heic") + meta(start) + box(b"mdat", b"gap".join(pieces))


@pytest.mark.parametrize("cuts", [[], [20], [4, 6, 50]])
def test_an_item_may_lie_in_pieces(cuts: list[int]) -> None:
    content = struct.pack(">I", 6) + b"Exif\0\0" + EXIF
    borders = [0, *cuts, len(content)]
    pieces = [content[start:end] for start, end in itertools.pairwise(borders)]
    assert read_exif(heif_of_pieces(pieces), "HEIF").metadata.iso == 400


def test_an_extent_without_a_length_goes_on_to_the_end() -> None:
    whole = heif_of_pieces([bytes(4) + EXIF])
    endless = whole.replace(struct.pack(">HII", 0, 0, len(EXIF) + 4), struct.pack(">HII", 0, 0, 0))
    assert endless != whole
    assert read_exif(endless, "HEIF").metadata.iso == 400


def test_a_box_may_say_its_size_in_64_bits() -> None:
    body = bytes(4) + EXIF
    exif = struct.pack(">I4sQ", 1, b"Exif", len(body) + 16) + body
    assert read_exif(JXL_SIGNATURE + exif + box(b"xml ", XMP), "JXL").exif_dict["XMP"] == {"photoshop:City": "Oslo"}
    assert read_exif(JXL_SIGNATURE + exif, "JXL").metadata.iso == 400


def test_only_so_many_texts_of_a_reasonable_length_are_kept() -> None:
    long, short_one = chunk(b"tEXt", b"Long\0" + b"x" * (MAX_TEXT_BYTES + 1)), chunk(b"tEXt", b"Short\0x")
    again = chunk(b"tEXt", b"Short\0y")
    assert read_exif(png(long, short_one, again), "PNG").exif_dict["Text"] == {"Short": "x"}
    many = [chunk(b"tEXt", b"Number %d\0x" % number) for number in range(MAX_TEXTS + 10)]
    assert len(read_exif(png(*many), "PNG").exif_dict["Text"]) == MAX_TEXTS


def test_what_stands_behind_the_end_of_a_png_is_not_part_of_it() -> None:
    assert read_exif(png() + chunk(b"eXIf", EXIF), "PNG").exif_dict == {}


def test_texts_of_the_container_are_kept() -> None:
    chunks = [chunk(b"tEXt", b"Title\0Fjord"), chunk(b"zTXt", b"Author\0\0" + zlib.compress(b"Kari"))]
    assert read_exif(png(*chunks), "PNG").exif_dict["Text"] == {"Title": "Fjord", "Author": "Kari"}
    commented = jpeg(b"\xff\xfe\x00\x07hello")
    assert read_exif(commented, "JPEG").exif_dict["Text"] == {"Comment": "hello"}


def test_what_grows_beyond_the_bound_when_it_is_decompressed_is_left_out() -> None:
    bomb = zlib.compress(XMP + bytes(MAX_BLOCK_BYTES))
    assert "XMP" not in read_exif(png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + bomb)), "PNG").exif_dict
    bomb = brotli.compress(XMP + bytes(MAX_BLOCK_BYTES), quality=1)
    assert "XMP" not in read_exif(JXL_SIGNATURE + box(b"brob", b"xml " + bomb), "JXL").exif_dict


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff\xe1",
        b"\xff\xd8\xff\xe1\x00\x00",
        b"\x89PNG\r\n\x1a\n",
        png(chunk(b"iTXt", b"XML:com.adobe.xmp")),
        png(chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n 4\nxyz"))),
        b"RIFF\xff\xff\xff\xffWEBP",
        webp((b"EXIF", b"")),
        JXL_SIGNATURE + box(b"brob", b"Exifnot brotli"),
        JXL_SIGNATURE + box(b"brob", b"brob" + brotli.compress(b"Exif")),
        JXL_SIGNATURE + b"\0\0\0\1Exif",
        box(b"ftyp", b"heic") + box(b"meta", b""),
        box(b"ftyp", b"heic") + box(b"meta", bytes(4) + box(b"iloc", b"\x01\0\0\0\xff\xff\xff\xff")),
        b"FUJIFILMCCD-RAW ",
        b"\0MRM" + bytes(4) + b"\0PRD\xff\xff\xff\xff",
        b"GIF89a!\xff\x0bXMP DataXMP<x",
        b"text, not an image",
    ],
)
def test_a_container_that_is_broken_holds_nothing(data: bytes) -> None:
    reading = read_exif(data, "EXIF")
    assert (reading.exif_dict, reading.orientation, reading.warnings) == ({}, 1, [])


def test_a_lens_in_exif_is_read_through_every_door() -> None:
    structure = tiff(exif={LENS_MODEL: text("NIKKOR Z 40mm f/2")})
    assert read_exif(memoryview(exif_jpeg(structure)), "JPEG").metadata.lens_model == "NIKKOR Z 40mm f/2"


@pytest.mark.parametrize("files", [WITH_EXIF, WITH_XMP, WITH_IPTC])
def test_nothing_of_the_file_is_held_on_to(files: dict[str, bytes]) -> None:
    """The caller reads files in memory that it uses again, which no view may keep from being released."""
    for name, data in files.items():
        buffer = bytearray(data)
        reading = read_exif(memoryview(buffer), name.partition(" ")[0])
        assert reading.exif_dict
        buffer.clear()
