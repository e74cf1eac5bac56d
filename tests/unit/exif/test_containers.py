"""Where each kind of file keeps its metadata: the smallest file of each kind, made by hand, without a picture."""

import binascii
import struct
import zlib

import brotli
import pytest

from core_service.exif import read_exif
from core_service.exif.bounds import MAX_BLOCK_BYTES
from tests.support.tiff import (
    DATE_TIME_ORIGINAL,
    ISO,
    LENS_MODEL,
    MAKE,
    MAKER_NOTE,
    ORIENTATION,
    app1,
    ascii,  # noqa: A004 — it is TIFF's own name
    exif_jpeg,
    jpeg,
    long,
    pack_directory,
    short,
    tiff,
    undefined,
)

EXIF = tiff({MAKE: ascii("Nikon"), ORIENTATION: short(6)}, exif={ISO: short(400)})
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="Oslo"/>'
    b"</rdf:RDF></x:xmpmeta>"
)
XMP_SEGMENT = b"http://ns.adobe.com/xap/1.0/\0"
EXTENDED_SEGMENT = b"http://ns.adobe.com/xmp/extension/\0"
IPTC = b"\x1c\x02\x5a\x00\x04Oslo"
RESOURCES = b"8BIM\x04\x25\x00\x00\x00\x00\x00\x02xx8BIM\x04\x04\x00\x00" + struct.pack(">I", len(IPTC)) + IPTC + b"\0"
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + b"".join(chunks) + chunk(b"IEND", b"")


def webp(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for kind, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def heif(brand: bytes, items: dict[int, tuple[bytes, bytes]], *, in_item_data: bool = False) -> bytes:
    """`items`: number → (kind with the rest of its entry, content)."""
    entries = b"".join(
        box(b"infe", b"\x02\0\0\0" + struct.pack(">HH", item, 0) + kind) for item, (kind, _) in items.items()
    )
    contents = b"".join(content for _, content in items.values())

    def meta(start: int) -> bytes:
        places = b""
        for item, (_, content) in items.items():
            places += struct.pack(">HHHHII", item, int(in_item_data), 0, 1, start, len(content))
            start += len(content)
        iloc = box(b"iloc", b"\x01\0\0\0\x44\0" + struct.pack(">H", len(items)) + places)
        iinf = box(b"iinf", bytes(4) + struct.pack(">H", len(items)) + entries)
        return box(b"meta", bytes(4) + iinf + iloc + (box(b"idat", contents) if in_item_data else b""))

    head = box(b"ftyp", brand + bytes(4) + b"mif1")
    start = 0 if in_item_data else len(head) + len(meta(0)) + 8
    return head + meta(start) + box(b"mdat", contents)


EXIF_ITEM = {1: (b"hvc1\0", b"picture"), 2: (b"Exif\0", struct.pack(">I", 6) + b"Exif\0\0" + EXIF)}
XMP_ITEM = {3: (b"mime\0application/rdf+xml\0", XMP)}
JXL_SIGNATURE = b"\0\0\0\x0cJXL \r\n\x87\n"
JP2_SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"


def raf(embedded: bytes) -> bytes:
    return b"FUJIFILMCCD-RAW 0201".ljust(84, b"\0") + struct.pack(">II", 100, len(embedded)) + bytes(8) + embedded


def raw_profile(name: str, profile: bytes) -> bytes:
    text = f"\n{name}\n{len(profile):8}\n{binascii.hexlify(profile, chr(10), -36).decode()}\n".encode()
    return chunk(b"zTXt", b"Raw profile type " + name.encode() + b"\0\0" + zlib.compress(text))


WITH_EXIF = {
    "JPEG": exif_jpeg(EXIF),
    "JPEG with fill bytes": b"\xff\xd8\xff\xff\xff" + app1(b"Exif\0\0" + EXIF)[1:] + b"\xff\xd9",
    "JPEG cut off": exif_jpeg(EXIF)[:-2],
    "PNG": png(chunk(b"eXIf", EXIF)),
    "PNG behind the picture": png(chunk(b"IDAT", bytes(1000)), chunk(b"eXIf", EXIF)),
    "PNG raw profile exif": png(raw_profile("exif", b"Exif\0\0" + EXIF)),
    "PNG raw profile APP1": png(raw_profile("APP1", b"Exif\0\0" + EXIF)),
    "WEBP": webp((b"VP8X", bytes(10)), (b"ICCP", b"odd"), (b"EXIF", EXIF)),
    "WEBP with the prefix of JPEG": webp((b"EXIF", b"Exif\0\0" + EXIF)),
    "TIFF": EXIF,
    "ORF": EXIF.replace(b"II*\0", b"IIRO", 1),
    "RAF": raf(exif_jpeg(EXIF)),
    "MRW": b"\0MRM\0\0\0\0\0PRD\0\0\0\x08" + bytes(8) + b"\0TTW" + struct.pack(">I", len(EXIF)) + EXIF,
    "JP2": JP2_SIGNATURE + box(b"ftyp", b"jp2 ") + box(b"uuid", b"JpgTiffExif->JP2" + EXIF),
    "HEIF": heif(b"heic", EXIF_ITEM),
    "HEIF in idat": heif(b"heic", EXIF_ITEM, in_item_data=True),
    "AVIF": heif(b"avif", EXIF_ITEM),
    "JXL": JXL_SIGNATURE + box(b"ftyp", b"jxl ") + box(b"Exif", bytes(4) + EXIF) + box(b"jxlc", b"picture"),
    "JXL with brotli": JXL_SIGNATURE + box(b"brob", b"Exif" + brotli.compress(bytes(4) + EXIF)),
}  # fmt: skip


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


WITH_XMP = {
    "JPEG": jpeg(app1(XMP_SEGMENT + XMP)),
    "PNG": png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)),
    "PNG compressed": png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0en\0XMP\0" + zlib.compress(XMP))),
    "PNG raw profile": png(raw_profile("xmp", XMP)),
    "WEBP": webp((b"XMP ", XMP)),
    "TIFF": tiff({0x02BC: undefined(XMP)}),
    "GIF": b"GIF89a" + bytes(7) + b"!\xff\x0bXMP DataXMP" + XMP + b"\x01\xff\xfe\xfd" + bytes(254),
    "HEIF": heif(b"heic", XMP_ITEM),
    "JXL": JXL_SIGNATURE + box(b"xml ", XMP),
    "JP2": JP2_SIGNATURE + box(b"uuid", XMP_UUID + XMP),
    "CR3": box(b"ftyp", b"crx ") + box(b"uuid", XMP_UUID + XMP),
}


@pytest.mark.parametrize("name", WITH_XMP)
def test_xmp_is_found_in(name: str) -> None:
    assert read_exif(WITH_XMP[name], name.partition(" ")[0]).exif_dict["XMP"] == {"photoshop:City": "Oslo"}


WITH_IPTC = {
    "JPEG": jpeg(b"\xff\xed" + struct.pack(">H", len(RESOURCES) + 16) + b"Photoshop 3.0\0" + RESOURCES),
    "PNG": png(raw_profile("iptc", RESOURCES)),
    "TIFF": tiff({0x83BB: undefined(IPTC)}),
    "TIFF in Photoshop's resources": tiff({0x8649: undefined(RESOURCES)}),
    "JP2": JP2_SIGNATURE + box(b"uuid", bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38") + IPTC),
}


@pytest.mark.parametrize("name", WITH_IPTC)
def test_iptc_is_found_in(name: str) -> None:
    assert read_exif(WITH_IPTC[name], name.partition(" ")[0]).exif_dict["IPTC"] == {"City": "Oslo"}


def test_exif_longer_than_a_segment_is_put_together() -> None:
    structure = tiff({MAKE: ascii("Nikon"), 0x9999: undefined(bytes(70_000)), 0xFFFE: ascii("Z9 at the very end")})
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
        box(b"CMT1", tiff({MAKE: ascii("Canon"), ORIENTATION: short(8)}))
        + box(b"CMT2", tiff({ISO: short(800), DATE_TIME_ORIGINAL: ascii("2024:04:27 14:55:20")}))
        + box(b"CMT3", tiff({0x0095: ascii("RF50mm F1.2 L USM")}))
        + box(b"CMT4", tiff({1: ascii("N")}))
    )
    reading = read_exif(box(b"ftyp", b"crx ") + box(b"moov", box(b"uuid", canon + directories)), "CR3")
    assert (reading.metadata.camera_make, reading.metadata.iso, reading.orientation) == ("Canon", 800, 8)
    assert reading.metadata.taken_at_source == "EXIF:DateTimeOriginal"
    assert reading.metadata.lens_model == "RF50mm F1.2 L USM"
    assert reading.exif_dict["GPS"] == {"GPSLatitudeRef": "N"}


def test_rw2_is_read_from_its_own_tags_and_from_the_jpeg_inside() -> None:
    note = b"Panasonic\0\0\0"
    with_note = tiff({MAKE: ascii("Panasonic")}, exif={MAKER_NOTE: undefined(note)})
    at = with_note.index(note) + len(note)
    directory = pack_directory({0x0051: ascii("LUMIX G 20/F1.7")}, at)
    inside = exif_jpeg(tiff({MAKE: ascii("Panasonic")}, exif={MAKER_NOTE: undefined(note + directory)}))
    raw = tiff(
        {0x0017: short(200), 0x002E: undefined(inside), MAKE: ascii("Panasonic"), ORIENTATION: long(3)}, magic=0x0055
    )
    reading = read_exif(raw, "RW2")
    assert (reading.metadata.iso, reading.orientation) == (200, 3)
    assert reading.metadata.lens_model == "LUMIX G 20/F1.7"


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
    structure = tiff(exif={LENS_MODEL: ascii("NIKKOR Z 40mm f/2")})
    assert read_exif(memoryview(exif_jpeg(structure)), "JPEG").metadata.lens_model == "NIKKOR Z 40mm f/2"
