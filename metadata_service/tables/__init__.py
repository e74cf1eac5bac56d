"""All tables; importing this package makes `Table.metadata` complete."""

from metadata_service.db.base import Table
from metadata_service.tables.abandoned_blobs import AbandonedBlob
from metadata_service.tables.analyses import Analysis, AnalysisTile
from metadata_service.tables.api_keys import ApiKey
from metadata_service.tables.authors import Author
from metadata_service.tables.collections import Collection, CollectionItem
from metadata_service.tables.corrections import CameraValues, Correction, CorrectionBatch
from metadata_service.tables.disclosures import Disclosure, PhotoDisclosure
from metadata_service.tables.dismissed_stacks import DismissedStack
from metadata_service.tables.events import Event
from metadata_service.tables.file_locations import FileLocation
from metadata_service.tables.idempotency_keys import IdempotencyKey
from metadata_service.tables.image_files import FileRole, ImageFile
from metadata_service.tables.import_sessions import ImportItem, ImportSession
from metadata_service.tables.invites import Invite
from metadata_service.tables.likeness import PhotoBand, PhotoMerge, PhotoPair, UnpairedPhoto
from metadata_service.tables.login_sessions import LoginSession
from metadata_service.tables.photo_cells import DEPTHS, FINEST, SHARED_DEPTH, PhotoCell
from metadata_service.tables.photo_days import DAY_MS, UNDATED, PhotoDay, SharedDay
from metadata_service.tables.photo_exif import PhotoExif
from metadata_service.tables.photo_identities import IdentityKind, PhotoIdentity
from metadata_service.tables.photo_previews import PhotoPreview
from metadata_service.tables.photo_spaces import PhotoSpace, SpaceDay
from metadata_service.tables.photo_stacks import PhotoStack
from metadata_service.tables.photo_tags import PhotoTag
from metadata_service.tables.photos import Photo
from metadata_service.tables.places import Place, PlaceEvent
from metadata_service.tables.provider_identities import ProviderIdentity
from metadata_service.tables.raw_exif import ParseState, RawExif
from metadata_service.tables.reparse_runs import ReparseDifference, ReparseRun
from metadata_service.tables.saved_searches import SavedSearch
from metadata_service.tables.security_events import SecurityEvent
from metadata_service.tables.share_links import ShareLink, ShareLinkPhoto
from metadata_service.tables.spaces import Role, RoleName, Space, SpaceInvite, SpaceMember
from metadata_service.tables.stories import Story
from metadata_service.tables.tags import Tag
from metadata_service.tables.upload_jobs import JobKind, JobStatus, UploadJob
from metadata_service.tables.uploads import (
    PartialUpload,
    StrayObject,
    Upload,
    UploadSession,
    UploadStatus,
)
from metadata_service.tables.users import User

__all__ = [
    "DAY_MS",
    "DEPTHS",
    "FINEST",
    "SHARED_DEPTH",
    "UNDATED",
    "AbandonedBlob",
    "Analysis",
    "AnalysisTile",
    "ApiKey",
    "Author",
    "CameraValues",
    "Collection",
    "CollectionItem",
    "Correction",
    "CorrectionBatch",
    "Disclosure",
    "DismissedStack",
    "Event",
    "FileLocation",
    "FileRole",
    "IdempotencyKey",
    "IdentityKind",
    "ImageFile",
    "ImportItem",
    "ImportSession",
    "Invite",
    "JobKind",
    "JobStatus",
    "LoginSession",
    "ParseState",
    "PartialUpload",
    "Photo",
    "PhotoBand",
    "PhotoCell",
    "PhotoDay",
    "PhotoDisclosure",
    "PhotoExif",
    "PhotoIdentity",
    "PhotoMerge",
    "PhotoPair",
    "PhotoPreview",
    "PhotoSpace",
    "PhotoStack",
    "PhotoTag",
    "Place",
    "PlaceEvent",
    "ProviderIdentity",
    "RawExif",
    "ReparseDifference",
    "ReparseRun",
    "Role",
    "RoleName",
    "SavedSearch",
    "SecurityEvent",
    "ShareLink",
    "ShareLinkPhoto",
    "SharedDay",
    "Space",
    "SpaceDay",
    "SpaceInvite",
    "SpaceMember",
    "Story",
    "StrayObject",
    "Table",
    "Tag",
    "UnpairedPhoto",
    "Upload",
    "UploadJob",
    "UploadSession",
    "UploadStatus",
    "User",
]
