"""The one place where a photo's row becomes what a viewer is told."""

from collections.abc import Iterable
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
    "event_id",
    "import_session_id",
    "has_raw",
)
SHOWN: Final = (*_AS_STORED, *_OWNER_ONLY, "owner_id", "visibility", "coldpreview_key")
"""The columns that `told` reads."""

_read: Final = attrgetter(*SHOWN)
_UNTOLD: Final = dict.fromkeys(_OWNER_ONLY)
_WORDS: Final = {level.value: level.word for level in Visibility}


def told(photo: Any, viewer: Viewer) -> dict[str, Any]:
    """Give the fields of `PhotoOut` as `viewer` may know them."""
    return told_row(_read(photo), viewer)


def told_row(values: Iterable[Any], viewer: Viewer) -> dict[str, Any]:
    """The same from the values of the columns in `SHOWN`; what follows them is left out."""
    fields = dict(zip(SHOWN, values, strict=False))
    mine = viewer.owns(fields.pop("owner_id"))
    if not mine:
        fields.update(_UNTOLD)
    at = f"/api/v1/photos/{fields['id']}"
    fields["is_mine"] = mine
    fields["visibility"] = _WORDS[fields["visibility"]]
    fields["has_gps"] = fields["gps_latitude"] is not None
    fields["has_raw_companion"] = fields.pop("has_raw")
    fields["input_channel_id"] = fields["import_session_id"]
    fields["hotpreview_url"] = f"{at}/hotpreview" if fields["hotpreview_width"] else None
    fields["coldpreview_url"] = f"{at}/coldpreview" if fields.pop("coldpreview_key") else None
    return fields
