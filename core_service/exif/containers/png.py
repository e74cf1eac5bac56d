"""PNG: the chunks that carry metadata (PNG third edition, 11.3; XMP part 3, PNG)."""

import binascii
import zlib
from collections.abc import Iterator
from typing import Final

from core_service.exif.blocks import Blocks
from core_service.exif.bounds import MAX_BLOCK_BYTES
from core_service.exif.containers.photoshop import find_in_resources

_XMP_KEYWORD: Final = "XML:com.adobe.xmp"
_RAW_PROFILE: Final = "Raw profile type "


def find_in_png(view: memoryview, blocks: Blocks) -> None:
    """Collect eXIf and the text chunks; the picture is skipped over, never decoded."""
    for kind, body in _chunks(view, blocks):
        if kind == b"eXIf":
            blocks.add_tiff(body)
        elif kind in _TEXT_CHUNKS:
            keyword, _, rest = bytes(body[:MAX_BLOCK_BYTES]).partition(b"\0")
            _sort_text(keyword.decode("latin-1"), _TEXT_CHUNKS[kind](rest, blocks), blocks)


def _chunks(view: memoryview, blocks: Blocks) -> Iterator[tuple[bytes, memoryview]]:
    at = 8
    while blocks.look():
        length = int.from_bytes(view[at : at + 4], "big")
        kind = bytes(view[at + 4 : at + 8])
        if len(kind) < 4 or kind == b"IEND":
            return
        yield kind, view[at + 8 : at + 8 + length]
        at += 12 + length


def _inflate(packed: bytes, blocks: Blocks) -> bytes:
    """Decompress; nothing when it is no zlib stream or grows beyond the bounds."""
    bound = min(MAX_BLOCK_BYTES, blocks.unpackable)
    if bound == 0:  # which zlib takes for no bound at all
        return b""
    stream = zlib.decompressobj()
    try:
        plain = stream.decompress(packed, bound)
    except zlib.error:
        return b""
    blocks.pay_unpacked(len(plain))
    return b"" if stream.unconsumed_tail else plain


def _plain(rest: bytes, _blocks: Blocks) -> bytes:
    return rest


def _compressed(rest: bytes, blocks: Blocks) -> bytes:
    """Compression method, text."""
    return _inflate(rest[1:], blocks)


def _international(rest: bytes, blocks: Blocks) -> bytes:
    """Compression flag, method, language, translated keyword, text."""
    text = rest[2:].split(b"\0", 2)[-1]
    return _inflate(text, blocks) if rest[:1] == b"\1" else text


_TEXT_CHUNKS: Final = {b"tEXt": _plain, b"zTXt": _compressed, b"iTXt": _international}


def _sort_text(keyword: str, text: bytes, blocks: Blocks) -> None:
    if keyword == _XMP_KEYWORD:
        blocks.add_xmp(text)
    elif keyword.startswith(_RAW_PROFILE):
        _add_profile(keyword.removeprefix(_RAW_PROFILE), text, blocks)
    else:
        blocks.add_text(keyword, text)


def _add_profile(name: str, text: bytes, blocks: Blocks) -> None:
    """ImageMagick's form: a line with the name, one with the length, then the bytes in hexadecimal."""
    if len(text) > blocks.unpackable:
        return
    blocks.pay_unpacked(len(text))
    try:
        profile = memoryview(binascii.unhexlify(b"".join(text.split()[2:])))
    except binascii.Error:
        return
    if name in {"exif", "APP1"} and bytes(profile[:4]) != b"http":
        blocks.add_tiff(profile)
    elif name in {"xmp", "APP1"}:
        blocks.add_xmp(profile[bytes(profile).find(b"\0") + 1 :])
    elif name == "iptc" and bytes(profile[:1]) == b"\x1c":
        blocks.add_iptc(profile)
    elif name in {"iptc", "8bim"}:
        find_in_resources(profile, blocks)
