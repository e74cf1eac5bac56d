"""`POST /photos/photoegg`: keep an egg."""

from fastapi import APIRouter, Response, status

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import WriteSession
from metadata_service.ingest import service
from metadata_service.ingest.errors import HothashMismatchError
from metadata_service.ingest.schemas import Created, NewPhoto
from metadata_service.photos.errors import PreviewRefusedError
from metadata_service.storage.access import Blobs
from service_kit.errors import MalformedRequestError, RequestTooLargeError, StorageFullError
from service_kit.problems import answers

router = APIRouter(prefix="/photos", tags=["ingest"])


@router.post(
    "/photoegg",
    status_code=status.HTTP_201_CREATED,
    summary="Keep an egg as a photo of yours; 200 when you have it already",
    responses={
        200: {"model": Created, "description": "The photo was known; what the egg brings was added to it."},
        **answers(
            NotSignedInError,
            InvalidTokenError,
            CrossSiteRequestError,
            MalformedRequestError,
            RequestTooLargeError,
            HothashMismatchError,
            PreviewRefusedError,
            DatabaseBusyError,
            StorageFullError,
        ),
    },
)
async def keep_egg(
    new: NewPhoto, owner_id: SignedIn, session: WriteSession, blobs: Blobs, response: Response
) -> Created:
    kept = await service.keep(session, blobs, owner_id, new)
    response.headers["Location"] = f"/api/v1/photos/{kept.photo.id}"
    if not kept.is_new:
        response.status_code = status.HTTP_200_OK
    return Created.of(kept.photo, is_duplicate=not kept.is_new)
