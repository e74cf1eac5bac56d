"""What existing clients read, as tables: a name, with a star where it must be there and hold something."""

from collections.abc import Mapping
from typing import Any, Final

USER: Final = "id* username* email* display_name is_active* created_at* updated_at*"
PROFILE: Final = f"{USER} photos_count* import_sessions_count* authors_count*"
LISTED_PHOTO: Final = (
    "id* hothash* width height coldpreview_path coldpreview_width coldpreview_height coldpreview_size taken_at "
    "gps_latitude gps_longitude timeloc_correction view_correction rating* category visibility* created_at* "
    "updated_at* author author_id event_id stack_id input_channel_id import_session_id first_imported last_imported "
    "has_gps* has_raw_companion primary_filename files* tags*"
)
PHOTO: Final = f"{LISTED_PHOTO} exif_dict"
CREATED: Final = "id* hothash* width* height* rating* visibility* taken_at created_at* user_id* is_duplicate*"
FILE: Final = "id* filename* file_format file_size"
TAG: Final = "id* name*"
COUNTED_TAG: Final = "id* name* photo_count*"
AUTHOR: Final = "id* name* email bio created_at* image_count*"
CHANNEL: Final = "id* imported_at* title description default_author_id images_count*"
STACK: Final = "id* stack_type title photo_count* created_at* updated_at*"
COLLECTION: Final = "id* user_id* name* description hothashes* photo_count* cover_photo_hothash created_at* updated_at*"
MANAGED: Final = "collection_id* photo_count* affected_count* cover_photo_hothash"
EVENT: Final = (
    "id* user_id* name* description parent_event_id location_name gps_latitude gps_longitude sort_order* photo_count* "
    "created_at* updated_at*"
)
SEARCH: Final = (
    "id* user_id* name* description search_criteria* is_favorite* result_count last_executed created_at* updated_at*"
)
STORY: Final = (
    "id* title* document_type* abstract cover_image_hash cover_image_alt is_published* published_at visibility* "
    "created_at* updated_at*"
)
PERIOD: Final = "year* month day hour count* preview_hothash* preview_url* date_range*"
ENVELOPE: Final = "total* offset* limit* page* pages*"


def fits(told: Mapping[str, Any], shape: str) -> None:
    """Fail unless `told` has every name of the shape, and something under those with a star."""
    names = shape.split()
    missing = [name for name in names if name.rstrip("*") not in told]
    empty = [name for name in names if name.endswith("*") and told.get(name[:-1]) is None]
    assert (missing, empty) == ([], []), told


def enveloped(body: Mapping[str, Any], shape: str) -> list[dict[str, Any]]:
    """Give the rows of an envelope that fits, each of which must fit too."""
    fits(body, "data* meta*")
    fits(body["meta"], ENVELOPE)
    rows: list[dict[str, Any]] = body["data"]
    for row in rows:
        fits(row, shape)
    return rows
