"""The one place where a photo's row becomes what a viewer is told."""

from operator import attrgetter
from typing import Any, Final

from metadata_service.visibility import Viewer, Visibility

_AS_STORED: Final = (
    "id",
    "hothash",
    "width",
    "height",
    "title",
    "description",
    "rating",
    "taken_at",
    "taken_at_offset",
    "taken_at_source",
    "camera_make",
    "camera_model",
    "lens_model",
    "focal_length",
    "f_number",
    "iso",
    "exposure_time",
    "image_format",
    "hotpreview_width",
    "hotpreview_height",
    "coldpreview_width",
    "coldpreview_height",
    "coldpreview_size",
    "created_at",
    "updated_at",
)
_OWNER_ONLY: Final = (
    "gps_latitude",
    "gps_longitude",
    "gps_altitude",
    "file_size_bytes",
    "primary_filename",
    "category",
    "author_id",
    "stack_id",
    "import_session_id",
    "has_raw",
)
SHOWN: Final = (*_AS_STORED, *_OWNER_ONLY, "owner_id", "visibility", "coldpreview_key")
"""The columns that `told` reads."""

_read_all: Final = attrgetter(*_AS_STORED)
_read_own: Final = attrgetter(*_OWNER_ONLY)
_NOTHING: Final = dict.fromkeys(_OWNER_ONLY)
_WORDS: Final = {level.value: level.word for level in Visibility}


def told(photo: Any, viewer: Viewer) -> dict[str, Any]:
    """Give the fields of `PhotoOut` as `viewer` may know them. `photo` has at least the columns of `SHOWN`."""
    mine = viewer.owns(photo.owner_id)
    fields = dict(zip(_AS_STORED, _read_all(photo), strict=True))
    fields |= zip(_OWNER_ONLY, _read_own(photo), strict=True) if mine else _NOTHING
    at = f"/api/v1/photos/{photo.id}"
    fields |= {
        "is_mine": mine,
        "visibility": _WORDS[photo.visibility],
        "has_gps": fields["gps_latitude"] is not None,
        "has_raw_companion": fields.pop("has_raw"),
        "input_channel_id": fields["import_session_id"],
        "hotpreview_url": f"{at}/hotpreview" if fields["hotpreview_width"] else None,
        "coldpreview_url": f"{at}/coldpreview" if photo.coldpreview_key else None,
    }
    return fields
