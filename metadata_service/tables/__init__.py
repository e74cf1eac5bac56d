"""All tables; importing this package makes `Table.metadata` complete."""

from metadata_service.db.base import Table
from metadata_service.tables.image_files import ImageFile
from metadata_service.tables.photo_exif import PhotoExif
from metadata_service.tables.photo_identities import IdentityKind, PhotoIdentity
from metadata_service.tables.photo_previews import PhotoPreview
from metadata_service.tables.photos import Photo
from metadata_service.tables.users import User

__all__ = ["IdentityKind", "ImageFile", "Photo", "PhotoExif", "PhotoIdentity", "PhotoPreview", "Table", "User"]
