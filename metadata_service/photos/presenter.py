"""The one place where a photo's row becomes what a viewer is told."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any, Final

from metadata_service.redaction.policy import DEFAULTS, Policy, redact
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
    "view_correction",
    "created_at",
    "updated_at",
)
_BY_POLICY: Final = (
    "gps_latitude",
    "gps_longitude",
    "gps_altitude",
    "city",
    "region",
    "country",
    "country_code",
    "primary_filename",
)
_OWNER_ONLY: Final = (
    "timeloc_correction",
    "file_size_bytes",
    "category",
    "author_id",
    "stack_id",
    "event_id",
    "import_session_id",
    "has_raw",
)
SHOWN: Final = (*_AS_STORED, *_BY_POLICY, *_OWNER_ONLY, "owner_id", "visibility", "coldpreview_key")
"""The columns that `told` reads."""

VIEW_HINTS: Final = ("rotation", "relative_crop", "exposure_adjust")
"""What of a view correction says how to show the picture."""

_read: Final = attrgetter(*SHOWN)
_UNTOLD: Final = dict.fromkeys(_OWNER_ONLY)
_WORDS: Final = {level.value: level.word for level in Visibility}


def told(photo: Any, viewer: Viewer, policy: Policy | None = None) -> dict[str, Any]:
    """Give the fields of `PhotoOut` as `viewer` may know them: of others' photos what their `policy` tells."""
    return told_row(_read(photo), viewer, policy)


def told_row(values: Iterable[Any], viewer: Viewer, policy: Policy | None = None) -> dict[str, Any]:
    """The same from the values of the columns in `SHOWN`; what follows them is left out."""
    fields = dict(zip(SHOWN, values, strict=False))
    mine = viewer.owns(fields.pop("owner_id"))
    fields["taken_at_precision"] = None if fields["taken_at"] is None else "exact"
    if not mine:
        fields.update(_UNTOLD)
        redact(fields, policy or DEFAULTS[fields["visibility"]])
        fields["view_correction"] = _hints(fields["view_correction"])
    at = f"/api/v1/photos/{fields['id']}"
    fields["is_mine"] = mine
    fields["visibility"] = _WORDS[fields["visibility"]]
    fields["has_gps"] = fields["gps_latitude"] is not None
    fields["has_raw_companion"] = fields.pop("has_raw")
    fields["input_channel_id"] = fields["import_session_id"]
    fields["hotpreview_url"] = f"{at}/hotpreview" if fields["hotpreview_width"] else None
    fields["coldpreview_url"] = f"{at}/coldpreview" if fields.pop("coldpreview_key") else None
    fields["coldpreview_path"] = fields["coldpreview_url"]
    return fields


def _hints(view: dict[str, Any] | None) -> dict[str, Any] | None:
    """How to show the picture; why, when and by whom that was said is the owner's to know."""
    return None if view is None else {name: value for name, value in view.items() if name in VIEW_HINTS}
