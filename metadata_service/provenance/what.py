"""The evidence for a photo's place, camera and size."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from metadata_service.corrections.folding import Place
from metadata_service.provenance.schemas import Evidence
from metadata_service.provenance.tags import (
    HEIGHTS,
    LENSES,
    MAKES,
    MODELS,
    ORIENTATION,
    WIDTHS,
    degrees,
    tag_at,
)
from metadata_service.provenance.when import corrections
from metadata_service.tables import Correction, Photo


def place(photo: Photo, said: Place, exif: Mapping[str, Any], history: Sequence[Correction]) -> list[Evidence]:
    """What says where, and how the place got its name."""
    steps = [row for row in history if row.kind == "place"]
    found = list(corrections(steps, overrules="place", name="place"))
    is_overruled = any(row.undone_at is None for row in steps)
    found += _positions(said, exif, is_overruled=is_overruled)
    if photo.country is not None:
        name = ", ".join(part for part in (photo.city, photo.region, photo.country) if part)
        position = [photo.gps_latitude, photo.gps_longitude]
        why = "The nearest city that counts, of those with a thousand people or more"
        found.append(_evidence("atlas", position, name, why, used=True))
    return found


def _positions(said: Place, exif: Mapping[str, Any], *, is_overruled: bool) -> Iterator[Evidence]:
    sources = exif.get("sources")
    source = str(sources.get("gps_latitude", "")) if isinstance(sources, dict) else ""
    value = None if said.gps_latitude is None else [said.gps_latitude, said.gps_longitude]
    is_told = False
    for group, names in (("GPS", "GPS"), ("XMP", "exif:GPS")):
        tags = [f"{names}Latitude", f"{names}LatitudeRef", f"{names}Longitude", f"{names}LongitudeRef"]
        raw = {name: found for name in tags if (found := tag_at(exif, f"{group}:{name}")) is not None}
        if f"{names}Latitude" not in raw:
            continue
        is_source = value is not None and (source.startswith(group) or not source) and not is_told
        is_told = is_told or is_source
        read = value if is_source else _read(raw, names)
        why = (
            "You corrected it" if is_overruled else "The file says so" if is_source else "It makes no sense, or is 0, 0"
        )
        yield _evidence(f"{group}:{names}Latitude", raw, read, why, used=is_source and not is_overruled)
    if value is not None and not is_told:
        why = "You corrected it" if is_overruled else "Who brought the photo said so; the tag itself was not kept"
        yield _evidence("client", None, value, why, used=not is_overruled)


def _read(raw: Mapping[str, Any], names: str) -> list[float | None] | None:
    read = [degrees(raw.get(f"{names}{axis}"), raw.get(f"{names}{axis}Ref")) for axis in ("Latitude", "Longitude")]
    return None if None in read else read


def camera(photo: Photo, exif: Mapping[str, Any]) -> list[Evidence]:
    """What says with which camera and lens."""
    found: list[Evidence] = []
    for field, paths in (("camera_make", MAKES), ("camera_model", MODELS), ("lens_model", LENSES)):
        found += _named(field, getattr(photo, field), paths, exif)
    return found


def _named(field: str, value: str | None, paths: Sequence[str], exif: Mapping[str, Any]) -> Iterator[Evidence]:
    sources = exif.get("sources")
    source = sources.get(field) if isinstance(sources, dict) else None
    is_told = False
    for path in dict.fromkeys((*([source] if isinstance(source, str) else []), *paths)):
        raw = tag_at(exif, path)
        if raw is None:
            continue
        is_source = value is not None and not is_told and path == (source or path)
        is_told = is_told or is_source
        why = f"The first source of {field}" if is_source else f"Another source of {field} comes first"
        yield _evidence(path, raw, value if is_source else raw, why, used=is_source)
    if value is not None and not is_told:
        yield _evidence("client", None, value, f"Who brought the photo said {field}", used=True)


def size(photo: Photo, exif: Mapping[str, Any]) -> list[Evidence]:
    """What says how large: the picture itself, as it is displayed."""
    found: list[Evidence] = []
    if photo.width and photo.height:
        measured = [photo.width, photo.height]
        by_core = photo.recipe is not None
        why = "The decoded picture was measured, upright" if by_core else "Who brought the photo said so"
        found.append(_evidence("picture" if by_core else "client", measured, measured, why, used=True))
    for path in WIDTHS:
        raw = [tag_at(exif, path), tag_at(exif, HEIGHTS[path])]
        if None not in raw:
            found.append(_evidence(path, raw, raw, "Tags outlive the picture that they describe", used=False))
    if (turned := tag_at(exif, ORIENTATION)) is not None:
        why = "Width and height are those of the upright picture; previews are upright too"
        found.append(_evidence(ORIENTATION, turned, turned, why, used=bool(photo.width)))
    if photo.view_correction is not None:
        why = "It says how to show the picture, and leaves its size"
        found.append(_evidence("correction", photo.view_correction, None, why, used=False))
    return found


def _evidence(source: str, raw: Any, value: Any, why: str, *, used: bool) -> Evidence:
    return Evidence(source=source, raw=raw, value=value, used=used, why=f"{why}.")
