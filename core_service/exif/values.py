"""From a field of a directory to a value that JSON can hold."""

import hashlib
from typing import Any, Final

from core_service.exif.bounds import MAX_NUMBERS, Budget
from core_service.exif.fields import TEXT_TYPES, UNDEFINED, Field
from core_service.exif.notes import Notes
from core_service.exif.text import decode_ascii_field, decode_comment, decode_utf16, readable_part

_COMMENTS: Final = frozenset({"UserComment", "GPSProcessingMethod", "GPSAreaInformation"})
_WINDOWS_TEXTS: Final = frozenset({"XPTitle", "XPComment", "XPAuthor", "XPKeywords", "XPSubject"})
_VERSIONS: Final = frozenset({"ExifVersion", "FlashpixVersion", "InteropVersion"})
_TEXTS: Final = _COMMENTS | _WINDOWS_TEXTS | _VERSIONS
"""Tags that hold text whatever type they claim."""
_BLOCKS: Final = frozenset({"MakerNote", "ApplicationNotes", "IPTC-NAA", "PhotoshopSettings", "ICC_Profile"})
"""Tags that hold a structure of their own, whatever type they claim."""
_SMALL_UNDEFINED: Final = frozenset({"FileSource", "SceneType", "ComponentsConfiguration"})


def digest(raw: bytes | memoryview, budget: Budget) -> dict[str, Any]:
    """Say of binary data how long it is and which it is: `{"bytes": n, "sha256": "…"}`."""
    told: dict[str, Any] = {"bytes": len(raw)}
    if budget.pay_digest(len(raw)):
        told["sha256"] = hashlib.sha256(raw).hexdigest()
    return told


def json_value(field: Field, name: str, budget: Budget, notes: Notes) -> Any:
    """Return the value of `field` for JSON: text, a number, a list of numbers, or length and digest."""
    if name in _BLOCKS:
        return digest(field.raw, budget)
    if field.kind in TEXT_TYPES or name in _TEXTS:
        return _text(field, name, budget, notes)
    if field.kind == UNDEFINED and name in _SMALL_UNDEFINED and field.count <= 4:
        return list_or_one(list(field.raw))
    if field.kind == UNDEFINED or field.count > MAX_NUMBERS:
        return digest(field.raw, budget)
    return list_or_one(field.numbers())


def list_or_one(values: list[Any]) -> Any:
    """Return the only value, or the list where there are more or none."""
    return values[0] if len(values) == 1 else values


def _text(field: Field, name: str, budget: Budget, notes: Notes) -> Any:
    if not budget.pay_output(len(field.raw)):
        return digest(field.raw, budget)
    text = _decode(bytes(field.raw), field, name)
    if text is None:
        text = unreadable(bytes(field.raw).partition(b"\0")[0], name, notes)
    return digest(field.raw, budget) if text is None else text


def unreadable(raw: bytes, name: str, notes: Notes) -> str | None:
    """Warn of text in an unknown encoding, and return what can be read of it all the same."""
    notes.warn("text-unreadable", f"The text of {name} is in an unknown encoding; what could not be read was left out.")
    return readable_part(raw)


def _decode(raw: bytes, field: Field, name: str) -> str | None:
    if name in _WINDOWS_TEXTS:
        return decode_utf16(raw, "little")
    if name in _COMMENTS:
        return decode_comment(raw, field.order)
    if name == "Copyright":  # photographer, NUL, editor (EXIF 3.0, Copyright)
        holders = [decode_ascii_field(part) for part in raw.split(b"\0")[:2]]
        return None if None in holders else "; ".join(holder for holder in holders if holder)
    return decode_ascii_field(raw)
