"""`/photos/gallery`, `/photos/uploads/{upload_id}`: the originals that somebody keeps, and what is done with them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Path, Query, status
from fastapi.responses import RedirectResponse

from metadata_service.accounts.errors import CrossSiteRequestError, InvalidTokenError, NotSignedInError
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.ingest.errors import CoreAwayError
from metadata_service.places.errors import PlaceNotFoundError
from metadata_service.storage import StoreAwayError
from metadata_service.storage.access import Blobs
from metadata_service.upload_jobs.errors import JobUnderWayError, PhotoInTrashError
from metadata_service.upload_jobs.wiring import UploadRunner
from metadata_service.uploads import gallery, service
from metadata_service.uploads.days import instant
from metadata_service.uploads.errors import (
    AnalysisNotFoundError,
    ObjectNotFoundError,
    OriginalMissingError,
    UploadNotFoundError,
)
from metadata_service.uploads.gallery import Asked
from metadata_service.uploads.schemas import (
    AnalysisVerdict,
    DeleteUploads,
    Gallery,
    PlaceChoice,
    Reprocess,
    ReprocessBegun,
    UploadDetail,
    UploadsDeleted,
)
from metadata_service.uploads.thumbnails import find_or_make
from metadata_service.uploads.wiring import ObjectAddresses, UploadBench
from service_kit.errors import MalformedRequestError
from service_kit.problems import answers
from shared_schemas.photoegg import MAX_INT64

router = APIRouter(prefix="/photos", tags=["uploads"])

_READ = (NotSignedInError, InvalidTokenError)
_WRITE = (*_READ, CrossSiteRequestError, DatabaseBusyError, MalformedRequestError)
StatusName = Literal[
    "all",
    "success",
    "completed",
    "errors",
    "pending",
    "uploaded",
    "processing",
    "ready",
    "warning",
    "failed",
    "cancelled",
]
UploadId = Annotated[UUID, Path()]
PlaceId = Annotated[int | None, Query(ge=1, le=MAX_INT64, description="In this place, or in one that lies in it.")]
Moment = Annotated[str | None, Query(max_length=40, description="A day (UTC) or an instant.", examples=["2026-11-01"])]


@router.get("/gallery", summary="Your uploads, the last first", responses=answers(*_READ))
async def show_gallery(
    owner_id: SignedIn,
    session: ReadSession,
    addresses: ObjectAddresses,
    *,
    page: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
    per_page: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[
        UUID | None, Query(description="`next_cursor` of the page before; pages are not counted.")
    ] = None,
    status: Annotated[StatusName, Query()] = "all",
    place_id: PlaceId = None,
    warehouse_id: PlaceId = None,
    date_from: Moment = None,
    date_to: Moment = None,
    in_trash: Annotated[bool, Query(description="Those whose photos lie in the trash, instead of all others.")] = False,
) -> Gallery:
    asked = Asked(
        status=status,
        place_id=place_id or warehouse_id,
        date_from=instant("date_from", date_from),
        date_to=instant("date_to", date_to, end=True),
        page=None if cursor else page or 1,
        per_page=per_page,
        cursor=cursor,
        in_trash=in_trash,
    )
    return await gallery.show(session, addresses, owner_id, asked)


@router.post(
    "/gallery/delete",
    summary="Remove originals; photos that came by them alone go to the trash, unless kept",
    responses=answers(*_WRITE),
)
async def delete_uploads(wanted: DeleteUploads, owner_id: SignedIn, session: WriteSession) -> UploadsDeleted:
    ids = list(dict.fromkeys(wanted.image_ids))
    gone = await service.delete(session, owner_id, ids, keep_photos=wanted.keep_photos)
    return UploadsDeleted(deleted=len(gone), not_found=[one for one in ids if one not in gone])


@router.get("/{upload_id:uuid}", include_in_schema=False)
@router.get(
    "/uploads/{upload_id:uuid}",
    summary="One upload with its metadata, its history, and that of its place",
    responses=answers(*_READ, UploadNotFoundError),
)
async def show_upload(
    upload_id: UploadId, owner_id: SignedIn, session: ReadSession, addresses: ObjectAddresses
) -> UploadDetail:
    return await gallery.detail(session, addresses, owner_id, upload_id)


@router.delete(
    "/uploads/{upload_id:uuid}",
    summary="Remove one original; its photo goes to the trash, if it came by it alone",
    responses=answers(*_WRITE, UploadNotFoundError),
)
async def delete_upload(
    upload_id: UploadId,
    owner_id: SignedIn,
    session: WriteSession,
    *,
    keep_photo: Annotated[bool, Query(description="Leave the photo in the library.")] = False,
) -> UploadsDeleted:
    if not await service.delete(session, owner_id, [upload_id], keep_photos=keep_photo):
        raise UploadNotFoundError
    return UploadsDeleted(deleted=1, not_found=[])


@router.put(
    "/uploads/{upload_id:uuid}/place",
    summary="Choose the place of an upload by hand",
    responses=answers(*_WRITE, UploadNotFoundError, PlaceNotFoundError),
)
async def choose_place(
    upload_id: UploadId, wanted: PlaceChoice, owner_id: SignedIn, session: WriteSession, addresses: ObjectAddresses
) -> UploadDetail:
    await service.choose_place(session, owner_id, upload_id, wanted.place_id)
    return await gallery.detail(session, addresses, owner_id, upload_id)


@router.patch(
    "/uploads/{upload_id:uuid}/analysis",
    summary="Say of the last analysis whether it is right, and what it should be",
    responses=answers(*_WRITE, UploadNotFoundError, AnalysisNotFoundError),
)
async def judge(
    upload_id: UploadId, verdict: AnalysisVerdict, owner_id: SignedIn, session: WriteSession, addresses: ObjectAddresses
) -> UploadDetail:
    await service.judge(session, owner_id, upload_id, verdict)
    return await gallery.detail(session, addresses, owner_id, upload_id)


@router.get(
    "/uploads/{upload_id:uuid}/thumbnail",
    summary="Leads to the small picture; where it is gone, it is made again",
    status_code=status.HTTP_307_TEMPORARY_REDIRECT,
    response_class=RedirectResponse,
    responses=answers(
        *_READ, UploadNotFoundError, ObjectNotFoundError, OriginalMissingError, StoreAwayError, CoreAwayError
    ),
)
async def thumbnail(
    upload_id: UploadId, owner_id: SignedIn, session: ReadSession, bench: UploadBench, addresses: ObjectAddresses
) -> RedirectResponse:
    upload = await service.get(session, owner_id, upload_id)
    key = await find_or_make(bench, upload)
    return RedirectResponse(addresses.of(key), headers={"Cache-Control": "no-store"})


@router.get(
    "/uploads/{upload_id:uuid}/original",
    summary="Leads to the original",
    status_code=status.HTTP_307_TEMPORARY_REDIRECT,
    response_class=RedirectResponse,
    responses=answers(*_READ, UploadNotFoundError),
)
async def original(
    upload_id: UploadId, owner_id: SignedIn, session: ReadSession, addresses: ObjectAddresses
) -> RedirectResponse:
    upload = await service.get(session, owner_id, upload_id)
    return RedirectResponse(addresses.of(upload.original_key, upload.filename), headers={"Cache-Control": "no-store"})


@router.post(
    "/{upload_id:uuid}/reprocess",
    status_code=status.HTTP_202_ACCEPTED,
    summary="Make the photo again from its original",
    responses=answers(
        *_WRITE,
        UploadNotFoundError,
        OriginalMissingError,
        JobUnderWayError,
        PhotoInTrashError,
        PlaceNotFoundError,
        StoreAwayError,
    ),
)
async def reprocess(
    upload_id: UploadId,
    owner_id: SignedIn,
    session: WriteSession,
    blobs: Blobs,
    *,
    wanted: Reprocess | None = None,
    runner: UploadRunner,
    after_commit: BackgroundTasks,
    reader: ReadSession,
) -> ReprocessBegun:
    await service.check_original(reader, blobs, owner_id, upload_id)
    job_id = await service.reprocess(session, owner_id, upload_id, wanted or Reprocess())
    after_commit.add_task(runner.wake)
    return ReprocessBegun(image_id=upload_id, new_job_id=job_id, poll_url=f"/api/v1/photos/jobs/{job_id}/status")
