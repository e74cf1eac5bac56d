"""What the egg tells of a picture, derived from the tags, each piece with the tag that it came from."""

from typing import Any, Final

from core_service.exif.exposure import read_exposure_time, read_f_number, read_focal_length, read_iso
from core_service.exif.gps import read_altitude, read_position
from core_service.exif.groups import Found, Groups
from core_service.exif.lens import read_lens
from core_service.exif.notes import Notes
from core_service.exif.taken import read_taken
from shared_schemas.photoegg import PhotoMetadata

_MAKES: Final = ("EXIF:Make", "XMP:tiff:Make")
_MODELS: Final = ("EXIF:Model", "EXIF:UniqueCameraModel", "XMP:tiff:Model")
_LONGEST_TEXT: Final = 255


def derive_metadata(groups: Groups, notes: Notes) -> tuple[PhotoMetadata, dict[str, str]]:
    """Return the metadata, and by field the path of the tag that it came from."""
    position = read_position(groups, notes)
    taken = read_taken(groups, position.longitude.value if position else None, notes)
    found: dict[str, Found[Any] | None] = {
        "taken_at": Found(taken.wall, taken.source) if taken else None,
        "camera_make": next(groups.texts(*_MAKES), None),
        "camera_model": next(groups.texts(*_MODELS), None),
        "lens_model": read_lens(groups),
        "focal_length": read_focal_length(groups),
        "f_number": read_f_number(groups),
        "iso": read_iso(groups),
        "exposure_time": read_exposure_time(groups),
        "gps_latitude": position.latitude if position else None,
        "gps_longitude": position.longitude if position else None,
        "gps_altitude": read_altitude(groups),
    }
    known = {name: piece for name, piece in found.items() if piece is not None}
    values = {name: _short(piece.value) for name, piece in known.items()}
    if taken is not None:
        values |= {"taken_at_offset": taken.offset, "taken_at_source": taken.source}
    return PhotoMetadata(**values), {name: piece.path for name, piece in known.items()}


def _short(value: Any) -> Any:
    return value[:_LONGEST_TEXT] if isinstance(value, str) else value
