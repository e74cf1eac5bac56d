"""The smallest file of each kind that carries metadata, made by hand, without a picture.

`WITH_EXIF`, `WITH_XMP` and `WITH_IPTC` hold one for every place that a kind of file keeps them in.
"""

import binascii
import struct
import zlib

import brotli

from tests.support.tiff import ISO, MAKE, ORIENTATION, app1, exif_jpeg, jpeg, short, text, tiff, undefined

EXIF = tiff({MAKE: text("Nikon"), ORIENTATION: short(6)}, exif={ISO: short(400)})
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="Oslo"/>'
    b"</rdf:RDF></x:xmpmeta>"
)
XMP_SEGMENT = b"http://ns.adobe.com/xap/1.0/\0"
EXTENDED_SEGMENT = b"http://ns.adobe.com/xmp/extension/\0"
IPTC = b"\x1c\x01\x5a\x00\x03\x1b%G\x1c\x02\x5a\x00\x04Oslo"
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


def x3f(embedded: bytes) -> bytes:
    image = b"SECi".ljust(28, b"\0") + embedded
    directory = b"SECd\0\0\2\0" + struct.pack("<I", 2) + struct.pack("<II4s", 0, 10, b"PROP")
    directory += struct.pack("<II4s", 40, len(image), b"IMA2")
    return b"FOVb".ljust(40, b"\0") + image + directory + struct.pack("<I", 40 + len(image))


def resources(*contents: tuple[int, bytes]) -> bytes:
    """Photoshop's image resources in a segment of a JPEG."""
    packed = b"".join(
        b"8BIM" + struct.pack(">HHI", number, 0, len(content)) + content + b"\0" * (len(content) % 2)
        for number, content in contents
    )
    return b"\xff\xed" + struct.pack(">H", len(packed) + 16) + b"Photoshop 3.0\0" + packed


def raw_profile(name: str, profile: bytes) -> bytes:
    lines = f"\n{name}\n{len(profile):8}\n{binascii.hexlify(profile, chr(10), -36).decode()}\n".encode()
    return chunk(b"zTXt", b"Raw profile type " + name.encode() + b"\0\0" + zlib.compress(lines))


WITH_EXIF = {
    "JPEG": exif_jpeg(EXIF),
    "JPEG with fill bytes": b"\xff\xd8\xff\xff\xff" + app1(b"Exif\0\0" + EXIF)[1:] + b"\xff\xd9",
    "JPEG with rubbish between segments": jpeg(b"\xff\xe0\0\4ab", b"rubbish\0\xff", app1(b"Exif\0\0" + EXIF)),
    "JPEG in Photoshop's resources": jpeg(resources((0x0425, b"odd"), (0x0422, EXIF))),
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
    "X3F": x3f(exif_jpeg(EXIF)),
    "JP2": JP2_SIGNATURE + box(b"ftyp", b"jp2 ") + box(b"uuid", b"JpgTiffExif->JP2" + EXIF),
    "HEIF": heif(b"heic", EXIF_ITEM),
    "HEIF in idat": heif(b"heic", EXIF_ITEM, in_item_data=True),
    "AVIF": heif(b"avif", EXIF_ITEM),
    "JXL": JXL_SIGNATURE + box(b"ftyp", b"jxl ") + box(b"Exif", bytes(4) + EXIF) + box(b"jxlc", b"picture"),
    "JXL with brotli": JXL_SIGNATURE + box(b"brob", b"Exif" + brotli.compress(bytes(4) + EXIF)),
}  # fmt: skip

WITH_XMP = {
    "JPEG": jpeg(app1(XMP_SEGMENT + XMP)),
    "JPEG in Photoshop's resources": jpeg(resources((0x0424, XMP))),
    "JPEG behind a damaged head": jpeg(app1(XMP_SEGMENT.replace(b"http", b"XMP\0") + XMP)),
    "PNG": png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)),
    "PNG compressed": png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0en\0XMP\0" + zlib.compress(XMP))),
    "PNG raw profile": png(raw_profile("xmp", XMP)),
    "PNG raw profile APP1": png(raw_profile("APP1", XMP_SEGMENT + XMP)),
    "JXL to the end of the file": JXL_SIGNATURE + bytes(4) + b"xml " + XMP,
    "WEBP": webp((b"XMP ", XMP)),
    "TIFF": tiff({0x02BC: undefined(XMP)}),
    "GIF": b"GIF89a" + bytes(7) + b"!\xff\x0bXMP DataXMP" + XMP + b"\x01\xff\xfe\xfd" + bytes(254),
    "HEIF": heif(b"heic", XMP_ITEM),
    "JXL": JXL_SIGNATURE + box(b"xml ", XMP),
    "JP2": JP2_SIGNATURE + box(b"uuid", XMP_UUID + XMP),
    "CR3": box(b"ftyp", b"crx ") + box(b"uuid", XMP_UUID + XMP),
}

WITH_IPTC = {
    "JPEG": jpeg(b"\xff\xed" + struct.pack(">H", len(RESOURCES) + 16) + b"Photoshop 3.0\0" + RESOURCES),
    "PNG": png(raw_profile("iptc", RESOURCES)),
    "PNG without resources around it": png(raw_profile("iptc", IPTC)),
    "TIFF": tiff({0x83BB: undefined(IPTC)}),
    "TIFF in Photoshop's resources": tiff({0x8649: undefined(RESOURCES)}),
    "JP2": JP2_SIGNATURE + box(b"uuid", bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38") + IPTC),
}
