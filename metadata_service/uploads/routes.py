"""`POST /photos/upload`: originals come in."""

from contextlib import AsyncExitStack
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Depends, Query, Request, status

from metadata_service.accounts.errors import (
    CrossSiteRequestError,
    InvalidTokenError,
    NotSignedInError,
    QuotaExceededError,
)
from metadata_service.accounts.viewer import SignedIn
from metadata_service.db.engine import Database
from metadata_service.db.errors import DatabaseBusyError
from metadata_service.db.session import database
from metadata_service.places.errors import PlaceNotFoundError
from metadata_service.storage import StoreAwayError
from metadata_service.storage.access import Blobs
from metadata_service.upload_jobs.errors import UploadSessionNotFoundError
from metadata_service.upload_jobs.wiring import Times, UploadRunner
from metadata_service.uploads import service
from metadata_service.uploads.errors import NoFilesError, NothingAcceptedError, TooManyUploadsError, UploadsOffError
from metadata_service.uploads.forms import FileForm
from metadata_service.uploads.receiving import MAX_FILES, receive_all
from metadata_service.uploads.schemas import Accepted, FileRefused, JobBegun
from metadata_service.uploads.service import Begun, UploadWishes
from metadata_service.uploads.wiring import AppSettings, UploadsAreOn
from metadata_service.visibility import VisibilityName
from service_kit.errors import MalformedRequestError, RequestTimeoutError, RequestTooLargeError, StorageFullError
from service_kit.problems import answers
from shared_schemas.photoegg import MAX_INT64

router = APIRouter(prefix="/photos", tags=["uploads"])

_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "minItems": 1,
                            "maxItems": MAX_FILES,
                        }
                    },
                }
            }
        },
    }
}
REFUSALS = (
    QuotaExceededError,
    NotSignedInError,
    InvalidTokenError,
    CrossSiteRequestError,
    UploadsOffError,
    MalformedRequestError,
    RequestTooLargeError,
    NoFilesError,
    NothingAcceptedError,
    TooManyUploadsError,
    RequestTimeoutError,
    UploadSessionNotFoundError,
    PlaceNotFoundError,
    StoreAwayError,
    StorageFullError,
    DatabaseBusyError,
)


async def upload_wishes(
    upload_session_id: Annotated[UUID | None, Query(description="Add to this session; else a new one begins.")] = None,
    visibility: VisibilityName = "private",
    place_id: Annotated[int | None, Query(ge=1, le=MAX_INT64, description="All of them were taken here.")] = None,
) -> UploadWishes:
    return UploadWishes(upload_session_id, visibility, place_id)


@router.post(
    "/upload",
    status_code=status.HTTP_202_ACCEPTED,
    summary="Keep 1 to 100 originals, and make photos of them in the background",
    responses=answers(*REFUSALS),
    dependencies=[UploadsAreOn],
    openapi_extra=_FORM,
)
async def upload(
    request: Request,
    owner_id: SignedIn,
    wishes: Annotated[UploadWishes, Depends(upload_wishes)],
    blobs: Blobs,
    *,
    database: Annotated[Database, Depends(database)],
    settings: AppSettings,
    times: Times,
    runner: UploadRunner,
    after_commit: BackgroundTasks,
) -> Accepted:
    async with database.reading() as session:
        await service.check_wishes(session, owner_id, wishes)
    form = FileForm(request)
    async with AsyncExitStack() as undo:
        received, refused = await receive_all(blobs, form, settings.upload_max_file_mb * 2**20, undo)
        # No connection is held while files come; from here on it is one transaction.
        async with database.writing() as session:
            begun = await service.begin(session, owner_id, received, wishes)
        undo.pop_all()
    async with database.reading() as session:
        await times.refresh(session)
    after_commit.add_task(runner.wake)
    return accepted(begun, refused, times.of_all({None: len(received)}, settings.upload_jobs_at_once))


def accepted(begun: Begun, refused: list[FileRefused], seconds: float | None) -> Accepted:
    """Tell the client what was accepted, and where to ask how far it is."""
    pairs = zip(begun.uploads, begun.job_ids, strict=True)
    return Accepted(
        upload_session_id=begun.session_id,
        jobs=[JobBegun(job_id=job_id, image_id=upload.id, filename=upload.filename) for upload, job_id in pairs],
        refused=refused,
        total_files=len(begun.uploads) + len(refused),
        estimated_completion_time_minutes=None if seconds is None else round(seconds / 60, 2),
        poll_url=f"/api/v1/photos/jobs/status?upload_session_id={begun.session_id}",
    )
