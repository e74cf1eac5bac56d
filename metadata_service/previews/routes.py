"""`/photos/{ref}/hotpreview`, `/photos/{ref}/coldpreview`, and many hotpreviews in one answer."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, BackgroundTasks, Depends, Query, Response, UploadFile, status
from pydantic import BaseModel

from metadata_service.accounts.errors import (
    CrossSiteRequestError,
    InvalidTokenError,
    NotSignedInError,
    QuotaExceededError,
)
from metadata_service.accounts.viewer import CurrentViewer, SignedIn
from metadata_service.answers import VARY, KnownTags
from metadata_service.db.engine import Database
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession, database
from metadata_service.ingest.wiring import Core
from metadata_service.photos.errors import NotYourPhotoError, PhotoNotFoundError, PreviewRefusedError
from metadata_service.photos.paths import PathRef
from metadata_service.previews import service
from metadata_service.previews.caching import jpeg_response
from metadata_service.previews.errors import NoColdpreviewError
from metadata_service.storage.access import Blobs
from service_kit.errors import RequestTooLargeError, StorageFullError
from service_kit.problems import answers

router = APIRouter(prefix="/photos/{ref}", tags=["previews"])
many_router = APIRouter(prefix="/photos/hotpreviews", tags=["previews"])

_JPEG: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}, "description": "The JPEG."},
    304: {"description": "The caller has it."},
}
_PACKED: Final = "application/vnd.imalink.hotpreviews"
_IDS: Final = "^[0-9]{1,18}(,[0-9]{1,18}){0,199}$"
_MANY: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {_PACKED: {"schema": {"type": "string", "format": "binary"}}},
        "description": "As many little-endian 32-bit lengths as ids were asked for, in their order, then the JPEGs one "
        "behind the other. A length of 0: no such photo, for you.",
    },
    304: {"description": "The caller has them."},
    **answers(InvalidTokenError),
}
Side = Annotated[
    int, Query(ge=1, le=service.LARGEST_SIDE, description="Most pixels; a smaller picture is never enlarged.")
]
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
    summary="The large preview, if the photo has one; made to fit into width and height",
    response_class=Response,
    responses={**_JPEG, **answers(PhotoNotFoundError, NoColdpreviewError, InvalidTokenError)},
)
async def get_coldpreview(
    ref: PathRef,
    viewer: CurrentViewer,
    database: Annotated[Database, Depends(database)],
    *,
    blobs: Blobs,
    core: Core,
    known: KnownTags,
    width: Side | None = None,
    height: Side | None = None,
) -> Response:
    wanted = service.Box(width, height)
    async with database.reading() as session:
        picture, box = await service.coldpreview_of(session, blobs, viewer, ref, known, box=wanted)
    if box is not None:  # no connection is held while core_service is asked
        picture = await service.fit(core, picture, box)
    # Not immutable: the owner may put another one under this address.
    return jpeg_response(picture.jpeg, picture.digest, is_public=picture.is_public, immutable=False)


@router.put(
    "/coldpreview",
    summary="Give a photo of yours a coldpreview, in place of the one it has",
    responses=answers(*_WRITE, PreviewRefusedError, QuotaExceededError, RequestTooLargeError, StorageFullError),
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


@many_router.get("", summary="Many hotpreviews in one answer", response_class=Response, responses=_MANY)
async def get_hotpreviews(
    viewer: CurrentViewer,
    session: ReadSession,
    known: KnownTags,
    ids: Annotated[str, Query(pattern=_IDS, description="Up to 200 ids, with commas between them.", examples=["1,2"])],
) -> Response:
    wanted = [int(photo_id) for photo_id in ids.split(",")]
    headers = {"Cache-Control": "private, no-cache", "Vary": VARY, "X-Content-Type-Options": "nosniff"}
    if known and (tag := await service.hotpreviews_tag(session, viewer, wanted)) in known:
        return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers=headers | {"ETag": f'"{tag}"'})
    packed, tag = await service.hotpreviews(session, viewer, wanted)
    return Response(packed, media_type=_PACKED, headers=headers | {"ETag": f'"{tag}"'})
