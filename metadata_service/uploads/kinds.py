"""Tells by its first bytes what is surely no picture, so that it need not be taken in. The rest is core_service's word.

A file's name says nothing: an archive called `.jpg` is an archive.
"""

from typing import Final

LOOKED_AT: Final = 64
"""How many bytes are enough."""

_REFUSED: Final = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"%PDF-", "a PDF document"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"#!", "a script"),
    (b"SQLite format 3\x00", "a database"),
    (b"8BPS", "a Photoshop document"),
    (b"OggS", "a sound"),
    (b"ID3", "a sound"),
    (b"fLaC", "a sound"),
    (b"\x1aE\xdf\xa3", "a film"),
    (b"FLV\x01", "a film"),
)
_TEXT: Final = (b"<!doctype html", b"<html", b"<?xml", b"<svg", b"{", b"[{")
_FILMS: Final = (b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"qt  ", b"m4v ", b"3gp", b"m4a ")
_TYPES: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xff\x0a", "image/jxl"),
    (b"\x00\x00\x00\x0cJXL ", "image/jxl"),
    (b"\x00\x00\x00\x0cjP  ", "image/jp2"),
)


def refusal(beginning: bytes) -> str | None:
    """Say what a file is, if it is surely no picture."""
    if not beginning:
        return "empty"
    for magic, what in _REFUSED:
        if beginning.startswith(magic):
            return what
    if beginning[4:8] == b"ftyp" and beginning[8:12].lower().startswith(_FILMS):
        return "a film"
    if beginning.startswith(b"RIFF") and beginning[8:12] in {b"AVI ", b"WAVE"}:
        return "a film or a sound"
    if beginning.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_TEXT):
        return "text"
    return None


def media_type(beginning: bytes) -> str:
    """Name the kind of picture, as far as its first bytes tell."""
    for magic, name in _TYPES:
        if beginning.startswith(magic):
            return name
    if beginning.startswith(b"RIFF") and beginning[8:12] == b"WEBP":
        return "image/webp"
    if beginning[4:8] == b"ftyp":
        return "image/avif" if beginning[8:12] in {b"avif", b"avis"} else "image/heif"
    return "application/octet-stream"
