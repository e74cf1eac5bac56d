"""The one place where a photo's row becomes what a viewer is told."""

from typing import Any, Final

from metadata_service.photos.schemas import PhotoOut
from metadata_service.tables import Photo
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
_OWNER_ONLY: Final = ("gps_latitude", "gps_longitude", "gps_altitude", "file_size_bytes", "primary_filename")


def told(photo: Photo, viewer: Viewer) -> dict[str, Any]:
    """Give the fields of `PhotoOut` as `viewer` may know them."""
    mine = viewer.owns(photo.owner_id)
    fields = {name: getattr(photo, name) for name in _AS_STORED}
    fields |= {name: getattr(photo, name) if mine else None for name in _OWNER_ONLY}
    at = f"/api/v1/photos/{photo.id}"
    return {
        **fields,
        "is_mine": mine,
        "visibility": Visibility(photo.visibility).word,
        "has_gps": fields["gps_latitude"] is not None,
        "hotpreview_url": f"{at}/hotpreview" if photo.hotpreview_width else None,
        "coldpreview_url": f"{at}/coldpreview" if photo.coldpreview_key else None,
    }


def present(photo: Photo, viewer: Viewer) -> PhotoOut:
    """Show a photo in a list."""
    return PhotoOut(**told(photo, viewer))
