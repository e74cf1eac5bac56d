"""The evidence for a photo's time and its offset."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from metadata_service.corrections.folding import Time
from metadata_service.provenance.schemas import Evidence
from metadata_service.provenance.tags import CAPTURE_DATES, MODIFIED, OFFSETS, date_at, tag_at, understood
from metadata_service.tables import Correction, Photo

_MODIFIED: Final = "It is when a program last wrote the file, and counts only where nothing else is known"
_DERIVED: Final = "offset-derived-from-gps"


def time(photo: Photo, said: Time, exif: Mapping[str, Any], history: Sequence[Correction]) -> list[Evidence]:
    """What says when: corrections, the last first; tags in the order they are believed; when nothing does, arrival."""
    steps = [row for row in history if row.kind == "time" and row.value["op"] in {"set_time", "shift"}]
    found = list(corrections(steps, overrules="set_time"))
    is_overruled = any(row.undone_at is None and row.value["op"] == "set_time" for row in steps)
    found += _tags(said, exif, is_overruled=is_overruled)
    if photo.taken_at is None:
        arrived = photo.created_at.isoformat().replace("+00:00", "Z")
        found.append(
            _evidence("arrival", arrived, arrived, "Nobody knows when; it is sorted by when it came", used=True)
        )
    return found


def _tags(said: Time, exif: Mapping[str, Any], *, is_overruled: bool) -> Iterator[Evidence]:
    source = said.taken_at_source
    paths = [path for path in (*CAPTURE_DATES, MODIFIED) if date_at(exif, path) is not None]
    for path in paths:
        raw = date_at(exif, path)
        is_source = path == source
        value = said.taken_at.isoformat() if is_source and said.taken_at else understood(raw)
        yield _evidence(path, raw, value, _why(path, value, source, is_overruled), used=is_source and not is_overruled)
    if said.taken_at is not None and source not in paths:
        value = said.taken_at.isoformat()
        why = "You corrected it" if is_overruled else "Who brought the photo said so; the tag itself was not kept"
        yield _evidence(source or "client", None, value, why, used=not is_overruled)


def _why(path: str, value: str | None, source: str | None, is_overruled: bool) -> str:
    if path == source:
        said = "You corrected it" if is_overruled else "The first source that holds a time which makes sense"
        return f"{said}. {_MODIFIED}" if path == MODIFIED else said
    if value is None:
        return "No date that makes sense"
    if path == MODIFIED:
        return _MODIFIED
    return f"{source} comes first" if source else "Another source was believed"


def offset(
    photo: Photo, said: Time, exif: Mapping[str, Any], warnings: Sequence[Any], history: Sequence[Correction]
) -> list[Evidence]:
    """What says how far the clock was from UTC."""
    steps = [row for row in history if row.kind == "time" and "offset" in row.value]
    found = list(corrections(steps, overrules="offset", name="offset"))
    is_overruled = any(row.undone_at is None for row in steps)
    is_derived = any(isinstance(warning, dict) and warning.get("code") == _DERIVED for warning in warnings)
    stated = False
    for path in OFFSETS:
        raw = tag_at(exif, path)
        if raw is None:
            continue
        is_source = raw == said.taken_at_offset and not stated and not is_derived
        stated = stated or is_source
        why = "It belongs to the time that counts" if is_source else "It belongs to another time, or makes no sense"
        used = is_source and not is_overruled
        found.append(_evidence(path, raw, raw, "You corrected it" if is_source and is_overruled else why, used=used))
    if said.taken_at_offset and not stated:
        source, why = (
            ("GPS:GPSTimeStamp", "The distance between the clock and GPS time")
            if is_derived
            else (
                "client" if not exif else said.taken_at_source or "client",
                "It came with the time",
            )
        )
        raw = date_at(exif, "GPS:GPSDateStamp") if is_derived else None
        found.append(_evidence(source, raw, said.taken_at_offset, why, used=not is_overruled))
    return found


def corrections(steps: Sequence[Correction], *, overrules: str, name: str = "taken_at") -> Iterator[Evidence]:
    """A history as evidence: the last first, none below a step that sets the value anew."""
    is_overruled = False
    for row in reversed(steps):
        counts = row.undone_at is None and not is_overruled
        if row.undone_at is not None:
            why = f"Undone on {row.undone_at:%Y-%m-%d}"
        elif is_overruled:
            why = "A later correction overrules it"
        else:
            why = row.reason or f"Corrected on {row.created_at:%Y-%m-%d}"
        yield _evidence("correction", row.value, _meant(row.value, name), why, used=counts)
        is_overruled = is_overruled or (counts and (row.value["op"] in {overrules, "no_place"} or name in row.value))


def _meant(step: Mapping[str, Any], name: str) -> Any:
    """What a correction says by itself; how far a shift moves."""
    if step["op"] == "place":
        return [step["latitude"], step["longitude"]]
    if step["op"] == "shift":
        return f"{'-' if step['milliseconds'] < 0 else '+'}{timedelta(milliseconds=abs(step['milliseconds']))}"
    return step.get(name)


def _evidence(source: str, raw: Any, value: Any, why: str, *, used: bool) -> Evidence:
    return Evidence(source=source, raw=raw, value=value, used=used, why=f"{why}.")
