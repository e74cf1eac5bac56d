"""`/photos/{ref}`: look at one photo, change it, throw it away, take it back."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query, Response

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import CurrentViewer, SignedIn
from metadata_service.answers import VARY, SeenTags
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.photos import service
from metadata_service.photos.errors import NotYourPhotoError, PhotoChangedError, PhotoNotFoundError
from metadata_service.photos.paths import PathRef
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
_CHANGE = {**_WRITE, **answers(PhotoChangedError)}


@router.get("/{ref}", summary="One photo with all that the viewer may know", responses=_READ)
async def get_photo(ref: PathRef, viewer: CurrentViewer, session: ReadSession, response: Response) -> PhotoDetail:
    return _tagged(await service.detail(session, viewer, ref), response)


@router.patch("/{ref}", summary="Change some fields of a photo; with If-Match, only as you know it", responses=_CHANGE)
async def change_photo(
    ref: PathRef, wanted: PhotoChange, seen: SeenTags, *, owner_id: SignedIn, session: WriteSession, response: Response
) -> PhotoDetail:
    return _tagged(await service.change(session, owner_id, ref, wanted, seen), response)


@router.put("/{ref}", summary="The same, for clients that say PUT", responses=_CHANGE)
async def put_photo(
    ref: PathRef, wanted: PhotoChange, seen: SeenTags, *, owner_id: SignedIn, session: WriteSession, response: Response
) -> PhotoDetail:
    return _tagged(await service.change(session, owner_id, ref, wanted, seen), response)


@router.delete("/{ref}", summary="Move a photo to the trash, or remove it for good", responses=_WRITE)
async def delete_photo(
    ref: PathRef,
    owner_id: SignedIn,
    *,
    purge: Annotated[bool, Query(description="For good, with its previews; from the trash too.")] = False,
    session: WriteSession,
    blobs: Blobs,
    after_commit: BackgroundTasks,
) -> Deleted:
    if not purge:
        photo = await service.throw_away(session, owner_id, ref)
        return Deleted(id=photo.id, hothash=photo.hothash, is_purged=False)
    photo = await service.purge(session, owner_id, ref)
    if photo.coldpreview_key:
        # After the answer, thus after the commit: bytes without a row are waste, a row without bytes is a loss.
        after_commit.add_task(blobs.delete, photo.coldpreview_key)
    return Deleted(id=photo.id, hothash=photo.hothash, is_purged=True)


@router.post("/{ref}/restore", summary="Take a photo out of the trash", responses=_WRITE)
async def restore_photo(ref: PathRef, owner_id: SignedIn, session: WriteSession, response: Response) -> PhotoDetail:
    return _tagged(await service.restore(session, owner_id, ref), response)


def _tagged(photo: PhotoDetail, response: Response) -> PhotoDetail:
    response.headers["ETag"] = f'"{service.version(photo)}"'
    response.headers["Vary"] = VARY
    return photo
