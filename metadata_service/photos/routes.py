"""`/photos/{ref}`: look at one photo, change it, delete it."""

from fastapi import APIRouter, BackgroundTasks

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import CurrentViewer, SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.photos import service
from metadata_service.photos.errors import NotYourPhotoError, PhotoNotFoundError
from metadata_service.photos.ref import PathRef
from metadata_service.photos.schemas import Deleted, PhotoChange, PhotoDetail
from metadata_service.storage.access import Blobs
from service_kit.problems import answers

router = APIRouter(prefix="/photos", tags=["photos"])

_READ = answers(PhotoNotFoundError, InvalidTokenError)
_WRITE = answers(
    PhotoNotFoundError,
    NotSignedInError,
    InvalidTokenError,
    NotYourPhotoError,
    CrossSiteRequestError,
    DatabaseBusyError,
)


@router.get("/{ref}", summary="One photo with all that the viewer may know", responses=_READ)
async def get_photo(ref: PathRef, viewer: CurrentViewer, session: ReadSession) -> PhotoDetail:
    return await service.detail(session, viewer, ref)


@router.patch("/{ref}", summary="Change some fields of a photo", responses=_WRITE)
async def change_photo(ref: PathRef, wanted: PhotoChange, owner_id: SignedIn, session: WriteSession) -> PhotoDetail:
    return await service.change(session, owner_id, ref, wanted)


@router.put("/{ref}", summary="The same, for clients that say PUT", responses=_WRITE)
async def put_photo(ref: PathRef, wanted: PhotoChange, owner_id: SignedIn, session: WriteSession) -> PhotoDetail:
    return await service.change(session, owner_id, ref, wanted)


@router.delete("/{ref}", summary="Delete a photo and its previews", responses=_WRITE)
async def delete_photo(
    ref: PathRef, owner_id: SignedIn, session: WriteSession, blobs: Blobs, after_commit: BackgroundTasks
) -> Deleted:
    photo = await service.delete(session, owner_id, ref)
    if photo.coldpreview_key:
        # After the answer, thus after the commit: bytes without a row are waste, a row without bytes is a loss.
        after_commit.add_task(blobs.delete, photo.coldpreview_key)
    return Deleted(id=photo.id, hothash=photo.hothash)
