"""IPTC datasets (IPTC-NAA Information Interchange Model 4.2, chapters 1, 5 and 6)."""

from collections.abc import Iterator
from typing import Any, Final

from core_service.exif.bounds import MAX_SEGMENTS, Budget
from core_service.exif.groups import Groups
from core_service.exif.notes import Notes
from core_service.exif.text import clean, decode_text
from core_service.exif.values import digest, unreadable

_MARKER: Final = 0x1C
_CHARACTER_SET: Final = (1, 90)
_UTF8_ESCAPE: Final = b"\x1b%G"
_EXTENDED: Final = 0x8000

NAMES: Final = {
    (2, 3): "ObjectTypeReference",
    (2, 4): "ObjectAttributeReference",
    (2, 5): "ObjectName",
    (2, 7): "EditStatus",
    (2, 10): "Urgency",
    (2, 12): "SubjectReference",
    (2, 15): "Category",
    (2, 20): "SupplementalCategories",
    (2, 22): "FixtureIdentifier",
    (2, 25): "Keywords",
    (2, 26): "ContentLocationCode",
    (2, 27): "ContentLocationName",
    (2, 30): "ReleaseDate",
    (2, 35): "ReleaseTime",
    (2, 37): "ExpirationDate",
    (2, 38): "ExpirationTime",
    (2, 40): "SpecialInstructions",
    (2, 55): "DateCreated",
    (2, 60): "TimeCreated",
    (2, 62): "DigitalCreationDate",
    (2, 63): "DigitalCreationTime",
    (2, 65): "OriginatingProgram",
    (2, 70): "ProgramVersion",
    (2, 75): "ObjectCycle",
    (2, 80): "By-line",
    (2, 85): "By-lineTitle",
    (2, 90): "City",
    (2, 92): "Sub-location",
    (2, 95): "Province-State",
    (2, 100): "Country-PrimaryLocationCode",
    (2, 101): "Country-PrimaryLocationName",
    (2, 103): "OriginalTransmissionReference",
    (2, 105): "Headline",
    (2, 110): "Credit",
    (2, 115): "Source",
    (2, 116): "CopyrightNotice",
    (2, 118): "Contact",
    (2, 120): "Caption-Abstract",
    (2, 121): "LocalCaption",
    (2, 122): "Writer-Editor",
    (2, 131): "ImageOrientation",
    (2, 135): "LanguageIdentifier",
}
"""Names as exiftool spells them, by record and dataset."""
_REPEATABLE: Final = frozenset({"Keywords", "SupplementalCategories", "By-line", "By-lineTitle", "SubjectReference"})


def read_iptc(stream: bytes | memoryview, groups: Groups, budget: Budget, notes: Notes) -> None:
    """Add the datasets with a name to the group `IPTC`; those that may repeat become lists, dates read `2024:04:27`."""
    found: dict[str, list[Any]] = {}
    utf8 = False
    for record, number, raw in _datasets(memoryview(stream)):
        if (record, number) == _CHARACTER_SET:
            utf8 = bytes(raw) == _UTF8_ESCAPE
        name = NAMES.get((record, number))
        if name is not None and budget.pay_tag():
            found.setdefault(name, []).append(_value(name, raw, utf8, budget, notes))
    for name, values in found.items():
        groups.add("IPTC", name, values if name in _REPEATABLE else values[0])


def _datasets(view: memoryview) -> Iterator[tuple[int, int, memoryview]]:
    """Yield record, number and content of each dataset (IIM 4.2, chapter 1): marker, number, length, content."""
    at = 0
    for _ in range(MAX_SEGMENTS):
        if at + 5 > len(view) or view[at] != _MARKER:
            return
        record, number = view[at + 1], view[at + 2]
        length = int.from_bytes(view[at + 3 : at + 5], "big")
        at += 5
        if length & _EXTENDED:  # the length of the length, then the length
            width = length & ~_EXTENDED
            length = int.from_bytes(view[at : at + min(width, 8)], "big")
            at += width
        if at > len(view):
            return
        yield record, number, view[at : at + length]
        at += length


def _value(name: str, raw: memoryview, utf8: bool, budget: Budget, notes: Notes) -> Any:
    text = None
    if budget.pay_output(len(raw)):
        text = clean(bytes(raw).decode("utf-8", "ignore")) if utf8 else decode_text(bytes(raw).rstrip(b"\0"))
        if text is None:
            text = unreadable(bytes(raw), name, notes)
    if text is None:
        return digest(raw, budget)
    return _punctuate(name, text)


def _punctuate(name: str, text: str) -> str:
    """Dates are written CCYYMMDD, times HHMMSS±HHMM (IIM 4.2, datasets 2:55 and 2:60)."""
    if name.endswith("Date") or name == "DateCreated":
        return f"{text[:4]}:{text[4:6]}:{text[6:]}" if len(text) == 8 and text.isdigit() else text
    if (name.endswith("Time") or name == "TimeCreated") and text[:6].isdigit():
        zone = f"{text[6:9]}:{text[9:11]}" if len(text) == 11 else text[6:]
        return f"{text[:2]}:{text[2:4]}:{text[4:6]}{zone}"
    return text
