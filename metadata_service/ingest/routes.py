"""The ways in: `POST /photos/photoegg`, `/photos/batch`, `/photos`, and the question `/photos/exists`."""

from fastapi import APIRouter, BackgroundTasks, Response, status
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts.errors import (
    CrossSiteRequestError,
    InvalidTokenError,
    NotSignedInError,
    QuotaExceededError,
)
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import ReadSession, WriteSession
from metadata_service.ingest import repository
from metadata_service.ingest.alike import similar
from metadata_service.ingest.arrival import Arrival, from_egg
from metadata_service.ingest.batch_schemas import ExistsIn, ExistsOut, GroupKept
from metadata_service.ingest.errors import HothashMismatchError, UnknownReferenceError
from metadata_service.ingest.old_shapes import OldGroup, from_group
from metadata_service.ingest.raw_exif import read_on_arrival
from metadata_service.ingest.references import refuse_unknown
from metadata_service.ingest.schemas import Created, NewPhoto
from metadata_service.ingest.service import Kept, keep, stored_coldpreviews, unused
from metadata_service.ingest.wiring import Core
from metadata_service.photos.errors import PreviewRefusedError
from metadata_service.storage import BlobStore
from metadata_service.storage.access import Blobs
from metadata_service.tables import IdentityKind, ParseState
from service_kit.errors import MalformedRequestError, RequestTooLargeError, StorageFullError
from service_kit.fast_json import FastJsonRoute
from service_kit.problems import answers

router = APIRouter(prefix="/photos", tags=["ingest"], route_class=FastJsonRoute)

KEEP_REFUSALS = (
    NotSignedInError,
    InvalidTokenError,
    CrossSiteRequestError,
    QuotaExceededError,
    MalformedRequestError,
    RequestTooLargeError,
    HothashMismatchError,
    PreviewRefusedError,
    UnknownReferenceError,
    DatabaseBusyError,
    StorageFullError,
)


async def keep_one(
    session: AsyncSession, blobs: BlobStore, owner_id: int, arrival: Arrival, after_commit: BackgroundTasks
) -> Kept:
    """Keep one arrival; a coldpreview that its photo did not take is removed after the commit."""
    async with stored_coldpreviews(blobs, [arrival]) as colds:
        for refusal in (await refuse_unknown(session, owner_id, [arrival])).values():
            raise refusal
        kept = await keep(session, owner_id, [arrival], colds)
    for key in unused(kept, colds):
        after_commit.add_task(blobs.delete, key)
    return kept[0]


@router.post(
    "/photoegg",
    status_code=status.HTTP_201_CREATED,
    summary="Keep an egg as a photo of yours; 200 when you have it already",
    responses={
        200: {"model": Created, "description": "The photo was known; what the egg brings was added to it."},
        **answers(*KEEP_REFUSALS),
    },
)
async def keep_egg(
    new: NewPhoto,
    owner_id: SignedIn,
    session: WriteSession,
    blobs: Blobs,
    *,
    response: Response,
    after_commit: BackgroundTasks,
) -> Created:
    kept = await keep_one(session, blobs, owner_id, from_egg(new), after_commit)
    say_where(response, kept)
    return Created.of(kept.photo, is_duplicate=not kept.is_new)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Keep a photo group with raw EXIF, as earlier clients send it",
    responses={
        200: {"model": GroupKept, "description": "The photo was known; what the group brings was added to it."},
        **answers(*KEEP_REFUSALS),
    },
)
async def keep_group(
    group: OldGroup,
    owner_id: SignedIn,
    session: WriteSession,
    blobs: Blobs,
    *,
    core: Core,
    response: Response,
    after_commit: BackgroundTasks,
) -> GroupKept:
    arrival = from_group(group, None)
    await read_on_arrival(core, [arrival])  # before the transaction begins: core may take its time
    kept = await keep_one(session, blobs, owner_id, arrival, after_commit)
    say_where(response, kept)
    photo = kept.photo
    return GroupKept(
        id=photo.id,
        hothash=group.hothash,
        is_duplicate=not kept.is_new,
        width=photo.width,
        height=photo.height,
        rating=photo.rating,
        taken_at=photo.taken_at.isoformat() if photo.taken_at else None,
        gps_latitude=photo.gps_latitude,
        gps_longitude=photo.gps_longitude,
        camera_make=photo.camera_make,
        camera_model=photo.camera_model,
        images_created=len(arrival.files) if kept.is_new else 0,
        files=[{"filename": file.filename, "file_size": file.file_size} for file in arrival.files],
        exif_pending=any(file.raw_exif and file.exif_state is ParseState.PENDING for file in arrival.files),
    )


def say_where(response: Response, kept: Kept) -> None:
    """Answer 201 with the new photo's address, or 200 with that of the one that was there."""
    response.headers["Location"] = f"/api/v1/photos/{kept.photo.id}"
    if not kept.is_new:
        response.status_code = status.HTTP_200_OK


@router.post(
    "/exists",
    summary="Which of these do I have already?",
    responses=answers(NotSignedInError, InvalidTokenError, CrossSiteRequestError, MalformedRequestError),
)
async def exists(asked: ExistsIn, owner_id: SignedIn, session: ReadSession) -> ExistsOut:
    by_hothash = await repository.known_values(session, owner_id, IdentityKind.HOTHASH, asked.hothashes)
    by_file = await repository.known_values(session, owner_id, IdentityKind.FILE_SHA256, asked.file_sha256s)
    alike = await similar(session, owner_id, asked.perceptual_hashes, asked.distance)
    trashed = await repository.in_trash(session, [*by_hothash.values(), *by_file.values()])
    return ExistsOut(hothashes=by_hothash, file_sha256s=by_file, in_trash=trashed, similar=alike)
