"""PNG files written chunk by chunk: for what Pillow does not write, and for headers that promise too much."""

import struct
import zlib

from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, content: bytes) -> bytes:
    """One chunk with its length and checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def header(width: int, height: int, bits: int = 8, colour_type: int = 2) -> bytes:
    """The signature and IHDR."""
    return SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, 0))


def bomb(width: int, height: int) -> bytes:
    """A well-formed file of one colour, as small as such a file can be."""
    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(b"\0" * (1 + 3 * width)) for _ in range(height)) + rows.flush()
    return header(width, height) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def sixteen_bit(image: Image.Image) -> bytes:
    """The RGB `image` in 16 bit a channel, low bytes not zero."""
    pixels = image.tobytes()
    row = 3 * image.width
    lines = (pixels[start : start + row] for start in range(0, len(pixels), row))
    packed = zlib.compress(b"".join(b"\0" + bytes(part for level in line for part in (level, 251)) for line in lines))
    return header(image.width, image.height, bits=16) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
