"""`/images/{id}` and `/image-files`: the files of the caller's photos, and where they lie."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.image_files import relinking, service
from metadata_service.image_files.errors import FileTakenError, LocationNotFoundError
from metadata_service.image_files.schemas import FileChange, FileDetail, LocationIn, OneCopyPage, RelinkIn, RelinkOut
from metadata_service.ingest.errors import ImageNotFoundError
from metadata_service.paging import InvalidCursorError
from metadata_service.photos.errors import NotYourPhotoError, PhotoNotFoundError
from metadata_service.photos.paths import PathRef, RowId
from service_kit.problems import answers

router = APIRouter(tags=["image files"])

_READ = (NotSignedInError, InvalidTokenError)
_WRITE = (*_READ, CrossSiteRequestError, DatabaseBusyError)
_CHANGE = answers(*_WRITE, ImageNotFoundError)


@router.get(
    "/photos/{ref}/locations",
    summary="The files of a photo of yours with all places where they lie",
    responses=answers(*_READ, PhotoNotFoundError, NotYourPhotoError),
)
async def list_locations(ref: PathRef, owner_id: SignedIn, session: ReadSession) -> list[FileDetail]:
    return await service.files_of_photo(session, owner_id, ref)


@router.patch(
    "/images/{image_id:int}",
    summary="Correct what is said of a file",
    responses={**_CHANGE, **answers(FileTakenError)},
)
async def change(image_id: RowId, wanted: FileChange, owner_id: SignedIn, session: WriteSession) -> FileDetail:
    return await service.change(session, owner_id, image_id, wanted)


@router.delete(
    "/images/{image_id:int}",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    summary="Forget a file of a photo; the photo stays",
    responses=_CHANGE,
)
async def remove(image_id: RowId, owner_id: SignedIn, session: WriteSession) -> None:
    await service.remove(session, owner_id, image_id)


@router.get(
    "/images/{image_id:int}/locations",
    summary="A file of yours with all places where it lies",
    responses=answers(*_READ, ImageNotFoundError),
)
async def get_locations(image_id: RowId, owner_id: SignedIn, session: ReadSession) -> FileDetail:
    return await service.detail(session, owner_id, image_id)


@router.post("/images/{image_id:int}/locations", summary="Say where a file lies", responses=_CHANGE)
async def add_location(image_id: RowId, place: LocationIn, owner_id: SignedIn, session: WriteSession) -> FileDetail:
    return await service.add_location(session, owner_id, image_id, place)


@router.delete(
    "/images/{image_id:int}/locations/{location_id:int}",
    summary="Say that a file does not lie there any more",
    responses={**_CHANGE, **answers(LocationNotFoundError)},
)
async def remove_location(image_id: RowId, location_id: RowId, owner_id: SignedIn, session: WriteSession) -> FileDetail:
    return await service.remove_location(session, owner_id, image_id, location_id)


@router.get(
    "/image-files/one-copy",
    summary="Originals that lie on one disk only, or that nobody knows the place of",
    responses=answers(*_READ, InvalidCursorError),
)
async def list_one_copy(
    owner_id: SignedIn,
    session: ReadSession,
    *,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Annotated[str | None, Query(max_length=64, description="`next_cursor` of the answer before.")] = None,
    with_totals: Annotated[bool, Query(description="Count all originals too: that looks at every file.")] = False,
) -> OneCopyPage:
    return await service.one_copy(session, owner_id, limit=limit, cursor=cursor, with_totals=with_totals)


@router.post(
    "/image-files/relink",
    summary="Tell where files were found, by their bytes; shows what would change, and does it with apply",
    responses=answers(*_WRITE),
)
async def relink(wanted: RelinkIn, owner_id: SignedIn, session: WriteSession) -> RelinkOut:
    return await relinking.relink(session, owner_id, wanted)
