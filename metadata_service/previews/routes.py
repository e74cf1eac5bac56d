"""`/photos/{ref}/hotpreview` and `/photos/{ref}/coldpreview`."""

from typing import Any, Final

from fastapi import APIRouter, BackgroundTasks, Response, UploadFile, status
from pydantic import BaseModel

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import CurrentViewer, SignedIn
from metadata_service.answers import KnownTags
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.photos.errors import NotYourPhotoError, PhotoNotFoundError, PreviewRefusedError
from metadata_service.photos.ref import PathRef
from metadata_service.previews import service
from metadata_service.previews.caching import jpeg_response
from metadata_service.previews.errors import NoColdpreviewError
from metadata_service.storage.access import Blobs
from service_kit.errors import RequestTooLargeError, StorageFullError
from service_kit.problems import answers

router = APIRouter(prefix="/photos/{ref}", tags=["previews"])

_JPEG: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}, "description": "The JPEG."},
    304: {"description": "The caller has it."},
}
_WRITE: Final = (
    PhotoNotFoundError,
    NotSignedInError,
    InvalidTokenError,
    NotYourPhotoError,
    CrossSiteRequestError,
    DatabaseBusyError,
)


class ColdpreviewKept(BaseModel):
    """The coldpreview is in its place."""

    id: int
    hothash: str
    width: int
    height: int
    size: int


class ColdpreviewRemoved(BaseModel):
    """The photo has no coldpreview any more."""

    id: int
    hothash: str
    message: str = "The coldpreview was removed."


@router.get(
    "/hotpreview",
    summary="The small preview, at most 150 px",
    response_class=Response,
    responses={**_JPEG, **answers(PhotoNotFoundError, InvalidTokenError)},
)
async def get_hotpreview(ref: PathRef, viewer: CurrentViewer, session: ReadSession, known: KnownTags) -> Response:
    picture = await service.hotpreview(session, viewer, ref, known)
    return jpeg_response(picture.jpeg, picture.digest, is_public=picture.is_public, immutable=True)


@router.get(
    "/coldpreview",
    summary="The large preview, if the photo has one",
    response_class=Response,
    responses={**_JPEG, **answers(PhotoNotFoundError, NoColdpreviewError, InvalidTokenError)},
)
async def get_coldpreview(
    ref: PathRef, viewer: CurrentViewer, session: ReadSession, blobs: Blobs, known: KnownTags
) -> Response:
    picture = await service.coldpreview_of(session, blobs, viewer, ref, known)
    # Not immutable: the owner may put another one under this address.
    return jpeg_response(picture.jpeg, picture.digest, is_public=picture.is_public, immutable=False)


@router.put(
    "/coldpreview",
    summary="Give a photo of yours a coldpreview, in place of the one it has",
    responses=answers(*_WRITE, PreviewRefusedError, RequestTooLargeError, StorageFullError),
)
async def put_coldpreview(
    ref: PathRef,
    file: UploadFile,
    *,
    owner_id: SignedIn,
    session: WriteSession,
    blobs: Blobs,
    after_commit: BackgroundTasks,
) -> ColdpreviewKept:
    preview = service.checked(await file.read())
    photo, unused = await service.replace_coldpreview(session, blobs, owner_id, ref, preview)
    if unused is not None:
        after_commit.add_task(blobs.delete, unused)
    return ColdpreviewKept(
        id=photo.id, hothash=photo.hothash, width=preview.width, height=preview.height, size=len(preview.jpeg)
    )


@router.delete(
    "/coldpreview",
    status_code=status.HTTP_200_OK,
    summary="Remove the coldpreview of a photo of yours",
    responses=answers(*_WRITE, NoColdpreviewError),
)
async def delete_coldpreview(
    ref: PathRef, owner_id: SignedIn, session: WriteSession, blobs: Blobs, after_commit: BackgroundTasks
) -> ColdpreviewRemoved:
    photo, unused = await service.remove_coldpreview(session, owner_id, ref)
    after_commit.add_task(blobs.delete, unused)
    return ColdpreviewRemoved(id=photo.id, hothash=photo.hothash)
