"""Bytes that should be text: readable, or nothing. Never mojibake."""

import re
import string
import unicodedata
from typing import Final

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_LATIN_RUN: Final = re.compile(rb"[\x80-\xff]{3,}")
_PLAIN: Final = (string.ascii_letters + string.digits).encode()
_FOREIGN: Final = bytes(range(0x80, 0x100))
_PLAUSIBLE: Final = bytes(range(0xC0, 0x100)) + "€…‘’“”•–—™¡£§©ª«®°±²³´µ·¹º»¼½¾¿\xa0".encode("cp1252")
"""What Western text holds beside ASCII. The letters below 0xC0 are rare in it, and others in every other code page."""

_COMMENT_CODES: Final = {b"ASCII\0\0\0": "utf-8", b"JIS\0\0\0\0\0": "iso2022_jp", b"UNICODE\0": "utf-16"}
"""Character code prefixes of UserComment and the GPS texts (EXIF 3.0, UserComment)."""


def clean(text: str) -> str:
    """Return `text` without padding and control characters; line breaks and tabs stay."""
    return _CONTROLS.sub("", text).strip(" \t\r\n\ufeff")


def decode_text(raw: bytes) -> str | None:
    """Read text of unknown encoding: UTF-8, else plausible Windows-1252 (Latin-1); `None` when it is neither.

    EXIF 3.0 says ASCII or UTF-8; cameras and programs also wrote their local code page.
    """
    if raw.isascii():
        return clean(raw.decode("ascii"))
    try:
        return clean(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        # A field of fixed size may have cut the last character in two.
        if error.reason == "unexpected end of data":
            return clean(raw[: error.start].decode("utf-8"))
    return _decode_windows_1252(raw)


def _decode_windows_1252(raw: bytes) -> str | None:
    """Western text has single accented letters among plain ones; other code pages show runs and odd signs."""
    foreign, plain = len(raw) - len(raw.translate(None, _FOREIGN)), len(raw) - len(raw.translate(None, _PLAIN))
    plausible = len(raw) - len(raw.translate(None, _PLAUSIBLE))
    if foreign > min(plain, plausible) or _LATIN_RUN.search(raw):
        return None
    return clean(raw.decode("cp1252"))


def readable_part(raw: bytes) -> str | None:
    """Return the ASCII of a text that is nearly all ASCII, of which the rest could not be read; `None` of others."""
    rest = raw.translate(None, _FOREIGN)
    return clean(rest.decode("ascii")) if 10 * (len(raw) - len(rest)) <= len(rest) else None


def decode_ascii_field(raw: bytes) -> str | None:
    """Read a NUL-terminated text; what follows the first NUL is padding or left over from an older value."""
    return decode_text(raw.partition(b"\0")[0])


def decode_utf16(raw: bytes, order: str) -> str | None:
    """Read UCS-2 or UTF-16 text; a byte order mark, else what the text looks like, overrules `order`.

    `order` is "little" or "big". Writers often ignore the byte order of the TIFF block around them.
    """
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return _strict_utf16(raw[2:], "little" if raw[0] == 0xFF else "big")
    readings = [_strict_utf16(raw, each) for each in (order, "big" if order == "little" else "little")]
    first, second = readings
    if first is None or (second is not None and _oddness(second) < _oddness(first)):
        return second
    return first


def _strict_utf16(raw: bytes, order: str) -> str | None:
    try:
        text = raw[: len(raw) & ~1].decode("utf-16-le" if order == "little" else "utf-16-be")
    except UnicodeDecodeError:
        return None
    return clean(text.partition("\0")[0])


def _oddness(text: str) -> int:
    """Count the scripts mixed in `text`: swapped bytes turn one script into many, and into unassigned characters."""
    blocks = {ord(character) >> 8 for character in text}
    unassigned = sum(unicodedata.category(character) in {"Cn", "Co"} for character in text)
    return len(blocks) + 4 * unassigned


def decode_comment(raw: bytes, order: str) -> str | None:
    """Read UserComment, GPSProcessingMethod or GPSAreaInformation: eight bytes name the code, text follows."""
    code = _COMMENT_CODES.get(raw[:8])
    if code == "utf-16":
        return decode_utf16(raw[8:], order)
    if code == "iso2022_jp":
        return _decode_jis(raw[8:])
    if code == "utf-8" or raw[:8] == bytes(8):
        return decode_ascii_field(raw[8:].lstrip(b"\0"))
    # Without a known prefix it is text from the first byte on, as many writers leave it.
    return decode_ascii_field(raw)


def _decode_jis(raw: bytes) -> str | None:
    try:
        return clean(raw.rstrip(b"\0 ").decode("iso2022_jp"))
    except UnicodeDecodeError:
        return None
