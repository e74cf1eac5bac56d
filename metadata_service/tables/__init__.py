"""All tables; importing this package makes `Table.metadata` complete."""

from metadata_service.db.base import Table
from metadata_service.tables.authors import Author
from metadata_service.tables.collections import Collection, CollectionItem
from metadata_service.tables.events import Event
from metadata_service.tables.file_locations import FileLocation
from metadata_service.tables.idempotency_keys import IdempotencyKey
from metadata_service.tables.image_files import FileRole, ImageFile
from metadata_service.tables.import_sessions import ImportItem, ImportSession
from metadata_service.tables.photo_days import DAY_MS, UNDATED, PhotoDay, SharedDay
from metadata_service.tables.photo_exif import PhotoExif
from metadata_service.tables.photo_identities import IdentityKind, PhotoIdentity
from metadata_service.tables.photo_previews import PhotoPreview
from metadata_service.tables.photo_stacks import PhotoStack
from metadata_service.tables.photo_tags import PhotoTag
from metadata_service.tables.photos import Photo
from metadata_service.tables.raw_exif import ParseState, RawExif
from metadata_service.tables.saved_searches import SavedSearch
from metadata_service.tables.stories import Story
from metadata_service.tables.tags import Tag
from metadata_service.tables.users import User

__all__ = [
    "DAY_MS",
    "UNDATED",
    "Author",
    "Collection",
    "CollectionItem",
    "Event",
    "FileLocation",
    "FileRole",
    "IdempotencyKey",
    "IdentityKind",
    "ImageFile",
    "ImportItem",
    "ImportSession",
    "ParseState",
    "Photo",
    "PhotoDay",
    "PhotoExif",
    "PhotoIdentity",
    "PhotoPreview",
    "PhotoStack",
    "PhotoTag",
    "RawExif",
    "SavedSearch",
    "SharedDay",
    "Story",
    "Table",
    "Tag",
    "User",
]
